// Package extent keeps the books of memory whose pieces are named rather than
// pointed to: which extents of which blocks are taken, who names them, what may be
// moved where. It never sees the memory itself: a caller that owns the blocks moves
// what it is told to move.
//
// A block is a number of elements. It is divided into extents without gaps, free
// ones and taken ones, linked in the order of their addresses, and no two free ones
// are neighbours. Free extents are found by two-level segregated fit (M. Masmano, I.
// Ripoll, A. Crespo, J. Real: TLSF, a new dynamic memory allocator for real-time
// systems, 2004): lists by size, and a bitmap of those that are not empty, so that
// taking and freeing cost the same however many extents there are. Blocks are asked
// in order, so that the last ones run empty first.
package extent

import (
	"math"
	"math/bits"
)

// A Ref names a taken extent: its record, and how often the record was taken
// before. The zero Ref names nothing. It stays the same wherever the extent moves.
type Ref struct {
	Index, Generation uint32
}

// MaxBlock and MaxBlocks are the most elements of a block, and the most blocks.
const (
	MaxBlock  = math.MaxUint32 & math.MaxInt
	MaxBlocks = math.MaxUint16
)

// A Space is the books of one set of blocks. The zero Space has no block. It is not
// for concurrent use.
type Space struct {
	records []record // [0] is nobody
	unused  uint32   // records that name nothing, linked by next
	blocks  []block
	size    int // elements of the taken extents
	total   int // elements of all blocks
	pinned  int // extents with pins
}

// A record is one extent. It is taken over and over, with a new generation each time.
type record struct {
	generation uint32
	at, size   uint32 // elements
	prev, next uint32 // neighbours in the block, 0 at its ends
	// Of a free extent, the neighbours in its list; of a taken one, its length and
	// its pins.
	a, b  uint32
	block uint16
	state state
}

type state uint8

const (
	unused state = iota
	free
	taken
	dying // released, and held by pins
)

// A Place is where an extent is: elements At to At+Len of a block.
type Place struct {
	Block, At, Len int
}

// AddBlock adds a block of n free elements, 1 to MaxBlock, and returns its number:
// the lowest that is not in use.
func (s *Space) AddBlock(n int) int {
	if len(s.records) == 0 {
		s.records = make([]record, 1, 64)
		s.records[0].generation = 1 // not that of the zero Ref
	}
	at := 0
	for at < len(s.blocks) && s.blocks[at].size > 0 {
		at++
	}
	if at == len(s.blocks) {
		s.blocks = append(s.blocks, block{})
	}
	r := s.newRecord()
	s.records[r] = record{generation: s.records[r].generation, size: uint32(n), block: uint16(at)}
	s.blocks[at] = block{size: uint32(n), first: r, last: r}
	s.total += n
	s.insert(r)
	return at
}

// FullOfBlocks reports whether AddBlock can be called no more.
func (s *Space) FullOfBlocks() bool {
	if len(s.blocks) < MaxBlocks {
		return false
	}
	for i := range s.blocks {
		if s.blocks[i].size == 0 {
			return false
		}
	}
	return true
}

// DropBlock takes away an empty block.
func (s *Space) DropBlock(i int) {
	b := &s.blocks[i]
	if b.taken != 0 {
		panic("extent: a block that is in use was dropped")
	}
	s.remove(b.first)
	s.retire(b.first)
	s.total -= int(b.size)
	*b = block{}
}

// Take takes n elements, at least 1, for an extent of the given length: at most n,
// and less only for what has no elements but is to have a place. It reports false
// where no free extent is that large.
func (s *Space) Take(n, length int) (Ref, bool) {
	if n > MaxBlock {
		return Ref{}, false
	}
	r := s.findAny(uint32(n))
	if r == 0 {
		return Ref{}, false
	}
	s.carve(r, uint32(n))
	x := &s.records[r]
	x.a, x.b = uint32(length), 0
	return Ref{r, x.generation}, true
}

// carve takes the first n elements of a free extent, and leaves the rest free.
func (s *Space) carve(r, n uint32) {
	s.remove(r)
	if s.records[r].size > n {
		s.cut(r, n)
	}
	x := &s.records[r]
	x.state = taken
	s.size += int(n)
	s.blocks[x.block].taken += n
}

