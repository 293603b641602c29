// Package arena is the memory behind a frame: bump allocation from windows of
// zeroed, pointer-free memory, and from typed slabs for everything that holds
// pointers.
//
// # Why this is safe under the collector
//
// Three invariants, each kept by a test:
//
//   - A value with pointers lives only in a slab, which is a real []T made
//     through reflect: the collector sees its exact type. A slab's memory never
//     serves another type, so a stale pointer can at worst see another T.
//   - Pointer-free memory holds only types for which the compiler emits no
//     pointer map. The collector never looks into it, so nothing stale in it can
//     keep an object alive or pass for a pointer.
//   - What is handed out is zero, unless the caller asked for uninitialized
//     pointer-free memory. In particular no slab ever holds a stale pointer that
//     a write barrier could read.
//
// Memory is ordinary garbage-collected memory: a pointer into a chunk or slab
// that the arena has let go keeps it alive. Nothing is ever unmapped here.
//
// # The window
//
// An arena carves only from its window, a run of bytes that is already zero.
// free counts from minus the window's length up to 0, so the fast path is one
// compare and one addition, and addresses ascend. Everything that
// wants a say in an allocation (no frame, a limit, an observer) narrows the
// window and waits in the slow path. A shut window has free = 1, so that not
// even a value of size zero passes.
//
// # How it gets inlined
//
// The inliner's budget is 80 nodes and a call costs 57, so a fast path with a
// call to its slow path does not fit. A call to a parameter costs 17, and once
// inlined, with a constant argument, it is an ordinary call again. Hence
// [Bump] takes the slow path as a parameter, and every caller passes [Slow].
package arena

