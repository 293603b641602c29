package arena

import (
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A run hands out values of one type from a window of its own: a stretch of the
// type's slab, or, for a [Typed] of a type without pointers, of the chunk. It
// outlives resets and rests while the arena is closed.
//
// The arena books a run's window whole; what is left of one when someone reads
// the books is subtracted (Arena.Used), and given back when the window is closed.
// So the next value costs one addition and one compare, here as in [Bump].
type run struct {
	free   int            // minus the bytes left in the window; shut where there is none
	end    unsafe.Pointer // the window's end
	size   int            // of one element
	part   uint64         // 1/size, times 1<<32, rounded up
	length int            // of the window in bytes
	next   int            // elements in the next window
	most   int            // elements in the largest; 0: values too large for a window
	slab   *slab          // where the window comes from, nil for a chunk
	arena  *Arena
	typ    any  // a nil *T
	listed bool // in the arena's list of runs with a window
}

const (
	firstRun   = 16       // elements in a run's first window
	maxRun     = 32 << 10 // bytes in its largest
	maxElement = 1 << 10  // bytes in the largest value that has windows
)

// runCache is the number of slots in the direct-mapped table from type to run.
// A miss costs a map lookup.
const runCache = 64

type slot struct {
	key typeinfo.Key
	run *run
}

// run finds or makes the run for the type with the given key. Only types with
// pointers are in the table: there Slow takes what it finds, and values without
// pointers are spaced differently by New and by a [Typed].
func (a *Arena) run(key typeinfo.Key) *run {
	slot := &a.runs[typeinfo.Hash(key)%runCache]
	if slot.key == key {
		return slot.run
	}
	t := typeinfo.FromKey(key)
	r := a.known[key]
	if r == nil {
		r = &run{free: shut, typ: t, size: typeinfo.Size(t), next: firstRun, arena: a}
		if r.size > 0 && r.size <= maxElement {
			r.most = maxRun / r.size
			r.part = 1<<32/uint64(r.size) + 1
		}
		a.known[key] = r
	}
	if typeinfo.HasPointers(t) {
		slot.key, slot.run = key, r
	}
	return r
}

// A Typed is a run in its user's hands, for loops that allocate many values of
// one type.
type Typed[T any] struct{ run }

// TypedOf returns a's handle for T, the same one each time.
func TypedOf[T any](a *Arena) *Typed[T] {
	return (*Typed[T])(unsafe.Pointer(a.run(typeinfo.KeyOf((*T)(nil)))))
}

// New returns a zeroed T. It is written to be inlined.
func (h *Typed[T]) New() *T { return next[T](&h.run, overrun) }

// next is New's fast path; overrun is a parameter for the inliner's sake, as
// slow is in [Bump].
func next[T any](r *run, overrun func(*run) unsafe.Pointer) *T {
	at := r.free
	r.free += int(unsafe.Sizeof(*new(T)))
	if r.free > 0 {
		return (*T)(overrun(r))
	}
	return (*T)(unsafe.Add(r.end, at))
}

// overrun serves an allocation that went beyond the window.
//
//go:noinline
func overrun(r *run) unsafe.Pointer {
	r.free -= r.size
	return refill(r)
}

// refill serves an allocation that found the window used up, and opens the next
// one. A window is a guess, so it is twice what the last one served, and no larger
// than what is left of the slab's block: it must not be what makes a slab grow.
func refill(r *run) unsafe.Pointer {
	a, t := r.arena, r.typ
	r.close()
	pointers := typeinfo.HasPointers(t)
	n := min(r.next, r.most)
	if a.limit != maxInt && n > 0 {
		n = min(n, a.room()/r.size)
	}
	n &^= 7
	if n == 0 || a.barred() {
		// A window would be no gain, or would hide allocations from the door.
		if pointers {
			return a.typed(a.slab(r), 1)
		}
		return a.raw(Request{Type: t, Count: 1, Size: round(r.size)}, 1, true)
	}
	var p unsafe.Pointer
	if pointers {
		s := a.slab(r)
		if left := s.left(); left > 0 && left < n*r.size {
			n = left / r.size
		}
		r.length = n * r.size
		p = a.typed(s, n)
	} else {
		r.length = n * r.size
		p = a.carve(Request{Type: t, Count: n, Size: r.length}, 1, true)
		a.resume() // no window behind it: the next refill would take its place
	}
	r.end = unsafe.Add(p, r.length)
	r.free = r.size - r.length
	if !r.listed {
		r.listed = true
		a.open = append(a.open, r)
	}
	a.count-- // the window itself is no allocation
	return p
}

// room is the number of bytes until the door is asked, 0 beyond that.
func (a *Arena) room() int { return a.until(a.limit) }

// hardRoom is the number of bytes until the limit, sample point or not.
func (a *Arena) hardRoom() int { return a.until(a.hard) }

func (a *Arena) until(limit int) int {
	if limit == maxInt {
		return maxInt
	}
	return max(0, limit-a.used())
}

// taken is the number of elements allocated from the window. It is asked for at
// every tag and every frame's end, and a division costs as much as all the rest;
// multiplying is exact for multiples of size as short as a window.
func (r *run) taken() int {
	if r.free > 0 {
		return 0
	}
	return int(uint64(r.length+r.free) * r.part >> 32)
}

// unused is the number of bytes left in the window.
func (r *run) unused() int { return max(0, -r.free) }

// close books what was taken from the window and gives back the rest: to the
// slab or chunk where it is on top, else off the books until the reset.
func (r *run) close() {
	if r.free > 0 {
		return
	}
	a := r.arena
	taken, left := r.taken(), r.unused()
	a.count += taken
	r.next = max(firstRun, 2*taken) // a window closed early is followed by a small one
	r.free = shut
	switch s := r.slab; {
	case s != nil && unsafe.Add(s.base, s.at) == r.end:
		s.at -= left
		a.slabBytes -= left
	case s == nil && a.base != nil && unsafe.Add(a.base, a.cursor()) == r.end:
		left &^= 7
		if a.free <= 0 {
			a.free -= left
		} else {
			a.pos -= left
		}
	default:
		a.lost += left
	}
	r.end = nil // the slab may go before the run's next window comes
}

// closeRuns closes every run's window.
func (a *Arena) closeRuns() {
	for i, r := range a.open {
		r.close()
		r.listed = false
		a.open[i] = nil
	}
	a.open = a.open[:0]
}