// cut shortens an extent that is in no list to n elements, and frees the rest.
func (s *Space) cut(r, n uint32) {
	rest := s.newRecord() // may move the records
	x, y := &s.records[r], &s.records[rest]
	*y = record{generation: y.generation, at: x.at + n, size: x.size - n, prev: r, next: x.next, block: x.block}
	x.size = n
	x.next = rest
	if y.next != 0 {
		s.records[y.next].prev = rest
	} else {
		s.blocks[y.block].last = rest
	}
	s.insert(s.mergeNext(rest))
}

// Live reports whether a Ref names an extent.
func (s *Space) Live(r Ref) bool {
	return uint(r.Index) < uint(len(s.records)) && s.records[r.Index].generation == r.Generation && s.records[r.Index].state == taken
}

// Find returns where a live extent is. It asks for the generation only: that of a
// record which is not taken was given to nobody yet.
func (s *Space) Find(r Ref) (p Place, ok bool) {
	if uint(r.Index) < uint(len(s.records)) {
		if x := &s.records[r.Index]; x.generation == r.Generation {
			return Place{int(x.block), int(x.at), int(x.a)}, true
		}
	}
	return p, false
}

// Free frees an extent: its Ref names nothing from then on. Where it has pins, its
// elements stay as they are until the last is gone, and now is false.
func (s *Space) Free(r Ref) (p Place, now, ok bool) {
	p, ok = s.Find(r)
	if !ok {
		return p, false, false
	}
	x := &s.records[r.Index]
	p.Len = int(x.size)
	x.generation++
	if x.b > 0 {
		x.state = dying
		return p, false, true
	}
	s.release(r.Index)
	return p, true, true
}

// release frees the elements of an extent whose generation has moved on.
func (s *Space) release(r uint32) {
	x := &s.records[r]
	s.size -= int(x.size)
	b := &s.blocks[x.block]
	b.taken -= x.size
	if b.dense != 0 && s.records[b.dense].at >= x.at {
		b.dense = x.prev
	}
	if x.generation == 0 {
		r = s.replace(r)
	}
	s.insert(s.mergePrev(s.mergeNext(r)))
}

// replace puts a new record in the place of one that was taken as often as its
// generation can count, and is never used again.
func (s *Space) replace(old uint32) uint32 {
	r := s.newRecord()
	x := s.records[old]
	x.generation = s.records[r].generation
	s.records[r] = x
	s.relink(r)
	s.records[old] = record{}
	return r
}

// relink makes an extent's neighbours and its block know it by its number.
func (s *Space) relink(r uint32) {
	x := &s.records[r]
	if x.prev != 0 {
		s.records[x.prev].next = r
	} else {
		s.blocks[x.block].first = r
	}
	if x.next != 0 {
		s.records[x.next].prev = r
	} else {
		s.blocks[x.block].last = r
	}
}

// mergeNext adds the extent behind r to it, if that is free, and mergePrev r to the
// one before. Both return what r has become, which is in no list.
func (s *Space) mergeNext(r uint32) uint32 {
	if n := s.records[r].next; n != 0 && s.records[n].state == free {
		s.remove(n)
		s.absorb(r, n)
	}
	return r
}

func (s *Space) mergePrev(r uint32) uint32 {
	if p := s.records[r].prev; p != 0 && s.records[p].state == free {
		s.remove(p)
		s.absorb(p, r)
		return p
	}
	return r
}

// absorb adds n, the extent behind r, to r.
func (s *Space) absorb(r, n uint32) {
	x, y := &s.records[r], &s.records[n]
	x.size += y.size
	x.next = y.next
	if x.next != 0 {
		s.records[x.next].prev = r
	} else {
		s.blocks[x.block].last = r
	}
	s.retire(n)
}

// newRecord returns a record that is in use nowhere. It may move the records.
func (s *Space) newRecord() uint32 {
	if r := s.unused; r != 0 {
		s.unused = s.records[r].next
		return r
	}
	s.records = append(s.records, record{generation: 1})
	return uint32(len(s.records) - 1)
}

func (s *Space) retire(r uint32) {
	s.records[r] = record{generation: s.records[r].generation, next: s.unused}
	s.unused = r
}

