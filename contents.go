package framealloc

import (
	"hash/maphash"
)

// contents follows which part of a frame's pointer-free memory each tag took, in
// the frames in which an observer wants to know what it held: see
// [TagFrame.Contents]. It looks at memory that is in one piece, as it is once
// frames no longer grow; where scopes gave some back, it gives up for the frame.
type contents struct {
	on    bool
	pos   int // up to which the memory is in spans
	spans []contentSpan
}

// A contentSpan is memory that was taken under one tag.
type contentSpan struct {
	node     *scopeNode
	from, to int // offsets in the frame's chunk
}

const (
	maxSpans   = 256      // scopes that one frame may take from before it is given up
	maxHashed  = 64 * KiB // of a span that is looked at whole
	hashBlock  = 1 * KiB  // of a larger span: blocks of this size,
	hashBlocks = maxHashed / hashBlock
)

// contentSeed differs from run to run; contents are only ever compared in one.
var contentSeed = maphash.MakeSeed()

// begin is called when a frame begins.
func (c *contents) begin(on bool) {
	c.on, c.pos, c.spans = on, 0, c.spans[:0]
}

// follow is called whenever what was taken is about to be booked to n.
func (c *contents) follow(f *Frame, n *scopeNode) {
	pos, whole := f.mem.InOnePiece()
	switch last := len(c.spans) - 1; {
	case !whole || last >= maxSpans:
		c.begin(false)
	case pos == c.pos:
	case last >= 0 && c.spans[last].node == n:
		c.spans[last].to, c.pos = pos, pos
	default:
		c.spans = append(c.spans, contentSpan{n, c.pos, pos})
		c.pos = pos
	}
}

// end is called when everything is booked, while the memory still holds what the
// frame left in it.
func (c *contents) end(f *Frame) {
	if !c.on {
		return
	}
	for _, s := range c.spans {
		hash, written := sampleOf(f.mem.Bytes(s.from, s.to))
		if last := &s.node.last; written {
			last.hash = last.hash*31 + hash
			last.hashed += s.to - s.from
		}
	}
	c.on = false
}

// sampleOf returns a hash of b, of a part of it where b is large. It is written to
// unless that part is zero: memory that was never written to, or not by the time
// the frame ended, tells nothing.
func sampleOf(b []byte) (hash uint64, written bool) {
	if len(b) <= maxHashed {
		return maphash.Bytes(contentSeed, b), !isZero(b)
	}
	gap := (len(b) - hashBlock) / (hashBlocks - 1)
	for i := range hashBlocks {
		block := b[i*gap:][:hashBlock]
		hash = hash*31 + maphash.Bytes(contentSeed, block)
		written = written || !isZero(block)
	}
	return hash, written
}

func isZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}
