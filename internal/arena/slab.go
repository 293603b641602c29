package arena

import (
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// slabCache is the number of slots in the direct-mapped table from type to
// slab. A miss costs a map lookup.
const slabCache = 64

type slot struct {
	key  typeinfo.Key
	slab *slab
}

// A slab holds all values of one type with pointers. Its blocks are real
// slices of that type, so the collector scans them by their exact layout.
//
// Everything from n up is zero, in every block.
type slab struct {
	typ   any // a nil *T
	size  int // of a T
	base  unsafe.Pointer
	n     int // elements used in the current block
	cap   int
	cur   int // index of the current block
	older int // elements used in earlier blocks

	blocks []block
	peak   int // most elements used at once since the last reset
	idle   int // resets in a row that used little of it
}

// A block is one slice of a slab.
type block struct {
	slice  reflect.Value // an addressable []T
	header *header       // the same slice's header
	base   unsafe.Pointer
	cap    int
	n      int // elements used, while it is an earlier block
}

type header struct {
	data unsafe.Pointer
	len  int
	cap  int
}

// newBlock makes a block of n elements, with a spare one behind them where a
// handle's window may end (see run): a pointer just past an object is a pointer
// to another one, or to none, which the collector would not forgive.
func newBlock(typ any, n int) block {
	t := reflect.SliceOf(typeinfo.Reflect(typ))
	p := reflect.New(t)
	made := n
	if typeinfo.Size(typ) <= maxRun/8 {
		made++
	}
	p.Elem().Set(reflect.MakeSlice(t, made, made))
	h := (*header)(p.UnsafePointer())
	return block{slice: p.Elem(), header: h, base: h.data, cap: n}
}

// clear zeroes the elements from..to. The slice's header is pointed at them for
// the time of the call, because reflect would allocate a header of its own for a
// part of a slice; the typed clear is reflect's, so the collector learns of every
// pointer that goes.
func (b *block) clear(from, to, size int) {
	if from >= to {
		return
	}
	h := b.header
	h.data, h.len, h.cap = unsafe.Add(b.base, from*size), to-from, to-from
	b.slice.Clear()
	h.data, h.len, h.cap = b.base, b.cap, b.cap
}

// typed carves n values of the type that t is a nil pointer to, zeroed.
func (a *Arena) typed(t any, n int) unsafe.Pointer {
	size := typeinfo.Size(t)
	if p, carve := a.admit(Request{Type: t, Count: n, Size: n * size}); !carve {
		return p
	}
	s := a.slab(t)
	if s.n == 0 && s.older == 0 {
		a.touched = append(a.touched, s)
	}
	if n > s.cap-s.n {
		a.nextBlock(s, n)
	}
	p := unsafe.Add(s.base, s.n*size)
	s.n += n
	a.slabBytes += n * size
	a.count++
	a.narrow()
	return p
}

// narrow takes from the open window what slabs have used up of the limit.
func (a *Arena) narrow() {
	if a.limit == maxInt || a.free >= 0 {
		return
	}
	if over := a.before + a.pos + a.slabBytes - a.limit; over > 0 {
		over = min(round(over), -a.free)
		a.pos -= over
		a.free += over
		a.end = unsafe.Add(a.end, -over)
	}
}

// slab finds or makes the slab for t's type.
func (a *Arena) slab(t any) *slab {
	key := typeinfo.KeyOf(t)
	slot := &a.slabs[typeinfo.Hash(key)%slabCache]
	if slot.key == key {
		return slot.slab
	}
	s := a.known[key]
	if s == nil {
		s = &slab{typ: t, size: typeinfo.Size(t)}
		a.known[key] = s
	}
	slot.key, slot.slab = key, s
	return s
}

// nextBlock makes a block with at least n free elements current.
func (a *Arena) nextBlock(s *slab, n int) {
	if s.base != nil {
		s.blocks[s.cur].n = s.n
		s.older += s.n
		s.cur++
	}
	for s.cur < len(s.blocks) && s.blocks[s.cur].cap < n {
		s.blocks[s.cur].n = 0
		s.cur++
	}
	if s.cur == len(s.blocks) {
		grown := max(8, 4096/s.size)
		if k := len(s.blocks); k > 0 {
			grown = 2 * s.blocks[k-1].cap
		}
		a.addBlock(s, max(grown, n))
	}
	s.enter(s.cur, 0)
}

func (a *Arena) addBlock(s *slab, n int) {
	s.blocks = append(s.blocks, newBlock(s.typ, n))
	a.slabTotal += n * s.size
	a.grown++
}

func (s *slab) enter(i, n int) {
	b := &s.blocks[i]
	s.cur, s.base, s.cap, s.n = i, b.base, b.cap, n
}

// rewind gives back everything behind element n of block cur, zeroed.
func (s *slab) rewind(cur, n, older int) {
	if s.base == nil {
		return
	}
	s.peak = max(s.peak, s.older+s.n)
	s.blocks[s.cur].n = s.n
	for i := cur + 1; i <= s.cur; i++ {
		b := &s.blocks[i]
		b.clear(0, b.n, s.size)
		b.n = 0
	}
	b := &s.blocks[cur]
	b.clear(n, b.n, s.size)
	s.enter(cur, n)
	s.older = older
}
