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
		last := &s.node.last
		b := f.mem.Bytes(s.from, s.to)
		if len(b) <= maxHashed {
			last.look(b, len(b))
			continue
		}
		gap := (len(b) - hashBlock) / (hashBlocks - 1)
		for i := range hashBlocks {
			last.look(b[i*gap:][:hashBlock], len(b)/hashBlocks)
		}
	}
	c.on = false
}

// look adds b, which stands for so many bytes, to the contents that are known.
// What is zero was never written, or not by the time the frame ended, so it tells
// nothing.
func (s *scopeFigures) look(b []byte, stands int) {
	for _, x := range b {
		if x != 0 {
			s.hash = s.hash*31 + maphash.Bytes(contentSeed, b)
			s.hashed += stands
			return
		}
	}
}
