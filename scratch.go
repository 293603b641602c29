package framealloc

import (
	"fmt"
	"math"
	"strings"
	"sync/atomic"

	"github.com/framealloc/framealloc/diag"
)

// A Scratch is memory that persists across frames until it is reset: for data
// that lives as long as a level, a path-finding job or an editor session. Its
// memory is a [Frame] of its own, so that every function and collection of this
// package works on it:
//
//	nav := alloc.Scratch("nav")
//	path := framealloc.NewVec[Node](nav.Frame(), 64)
//	…
//	nav.Reset()
//
// A Scratch belongs to the goroutine that owns its worker; its Stats may be read
// from any.
type Scratch struct {
	name  string
	frame *Frame
	limit limiter
	freed bool
	leak  Tracked

	released                              *atomic.Uint64 // how often its memory was given back
	resets, bytes, allocs, high, capacity atomic.Int64
}

// Scratch returns the main worker's scratch of the given name. See
// [Worker.Scratch].
func (a *Allocator) Scratch(name string) *Scratch { return a.main.Scratch(name) }

// ResetScratch resets all of the main worker's named scratches.
func (a *Allocator) ResetScratch() { a.main.ResetScratch() }

// Scratch returns the worker's scratch of the given name, made at the first
// call: one registry of names a worker. It panics with FA207 when the worker is
// closed.
func (w *Worker) Scratch(name string) *Scratch {
	w.checkUser()
	for _, s := range w.scratches {
		if s.name == name && !s.freed {
			return s
		}
	}
	s := NewScratch(w, name)
	w.register(s)
	return s
}

// Scratches returns the worker's named scratches, in the order they were made.
func (w *Worker) Scratches() []*Scratch { return append([]*Scratch(nil), w.scratches...) }

// ResetScratch resets all of the worker's named scratches.
func (w *Worker) ResetScratch() {
	for _, s := range w.scratches {
		s.Reset()
	}
}

// register keeps a named scratch, which lives as long as the worker.
func (w *Worker) register(s *Scratch) {
	s.leak.Release()
	w.scratches = append(w.scratches, s)
}

// NewScratch returns a scratch that no registry knows, for code that keeps its
// own, such as package group. It belongs to src's worker and panics with FA207
// when that is closed.
func NewScratch(src Source, name string) *Scratch {
	w := src.worker()
	if w.closed {
		w.misuse(diag.FA207, fmt.Sprintf("scratch %q asked of worker %q, which is closed", name, w.name),
			"make scratches before Close")
	}
	s := &Scratch{name: strings.Clone(name), limit: limiter{scope: FrameLimit}, released: new(atomic.Uint64)}
	s.frame = newFrame(w)
	s.frame.scratch = s
	s.frame.number = 1
	s.frame.mem.Open()
	s.frame.watch()
	s.frame.sampleFrom()
	if l := &w.alloc.leaks; l.on.Load() {
		s.leak = l.track(w, leakKey{kind: "scratch", name: s.name}, 0, s)
	}
	return s
}

// Name returns the scratch's name.
func (s *Scratch) Name() string { return s.name }

// Frame returns the scratch's memory. What is allocated from it lives until the
// scratch is reset or freed. Its Number counts resets.
func (s *Scratch) Frame() *Frame { return s.frame }

// SetLimit bounds what the scratch holds at once, in bytes; 0 means no limit.
// The policy says what happens to the allocation that would exceed it.
func (s *Scratch) SetLimit(n int, p Policy) {
	b := Budget{Hard: n, Policy: p}
	b.check()
	s.limit.Budget = b
	s.frame.relimit()
}

// Reset gives back everything in the scratch. It keeps the memory, merged into
// one piece, for what comes next. Resetting a freed scratch does nothing. Where
// forks of its frame still run, [Config.Forks] says what happens, as at a frame's end.
func (s *Scratch) Reset() {
	if s.freed {
		return
	}
	s.frame.w.checkUser()
	s.frame.awaitForks()
	s.publish()
	s.frame.w.retained.forget(s)
	s.resets.Add(1)
	s.limit.begin()
	s.released.Add(1)
	s.frame.release()
	s.frame.number++
	s.frame.mem.Open()
	s.frame.relimit()
	s.publish()
	s.frame.w.scratchReleased()
}

// Free gives back everything and the memory too. The scratch is closed: allocating
// from it panics with FA001. A named scratch is made anew when it is asked for
// again. Forks that still run are treated as by Reset.
func (s *Scratch) Free() {
	if s.freed {
		return
	}
	s.frame.w.checkUser()
	s.frame.awaitForks()
	s.publish()
	s.freed = true
	s.leak.Release()
	w := s.frame.w
	w.retained.forget(s)
	s.released.Add(1)
	s.frame.close()
	s.publish()
	for i, other := range w.scratches {
		if other == s {
			w.scratches = append(w.scratches[:i:i], w.scratches[i+1:]...)
			break
		}
	}
}

// ScratchStats are a scratch's figures, in bytes.
type ScratchStats struct {
	Name        string
	Used        int // in use
	Allocations int // since the last reset
	HighWater   int // the most in use at once
	Capacity    int // memory held
	Resets      int
}

// Stats returns the scratch's figures as of now. It belongs to the worker's
// goroutine.
func (s *Scratch) Stats() ScratchStats {
	s.publish()
	return s.Published()
}

// Published returns the figures as of the last Reset, Free or Stats. It may be
// called from any goroutine.
func (s *Scratch) Published() ScratchStats {
	return ScratchStats{
		Name: s.name, Used: int(s.bytes.Load()), Allocations: int(s.allocs.Load()),
		HighWater: int(s.high.Load()), Capacity: int(s.capacity.Load()), Resets: int(s.resets.Load()),
	}
}

func (s *Scratch) publish() {
	mem := &s.frame.mem
	s.bytes.Store(int64(mem.Used()))
	s.allocs.Store(int64(mem.Count()))
	s.capacity.Store(int64(mem.Capacity()))
	s.high.Store(min(math.MaxInt64, max(s.high.Load(), int64(mem.Peak()))))
}

// intent says what the frame's memory is for.
func (f *Frame) intent() Intent {
	if f.scratch != nil {
		return IntentScratch
	}
	return IntentFrame
}
