package extent

import "math/bits"

// A block's free extents are in lists by size: exact sizes below 8, and from there
// eight lists for each power of two.
const (
	perLevel = 8
	levels   = 32 - 3 + 1
)

type block struct {
	size        uint32
	taken       uint32 // elements
	first, last uint32 // extents
	dense       uint32 // the extents up to this one are all taken; 0: not even the first is known to be
	holes       int    // free extents
	occupied    uint32 // levels that have lists that are not empty
	lists       [levels]level
}

type level struct {
	occupied uint8
	first    [perLevel]uint32
}

// listOf returns which list an extent of so many elements is in.
func listOf(n uint32) (l, i int) {
	if n < perLevel {
		return 0, int(n)
	}
	l = bits.Len32(n) - 3
	return l, int(n>>(l-1)) & (perLevel - 1)
}

// insert adds an extent to its list.
func (s *Space) insert(r uint32) {
	x := &s.records[r]
	b := &s.blocks[x.block]
	l, i := listOf(x.size)
	v := &b.lists[l]
	x.state = free
	x.a, x.b = 0, v.first[i]
	if x.b != 0 {
		s.records[x.b].a = r
	}
	v.first[i] = r
	v.occupied |= 1 << i
	b.occupied |= 1 << l
	b.holes++
}

// remove takes an extent out of its list.
func (s *Space) remove(r uint32) {
	x := &s.records[r]
	b := &s.blocks[x.block]
	l, i := listOf(x.size)
	v := &b.lists[l]
	if x.b != 0 {
		s.records[x.b].a = x.a
	}
	if x.a != 0 {
		s.records[x.a].b = x.b
	} else if v.first[i] = x.b; x.b == 0 {
		if v.occupied &^= 1 << i; v.occupied == 0 {
			b.occupied &^= 1 << l
		}
	}
	b.holes--
}

// findAny is find in the first block that has one.
func (s *Space) findAny(n uint32) uint32 {
	for i := range s.blocks {
		if r := s.find(&s.blocks[i], n); r != 0 {
			return r
		}
	}
	return 0
}

// find returns a free extent of at least n elements, 0 if a block has none. It takes
// the first of the smallest list whose extents are all large enough; only where
// there is no such list does it look through the one that n itself belongs to.
func (s *Space) find(b *block, n uint32) uint32 {
	if b.size-b.taken < n {
		return 0
	}
	l, i := listOf(n)
	own := b.lists[l].first[i]
	if own != 0 && s.records[own].size >= n {
		return own
	}
	if over := b.lists[l].occupied >> (i + 1); over != 0 {
		return b.lists[l].first[i+1+bits.TrailingZeros8(over)]
	}
	if over := b.occupied >> (l + 1); over != 0 {
		l += 1 + bits.TrailingZeros32(over)
		return b.lists[l].first[bits.TrailingZeros8(b.lists[l].occupied)]
	}
	for own != 0 && s.records[own].size < n {
		own = s.records[own].b
	}
	return own
}