import (
	"math"
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// An Arena is bump-allocated memory that is given back all at once. It is owned
// by one goroutine at a time. Its zero value is a shut arena with default
// sizes; see [Arena.Init].
type Arena struct {
	// The fast path touches these three and nothing else.
	free  int            // minus the bytes left in the window; shut where there is none
	count int            // allocations made
	end   unsafe.Pointer // the window's end

	// Why the window is shut, if it is. Flags and not the bits of one, so that
	// opening and closing a frame are stores that wait for no load.
	closed   bool // no frame is active
	observed bool // the door wants to see every allocation
	kept     bool // a keeper makes the allocations: see Inspect

	door Door

	// Pointer-free memory.
	chunks []chunk
	cur    int            // index of the current chunk
	base   unsafe.Pointer // the current chunk's memory
	size   int            // its usable bytes
	dirty  int            // bytes of it that may not be zero
	pos    int            // offset of the window's end, or of the cursor while shut
	before int            // bytes used in earlier chunks
	clean  int            // offset up to which everything behind the cursor is zero
	window int            // length of the next window
	expect int            // bytes that the last frame used

	// Typed memory.
	runs      [runCache]slot
	known     map[typeinfo.Key]*run
	touched   []*slab // slabs with something in them
	slabBytes int     // bytes taken from them, windows of runs counted whole
	open      []*run  // those with a window
	lost      int     // bytes that closed runs could not give back

	limit      int  // bytes in use at which the door is asked: the lesser of the next two
	hard       int  // as set by SetLimit
	sample     int  // the sample point, maxInt where there is none; see SampleAfter
	try        bool // the running request prefers refusal to a panic
	rolledBack int  // bytes given back before the end, by rollbacks

	marks     []uint64 // serials of the open marks
	saved     []savedSlab
	serial    uint64
	config    Config
	places    atomic.Pointer[[]place]    // for Owns
	grown     int                        // chunks and slab blocks made since the last reset
	peak      int                        // bytes in use at most, since the last reset
	idle      int                        // resets in a row that used little of the capacity
	idlePeak  int                        // the most that those used
	slabTotal int                        // bytes of slab memory held
	reserved  int                        // bytes of pointer-free memory asked for by Reserve
	inspect   atomic.Pointer[inspection] // nil until debug modes were on
}

// shut is the value of free with which no allocation passes, not even one of
// zero bytes.
const shut = 1

// Config sizes an arena. All sizes are in bytes; zero means the default.
type Config struct {
	Chunk     int // the first chunk; default 64 KiB
	MaxWindow int // the most that is zeroed ahead; default 32 KiB
	Prefault  bool
	// ShrinkAfter is the number of resets in a row that must use less than a
	// quarter of the capacity before it is cut; 0 never cuts.
	ShrinkAfter int
}

const (
	minWindow     = 2 << 10
	defaultWindow = 32 << 10
	defaultChunk  = 64 << 10
	maxInt        = math.MaxInt
	maxChunk      = min(maxInt/2-64, memory)
)

// Why tells a door why it is asked.
type Why uint8

// The reasons to ask a door.
const (
	Closed   Why = iota // no frame is active
	Limit               // the request does not fit under the limit
	Observed            // someone watches every allocation
	Sampled             // it holds the sample point; the answer does not matter
	Length              // Count is no length: the door must panic
)

// A Request is an allocation that the window could not decide alone.
type Request struct {
	Why   Why
	Type  any // a nil *T for the element type T; nil for raw bytes
	Count int // elements
	Size  int // bytes in all, as carved
	Align int // what its address must be a multiple of; 0: 8
	Pad   int // bytes in front of it that its alignment costs
	Try   bool
	Grow  bool           // lengthens the newest allocation
	Heap  unsafe.Pointer // where it was spilled to; only for Sampled
}

// Verdict is a door's answer.
type Verdict uint8

// The verdicts.
const (
	Carve  Verdict = iota // take it from the arena, whatever the limit says
	Spill                 // make it on the heap instead
	Refuse                // return nothing; only for a request with Try set
)

// A Door is asked whenever an allocation needs a decision. It may panic instead
// of answering; the arena is then as it was before the request.
type Door interface {
	Ask(r Request) Verdict
}

// Init gives the arena its sizes and its door, and leaves it closed.
func (a *Arena) Init(c Config, door Door) {
	if c.Chunk <= 0 {
		c.Chunk = defaultChunk
	}
	if c.MaxWindow <= 0 {
		c.MaxWindow = defaultWindow
	}
	a.config, a.door = c, door
	a.limit, a.hard, a.sample = maxInt, maxInt, maxInt
	a.window = min(minWindow, c.MaxWindow)
	a.closed = true
	a.free = shut
	a.known = make(map[typeinfo.Key]*run)
	if c.Prefault {
		a.addChunk(c.Chunk)
	}
}

// Bump allocates a zeroed T. It is written to be inlined whole into the caller:
// see the package comment. slow must be [Slow].
func Bump[T any](a *Arena, slow func(*Arena, typeinfo.Key) unsafe.Pointer) *T {
	var t any = (*T)(nil)
	at := a.free
	if at > -int(unsafe.Sizeof(granules[T]{})) || typeinfo.HasPointers(t) {
		return (*T)(slow(a, typeinfo.KeyOf(t)))
	}
	a.free += int(unsafe.Sizeof(granules[T]{}))
	a.count++
	return (*T)(unsafe.Add(a.end, at))
}

// granules is as large as a T in the arena's granules of 8 bytes.
// As a type's size the rounding is a constant that costs the inliner nothing;
// the atomic is there for its alignment, which is 8 on every platform.
type granules[T any] struct {
	_ [0]atomic.Int64
	_ T
}

// Slow is where an allocation goes that the window could not serve: types with
// pointers, a window used up, a limit, no frame. The type comes as its key: as
// an interface it would be two words, and taken apart through memory.
//
// nosplit spares it the check of the stack, a tenth of its instructions: with a
// simpler hash that took 5 % off New for a type with pointers.
//
//go:noinline
//go:nosplit
func Slow(a *Arena, key typeinfo.Key) unsafe.Pointer {
	// Types with pointers come here each time, so they go first: each has a
	// window of its own, and the table knows where.
	if slot := &a.runs[typeinfo.Hash(key)%runCache]; slot.key == key {
		r := slot.run
		at := r.free
		if next := at + r.size; next <= 0 {
			r.free = next
			return unsafe.Add(r.end, at)
		}
	}
	return slower(a, key)
}

// slower is Slow for all but the next value in a window. It is a function of its
// own so that Slow needs next to no stack.
//
//go:noinline
func slower(a *Arena, key typeinfo.Key) unsafe.Pointer {
	t := typeinfo.FromKey(key)
	if typeinfo.HasPointers(t) {
		return refill(a.run(key))
	}
	return a.raw(Request{Type: t, Count: 1, Size: round(typeinfo.Size(t))}, 1, true)
}

// round rounds a size up to the arena's granule of 8 bytes.
func round(n int) int { return (n + 7) &^ 7 }

// Closed reports whether no frame is active.
func (a *Arena) Closed() bool { return a.closed }

// barred reports whether the window must stay shut.
func (a *Arena) barred() bool { return a.closed || a.observed || a.kept }

// cursor is the offset in the current chunk at which the next bytes come from.
func (a *Arena) cursor() int {
	if a.free > 0 {
		return a.pos
	}
	return a.pos + a.free
}

// Used returns the bytes in use, rounding and padding included.
func (a *Arena) Used() int {
	n := a.used()
	for _, r := range a.open {
		n -= r.unused()
	}
	return n
}

// used is Used with the windows of runs counted whole.
func (a *Arena) used() int { return a.before + a.cursor() + a.slabBytes - a.lost }

// Taken returns all bytes allocated since the last reset, those given back by
// rollbacks included. It never decreases between resets.
func (a *Arena) Taken() int { return a.Used() + a.rolledBack }

// Count returns the number of allocations since the last reset.
func (a *Arena) Count() int {
	n := a.count
	for _, r := range a.open {
		n += r.taken()
	}
	return n
}

// Peak returns the most bytes in use at once since the last reset.
func (a *Arena) Peak() int { return max(a.peak, a.Used()) }

// Grown returns how often the arena had to get memory since the last reset.
func (a *Arena) Grown() int { return a.grown }

// Capacity returns the bytes of memory held, in use or not.
func (a *Arena) Capacity() int {
	n := a.slabTotal
	if a.keeper() != nil {
		n += a.slabBytes
	}
	for i := range a.chunks {
		n += a.chunks[i].size
	}
	return n
}

// Open lets allocations pass: a frame begins. The window stays shut until the
// first one, so that a frame without any costs next to nothing.
func (a *Arena) Open() { a.closed = false }

// Close lets no allocation pass until Open. The memory stays as it is.
func (a *Arena) Close() {
	a.closed = true
	if a.free <= 0 || len(a.open) > 0 {
		a.shutWindow()
	}
}

// Observe makes every allocation ask the door, or no longer.
func (a *Arena) Observe(on bool) {
	a.shutWindow()
	a.observed = on
	a.resume()
}

// SetLimit sets the bytes in use at which the door is asked, to the byte.
func (a *Arena) SetLimit(n int) {
	a.shutWindow()
	a.hard = n
	a.limit = min(n, a.sample)
	a.resume()
}

// shutWindow keeps the cursor and lets nothing pass: neither through the
// window, nor through runs.
func (a *Arena) shutWindow() {
	if a.free <= 0 {
		a.pos += a.free
		a.free = shut
	}
	if len(a.open) > 0 {
		a.closeRuns()
	}
}

// resume replaces a shut window by an empty one, which the next allocation
// refills, if nothing stands against it.
func (a *Arena) resume() {
	if a.free <= 0 || a.barred() {
		return
	}
	if a.base != nil {
		a.free = 0
		a.end = unsafe.Add(a.base, a.pos)
	}
}

// ask asks the door about r and reports whether to carve; if not, p is the
// answer, nil only for a request with Try set.
func (a *Arena) ask(r Request) (p unsafe.Pointer, carve bool) {
	r.Try = a.try
	switch a.door.Ask(r) {
	case Spill:
		return spill(r), false
	case Refuse:
		return nil, false
	}
	return nil, true
}

// admit asks the door where an allocation of r.Size bytes needs a decision.
func (a *Arena) admit(r Request) (p unsafe.Pointer, carve bool) {
	if a.barred() {
		r.Why = Observed
		if a.closed {
			r.Why = Closed
		}
		if p, carve = a.ask(r); !carve {
			return p, false
		}
	}
	if a.limit == maxInt || r.Size+r.Pad <= a.limit-a.used() {
		return nil, true
	}
	a.closeRuns() // their windows hold memory that nobody uses
	if r.Size+r.Pad > a.hard-a.used() {
		r.Why = Limit
		if p, carve = a.ask(r); !carve {
			if p != nil {
				a.reach(r, p)
			}
			return p, false
		}
	}
	a.reach(r, nil)
	return nil, true
}
