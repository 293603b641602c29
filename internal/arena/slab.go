package arena

import (
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A slab holds all values of one type with pointers. Its blocks are real
// slices of that type, so the collector scans them by their exact layout.
//
// Everything from the cursor up is zero, in every block. Offsets are in bytes.
type slab struct {
	base  unsafe.Pointer // the current block's memory
	at    int            // the cursor in it
	end   int            // its size
	size  int            // of a T
	older int            // bytes used in earlier blocks
	cur   int            // index of the current block
	typ   any            // a nil *T

	blocks []block
	peak   int // most bytes used at once since the last reset
}

// A block is one slice of a slab.
type block struct {
	slice  reflect.Value // an addressable []T
	header *header       // the same slice's header
	base   unsafe.Pointer
	end    int // its size
	at     int // bytes used, while it is an earlier block
}

type header struct {
	data unsafe.Pointer
	len  int
	cap  int
}

// newBlock makes a block of n elements, with a spare one behind them where a
// run's window may end: a pointer just past an object is a pointer
// to another one, or to none, which the collector would not forgive.
func newBlock(typ any, n int) block {
	t := reflect.SliceOf(typeinfo.Reflect(typ))
	p := reflect.New(t)
	made := n
	if typeinfo.Size(typ) <= maxElement {
		made++
	}
	p.Elem().Set(reflect.MakeSlice(t, made, made))
	h := (*header)(p.UnsafePointer())
	return block{slice: p.Elem(), header: h, base: h.data, end: n * typeinfo.Size(typ)}
}

// clear zeroes the bytes from..to, whole elements of the given size. The
// slice's header is pointed at them for the time of the call, because reflect
// would allocate a header of its own for a part of a slice; the typed clear is
// reflect's, so the collector learns of every pointer that goes.
func (b *block) clear(from, to, size int) {
	if from >= to {
		return
	}
	h := b.header
	h.data, h.len, h.cap = unsafe.Add(b.base, from), (to-from)/size, (to-from)/size
	b.slice.Clear()
	h.data, h.len, h.cap = b.base, b.end/size, b.end/size
}

// typed carves n values of the slab's type, zeroed.
func (a *Arena) typed(s *slab, n int) unsafe.Pointer {
	bytes := n * s.size
	r := Request{Type: s.typ, Count: n, Size: bytes}
	if p, carve := a.admit(r); !carve {
		return p
	}
	if k := a.keeper(); k != nil {
		return a.made(k, r, 8)
	}
	if s.at == 0 && s.older == 0 {
		a.touched = append(a.touched, s)
		s.wake()
	}
	if bytes > s.end-s.at {
		a.nextBlock(s, n)
	}
	p := unsafe.Add(s.base, s.at)
	s.at += bytes
	a.slabBytes += bytes
	a.count++
	a.trim()
	return p
}

// trim shortens the open window where slabs have used up what it holds of the
// limit.
func (a *Arena) trim() {
	if a.limit == maxInt || a.free >= 0 {
		return
	}
	if over := a.used() - a.free - a.limit; over > 0 {
		over = min(round(over), -a.free)
		a.pos -= over
		a.free += over
		a.end = unsafe.Add(a.end, -over)
	}
}

// slab finds or makes the slab of r's type.
func (a *Arena) slab(r *run) *slab {
	if r.slab == nil {
		r.slab = &slab{typ: r.typ, size: r.size}
	}
	return r.slab
}

// slabOf finds or makes the slab for the type that t is a nil pointer to.
func (a *Arena) slabOf(t any) *slab { return a.slab(a.run(typeinfo.KeyOf(t))) }

// nextBlock makes a block with at least n free elements current.
func (a *Arena) nextBlock(s *slab, n int) {
	if s.base != nil {
		s.blocks[s.cur].at = s.at
		s.older += s.at
		s.cur++
	}
	for s.cur < len(s.blocks) && s.blocks[s.cur].end < n*s.size {
		s.blocks[s.cur].at = 0
		s.cur++
	}
	if s.cur == len(s.blocks) {
		grown := max(8, 4096/s.size)
		if k := len(s.blocks); k > 0 {
			grown = 2 * s.blocks[k-1].end / s.size
		}
		a.addBlock(s, max(grown, n))
	}
	s.enter(s.cur, 0)
}

func (a *Arena) addBlock(s *slab, n int) {
	s.blocks = append(s.blocks, newBlock(s.typ, n))
	a.slabTotal += n * s.size
	a.grown++
	a.publishPlaces()
}

func (s *slab) enter(i, at int) {
	b := &s.blocks[i]
	s.cur, s.base, s.end, s.at = i, b.base, b.end, at
}

// rewind gives back everything behind the offset at of block cur, zeroed.
func (s *slab) rewind(cur, at, older int) {
	if s.base == nil {
		return
	}
	s.peak = max(s.peak, s.older+s.at)
	s.blocks[s.cur].at = s.at
	for i := cur + 1; i <= s.cur; i++ {
		b := &s.blocks[i]
		b.clear(0, b.at, s.size)
		b.at = 0
	}
	b := &s.blocks[cur]
	b.clear(at, b.at, s.size)
	s.enter(cur, at)
	s.older = older
	if at == 0 && older == 0 {
		s.end = 0 // rests: see wake
	}
}

// left is the number of bytes left in the block that the next come from.
func (s *slab) left() int {
	if s.at == 0 && s.older == 0 && len(s.blocks) > 0 {
		return s.blocks[0].end
	}
	return s.end - s.at
}

// wake makes the first block current again. A slab that nothing was taken from
// has end = 0, so that the next allocation comes to typed, which lists the slab
// among those to reset.
func (s *slab) wake() {
	if len(s.blocks) > 0 {
		s.enter(0, 0)
	}
}