// Pin keeps an extent where it is until as many calls of Unpin.
func (s *Space) Pin(r Ref) (p Place, ok bool) {
	p, ok = s.Find(r)
	if !ok || s.records[r.Index].b == math.MaxUint32 {
		return p, false
	}
	if s.records[r.Index].b++; s.records[r.Index].b == 1 {
		s.pinned++
	}
	return p, true
}

// Unpin undoes one Pin, also of an extent that was freed meanwhile: then, released
// says that its elements are free now. It reports false where there is no pin.
func (s *Space) Unpin(r Ref) (p Place, released, ok bool) {
	if uint(r.Index) >= uint(len(s.records)) {
		return p, false, false
	}
	x := &s.records[r.Index]
	switch {
	case x.state == taken && x.generation == r.Generation && x.b > 0:
	case x.state == dying && x.generation == r.Generation+1:
	default:
		return p, false, false
	}
	p = Place{int(x.block), int(x.at), int(x.size)}
	if x.b--; x.b == 0 {
		s.pinned--
		if x.state == dying {
			s.release(r.Index)
			return p, true, true
		}
	}
	return p, false, true
}

// Pinned reports whether a live extent has pins.
func (s *Space) Pinned(r Ref) bool { return s.Live(r) && s.records[r.Index].b > 0 }

// Next returns the first taken extent whose index is above last, and reports false
// where there is none: from 0 on, this leads through all extents. The order has
// nothing to do with addresses, on purpose: going through records one after the other
// keeps the processor's loads independent, where following the links from neighbour to
// neighbour waits for each (twice as long in a table that had lived). And whatever
// happens to extents meanwhile, none that stays is seen twice or left out.
func (s *Space) Next(last uint32) (Ref, Place, bool) {
	for i := uint(last) + 1; i < uint(len(s.records)); i++ {
		if x := &s.records[i]; x.state == taken {
			return Ref{uint32(i), x.generation}, Place{int(x.block), int(x.at), int(x.a)}, true
		}
	}
	return Ref{}, Place{}, false
}

// Stats are figures of a space. Sizes are in elements.
type Stats struct {
	Blocks  int // in use
	Size    int // of all blocks
	Taken   int // in extents, those included that are released and held by pins
	Pinned  int // extents with pins
	Holes   int // free extents
	Largest int // the largest of them
}

// Stats returns the figures. It looks through the longest of the lists.
func (s *Space) Stats() Stats {
	st := Stats{Size: s.total, Taken: s.size, Pinned: s.pinned}
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.size == 0 {
			continue
		}
		st.Blocks++
		st.Holes += b.holes
		if b.occupied == 0 {
			continue
		}
		v := &b.lists[bits.Len32(b.occupied)-1]
		for r := v.first[bits.Len8(v.occupied)-1]; r != 0; r = s.records[r].b {
			st.Largest = max(st.Largest, int(s.records[r].size))
		}
	}
	return st
}

// Widest returns how many elements in one piece there are between extents with pins, or
// could be if all others were elsewhere. It looks at every extent.
func (s *Space) Widest() (widest int) {
	for i := range s.blocks {
		piece := 0
		for r := s.blocks[i].first; r != 0; r = s.records[r].next {
			x := &s.records[r]
			if x.state != free && x.b > 0 {
				piece = 0
				continue
			}
			piece += int(x.size)
			widest = max(widest, piece)
		}
	}
	return widest
}

// Size returns the elements of all blocks, and Taken those of the taken extents.
func (s *Space) Size() int { return s.total }

// Taken is described at Size.
func (s *Space) Taken() int { return s.size }

// BlockTaken returns how many of a block's elements are taken, and BlockSize how
// many it has, 0 if there is no such block.
func (s *Space) BlockTaken(i int) int { return int(s.blocks[i].taken) }

// BlockSize is described at BlockTaken.
func (s *Space) BlockSize(i int) int { return int(s.blocks[i].size) }

// Blocks returns the number of blocks, dropped ones included that have others
// behind them.
func (s *Space) Blocks() int { return len(s.blocks) }

// Clear frees everything, pinned or not: no Ref names anything any more.
func (s *Space) Clear() {
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.size == 0 {
			continue
		}
		b.dense = 0
		for r := b.first; r != 0; r = s.records[r].next {
			x := &s.records[r]
			if x.state == free {
				continue
			}
			if x.state == taken {
				x.generation++
			}
			s.release(r)
			r = b.first // which is free now, with all that was before
		}
	}
	s.pinned = 0
}
