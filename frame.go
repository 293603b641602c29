package framealloc

import (
	"github.com/framealloc/framealloc/internal/arena"
)

// A Frame is memory that is released all at once. What [New], [Slice] and the
// collections take from it stays valid until the frame ends (and, with
// [Config.FramesInFlight], that many frames longer), or until the scope inside it
// that they were taken in gives its memory back.
//
// A Frame belongs to the goroutine that owns its worker. It must not be kept
// beyond its end: allocating from it then panics with FA001, or lands in the
// worker's next frame.
type Frame struct {
	mem    arena.Arena
	w      *Worker
	number uint64

	epoch uint64 // counts releases: a FrameBox from before is dead
	boxes uint64 // FrameBoxes made since the last release
	dead  []span // those among them that a rollback took

	scratch *Scratch  // what the frame is the memory of, if it is no worker's frame
	max     limiter   // Config.MaxFrameBytes
	lessors [2]lessor // shared budgets that it draws on

	family   family   // its forks
	forkSums forkSums // of those that joined
	forked   *forked  // what it is a fork of, or nil

	sampled []liveSample // those of a random sample that are still in use

	err error // why the last Try was refused
}

func newFrame(w *Worker) *Frame {
	f := &Frame{w: w}
	c := &w.alloc.config
	f.mem.Init(c.arena(), (*door)(f))
	f.max = limiter{Budget: Budget{Hard: c.MaxFrameBytes, Policy: c.Exhaustion}, scope: FrameLimit}
	if w.modes != 0 {
		f.watch()
	}
	return f
}

// Number returns the frame's number: 1 for the worker's first.
func (f *Frame) Number() uint64 { return f.number }

// Worker returns the worker that the frame belongs to.
func (f *Frame) Worker() *Worker { return f.w }

func (f *Frame) worker() *Worker { return f.w }

// Active reports whether the frame has begun and not ended.
func (f *Frame) Active() bool { return !f.mem.Closed() }

// Used returns the bytes in use, each allocation rounded up to 8.
func (f *Frame) Used() int { return f.mem.Used() }

// Allocations returns the number of allocations made in the frame, those that
// scopes and rollbacks have given back included.
func (f *Frame) Allocations() int { return f.mem.Count() }

// Sub runs fn in a scope inside the frame and gives back what it took, also
// when fn panics. Everything allocated before stays; everything that fn
// allocated is gone when Sub returns. Scopes nest.
func (f *Frame) Sub(fn func(*Frame)) {
	f.mustBeActive("a scope begun in")
	m := f.mem.Mark()
	boxes := f.boxes
	defer f.endSub(m, boxes)
	fn(f)
}

func (f *Frame) endSub(m arena.Mark, boxes uint64) {
	if f.mem.Valid(m) {
		f.rewind(m)
		f.mem.Commit(m)
		f.bury(boxes)
		if len(f.sampled) > 0 {
			f.unsample(m.Serial())
		}
	}
}

// bury declares the FrameBoxes made since there were n of them dead.
func (f *Frame) bury(n uint64) {
	if n >= f.boxes {
		return
	}
	for k := len(f.dead); k > 0 && f.dead[k-1].to >= n; k-- {
		n = min(n, f.dead[k-1].from)
		f.dead = f.dead[:k-1]
	}
	f.dead = append(f.dead, span{n, f.boxes})
}

// close lets go of the frame's memory, for good.
func (f *Frame) close() {
	f.epoch++
	f.returnLeases()
	if f.family.used > 0 {
		f.releaseForks()
	}
	f.unsample(0)
	if f.scratch != nil && f.w.modes&inspecting != 0 {
		f.mem.Reset()
	}
	f.mem.Release()
}

// release gives back the frame's memory: nothing in it is valid from here on.
func (f *Frame) release() {
	f.epoch++
	f.boxes = 0
	f.returnLeases()
	if f.family.used > 0 {
		f.releaseForks()
	}
	f.dead = f.dead[:0]
	if len(f.sampled) > 0 {
		f.unsample(0)
	}
	kept := f.mem.Kept()
	f.mem.Reset()
	if kept && f.w.modes&inspecting == 0 { // it was in flight when the modes went off
		f.w.alloc.quarantine.Forget((*witness)(f).Key())
	}
}
