package arena

import (
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Typed hands out values of one type from a window of its own, for loops that
// allocate many. Owned by the arena's goroutine, it outlives resets and rests
// while the arena is closed.
//
// The arena books its windows whole; what is left of one when someone reads the
// books is subtracted (Arena.Used), and given back when the window is closed.
type Typed[T any] struct {
	run
}

// run is the part of a Typed that does not depend on the type.
type run struct {
	free   int            // minus the bytes left in the window; shut where there is none
	end    unsafe.Pointer // the window's end
	typ    any            // a nil *T
	size   int            // of one element
	length int            // of the window in bytes
	next   int            // elements in the next window
	slab   *slab          // where the window comes from, nil for a chunk
	arena  *Arena
	listed bool // in the arena's list of handles with a window
}

// TypedOf returns a's handle for T, the same one each time.
func TypedOf[T any](a *Arena) *Typed[T] {
	key := typeinfo.KeyOf((*T)(nil))
	if h, ok := a.typedBy[key]; ok {
		return h.(*Typed[T])
	}
	h := &Typed[T]{run{free: shut, typ: (*T)(nil), size: int(unsafe.Sizeof(*new(T))), next: firstRun, arena: a}}
	if a.typedBy == nil {
		a.typedBy = make(map[typeinfo.Key]any)
	}
	a.typedBy[key] = h
	return h
}

// New returns a zeroed T. It is written to be inlined.
func (h *Typed[T]) New() *T { return next[T](&h.run, refill) }

// next is New's fast path; refill is a parameter for the inliner's sake, as
// slow is in [Bump].
func next[T any](h *run, refill func(*run) unsafe.Pointer) *T {
	at := h.free
	h.free += int(unsafe.Sizeof(*new(T)))
	if h.free > 0 {
		return (*T)(refill(h))
	}
	return (*T)(unsafe.Add(h.end, at))
}

const (
	firstRun = 16      // elements in a handle's first window
	maxRun   = 8 << 10 // bytes in its largest
)

// refill serves an allocation that found the window used up, and opens the next
// one.
//
//go:noinline
func refill(h *run) unsafe.Pointer {
	a, t := h.arena, h.typ
	h.free -= h.size
	h.close()
	n := min(h.next, maxRun/max(h.size, 1), a.room()/max(h.size, 1)) &^ 7
	if n == 0 || h.size == 0 || h.size > maxRun/8 || a.state != 0 {
		// A window would be no gain, or would hide allocations from the door.
		return Slow(a, typeinfo.KeyOf(t))
	}
	var p unsafe.Pointer
	if typeinfo.HasPointers(t) {
		// No larger than what is left of the block: a window is a guess, and
		// must not be what makes a slab grow.
		h.slab = a.slab(t)
		if left := h.slab.left(); left > 0 {
			n = min(n, left)
		}
		h.length = n * h.size
		p = a.typed(t, n)
	} else {
		h.length = n * h.size
		p = a.carve(Request{Type: t, Count: n, Size: h.length}, 1, true)
		if a.limit != maxInt {
			a.slabLimit = a.slabBytes // what slabs were granted may be in this window
		}
		a.resume() // no window behind it: the next refill would take its place
	}
	h.end = unsafe.Add(p, h.length)
	h.free = h.size - h.length
	if !h.listed {
		h.listed = true
		a.handles = append(a.handles, h)
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

// taken is the number of elements allocated from the window.
func (h *run) taken() int {
	if h.free > 0 {
		return 0
	}
	return (h.length + h.free) / h.size
}

// unused is the number of bytes left in the window.
func (h *run) unused() int { return max(0, -h.free) }

// close books what was taken from the window and gives back the rest: to the
// slab or chunk where it is on top, else off the books until the reset.
func (h *run) close() {
	if h.free > 0 {
		return
	}
	a := h.arena
	taken, left := h.taken(), h.unused()
	a.count += taken
	h.next = max(firstRun, 2*taken) // a window closed early is followed by a small one
	h.free = shut
	switch s := h.slab; {
	case s != nil && unsafe.Add(s.base, s.at) == h.end:
		s.at -= left
		a.slabBytes -= left
	case s == nil && a.base != nil && unsafe.Add(a.base, a.cursor()) == h.end:
		left &^= 7
		if a.free <= 0 {
			a.free -= left
		} else {
			a.pos -= left
		}
	default:
		a.lost += left
	}
}

// closeHandles closes every handle's window.
func (a *Arena) closeHandles() {
	for i, h := range a.handles {
		h.close()
		h.listed = false
		a.handles[i] = nil
	}
	a.handles = a.handles[:0]
}
