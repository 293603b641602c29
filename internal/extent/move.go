package extent

import "math"

// A Move is what the caller has to copy: Len elements, which may overlap. What is
// left of From is free, as far as To does not cover it.
type Move struct {
	From, To Place
}

// Resize changes an extent to n elements, at least 1, of the given length: where
// it is, if there is room, or else by a move that the caller makes through move:
// what was there goes to the beginning of the new place. It reports false where
// there is no room; or the extent has pins, and would have to move.
func (s *Space) Resize(r Ref, n, length int, move func(Move)) bool {
	if !s.Live(r) || n > MaxBlock {
		return false
	}
	x := &s.records[r.Index]
	old := x.size
	switch {
	case uint32(n) < old:
		s.shrink(r.Index, uint32(n))
	case uint32(n) > old && !s.grow(r.Index, uint32(n)):
		if x.b > 0 {
			return false
		}
		to := s.findAny(uint32(n))
		if to == 0 {
			return false
		}
		count := int(x.a)
		s.carve(to, uint32(n))
		x, y := &s.records[r.Index], &s.records[to]
		move(Move{Place{int(x.block), int(x.at), count}, Place{int(y.block), int(y.at), count}})
		s.swap(r.Index, to)
		s.release(to)
	}
	s.records[r.Index].a = uint32(length)
	return true
}

// shrink frees what is beyond the first n elements of a taken extent.
func (s *Space) shrink(r, n uint32) {
	x := &s.records[r]
	less := x.size - n
	s.size -= int(less)
	b := &s.blocks[x.block]
	b.taken -= less
	if b.dense != 0 && s.records[b.dense].at > x.at {
		b.dense = r
	}
	s.cut(r, n)
}

// grow takes what is missing to n elements from the extent behind.
func (s *Space) grow(r, n uint32) bool {
	x := &s.records[r]
	next := x.next
	if next == 0 || s.records[next].state != free || s.records[next].size < n-x.size {
		return false
	}
	more := n - x.size
	s.carve(next, more)
	s.absorb(r, next)
	return true
}

// swap exchanges the places of two extents of any blocks, which keep their names
// and what is known of them.
func (s *Space) swap(a, b uint32) {
	if s.records[b].next == a {
		a, b = b, a
	}
	x, y := &s.records[a], &s.records[b]
	x.at, y.at = y.at, x.at
	x.size, y.size = y.size, x.size
	x.block, y.block = y.block, x.block
	if x.next == b { // p a b n becomes p b a n
		x.prev, x.next, y.prev, y.next = b, y.next, x.prev, a
	} else {
		x.prev, x.next, y.prev, y.next = y.prev, y.next, x.prev, x.next
	}
	for _, r := range [2]uint32{a, b} {
		bl := &s.blocks[s.records[r].block]
		if bl.dense == a || bl.dense == b {
			bl.dense = 0
		}
		s.relink(r)
	}
}

// Compact moves extents without pins towards the beginning: within their blocks
// over what is free before them, and from the end into holes that pins keep. It stops
// before it would have moved more than max elements, but moves one extent at least
// if anything is to be moved; max below 1 means everything. It calls move for each,
// in order, and returns the number of elements moved.
func (s *Space) Compact(max int, move func(Move)) (moved int) {
	if max < 1 {
		max = math.MaxInt
	}
	for i := range s.blocks {
		n, full := s.slide(&s.blocks[i], max-moved, moved == 0, move)
		if moved += n; full {
			return moved
		}
	}
	for i := len(s.blocks) - 1; i >= 0; i-- {
		n, full := s.fill(i, max-moved, moved == 0, move)
		if moved += n; full {
			return moved
		}
	}
	return moved
}

// slide closes a block's gaps.
func (s *Space) slide(b *block, max int, must bool, move func(Move)) (moved int, full bool) {
	r := b.first
	if b.dense != 0 {
		r = s.records[b.dense].next
	}
	gaps := false
	for ; r != 0; r = s.records[r].next {
		x := &s.records[r]
		if x.state != free {
			if !gaps {
				b.dense = r
			}
			continue
		}
		next := x.next
		if next == 0 {
			break
		}
		y := &s.records[next]
		if y.b > 0 { // pinned: the gap stays
			gaps = true
			continue
		}
		if moved+int(y.size) > max && (moved > 0 || !must) {
			return moved, true
		}
		moved += int(y.size)
		move(Move{Place{int(y.block), int(y.at), int(y.size)}, Place{int(x.block), int(x.at), int(y.size)}})
		s.exchange(r, next)
		if r = next; !gaps {
			b.dense = r
		}
	}
	return moved, false
}

// exchange puts y, the taken extent behind the free one x, before it.
func (s *Space) exchange(x, y uint32) {
	s.remove(x)
	s.swap(x, y)
	f, t := &s.records[x], &s.records[y]
	f.size, t.size = t.size, f.size // which belong to what they are
	f.at = t.at + t.size
	s.insert(s.mergeNext(x))
}

// fill moves a block's extents, from its end on, into free ones before them.
func (s *Space) fill(i, max int, must bool, move func(Move)) (moved int, full bool) {
	for r := s.blocks[i].last; r != 0; {
		x := &s.records[r]
		prev := x.prev
		if x.state != taken || x.b > 0 {
			r = prev
			continue
		}
		to := s.before(i, r)
		if to == 0 {
			r = prev
			continue
		}
		if moved+int(x.size) > max && (moved > 0 || !must) {
			return moved, true
		}
		moved += int(x.size)
		s.carve(to, x.size)
		x = &s.records[r]
		y := &s.records[to]
		move(Move{Place{int(x.block), int(x.at), int(x.size)}, Place{int(y.block), int(y.at), int(y.size)}})
		s.swap(r, to)
		// What is freed may merge with the extent before, which is where to go on.
		s.release(to)
		if prev != 0 && s.records[prev].state == unused {
			prev = s.blocks[i].last
		}
		r = prev
	}
	return moved, false
}

// before finds room for an extent of block i at a lower address.
func (s *Space) before(i int, r uint32) uint32 {
	n := s.records[r].size
	for j := range s.blocks[:i] {
		if to := s.find(&s.blocks[j], n); to != 0 {
			return to
		}
	}
	if to := s.find(&s.blocks[i], n); to != 0 && s.records[to].at < s.records[r].at {
		return to
	}
	return 0
}
