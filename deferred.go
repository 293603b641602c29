package framealloc

import (
	"fmt"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// DeferredPolicy says what becomes of a pool object that another goroutine gives
// back to a worker whose queue of deferred frees is full.
type DeferredPolicy uint8

// The policies. Whichever it is, the freeing goroutine never touches the pools
// of the worker.
const (
	// GrowWhenFull makes the queue longer.
	GrowWhenFull DeferredPolicy = iota
	// DropOldest leaves the object that waits longest to the collector, and
	// counts it.
	DropOldest
	// FailWhenFull refuses the object with FA204: an error from the Try
	// functions, a panic from the others. It stays the caller's.
	FailWhenFull
	// ProcessImmediately has the freeing goroutine pass all that is queued to
	// the depot that the workers of the allocator share.
	ProcessImmediately
)

// String returns the policy's name.
func (p DeferredPolicy) String() string {
	names := [...]string{"grow", "drop oldest", "fail", "process immediately"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("DeferredPolicy(%d)", uint8(p))
}

// DeferredConfig says how a worker gets back the pool objects that other
// goroutines free: see [Box.FreeFrom] and [PoolPutTo]. In its zero value the
// queue has no bound, and each frame of the worker begins by taking back all
// that is in it.
type DeferredConfig struct {
	// Capacity bounds the objects in the queue; 0 means no bound. FA204 is
	// reported when three quarters of it are in use. Policy says what happens
	// when all is, and needs a Capacity.
	Capacity int
	Policy   DeferredPolicy

	// PerFrame is the most objects that are taken back as a frame begins; 0
	// means all, and a negative number none: then it is up to PerAllocation
	// and [Worker.ProcessDeferred].
	PerFrame int

	// PerAllocation is the number of objects taken back at each allocation
	// from the worker's frame, to spread the work; 0 means none. While objects
	// wait, every allocation takes its slow path. What is queued during a frame
	// waits for the next one.
	PerAllocation int
}

func (c DeferredConfig) check(bad func(field string, v int, want string)) {
	switch {
	case c.Capacity < 0:
		bad("Deferred.Capacity", c.Capacity, "0 (no bound) or more objects")
	case c.Policy > ProcessImmediately:
		bad("Deferred.Policy", int(c.Policy), "GrowWhenFull, DropOldest, FailWhenFull or ProcessImmediately")
	case c.Policy != GrowWhenFull && c.Capacity == 0:
		bad("Deferred.Capacity", 0, "a bound, which the policy \""+c.Policy.String()+"\" needs")
	case c.PerAllocation < 0:
		bad("Deferred.PerAllocation", c.PerAllocation, "0 (none) or more objects")
	}
}

// DeferredStats count the objects that goroutines gave back to other
// goroutines' workers. Queued is always the sum of the others.
type DeferredStats struct {
	Queued    uint64 // given back
	Processed uint64 // taken into a pool or the shared depot
	Dropped   uint64 // left to the collector
	Pending   int    // waiting
}

func (s *DeferredStats) add(o DeferredStats) {
	s.Queued += o.Queued
	s.Processed += o.Processed
	s.Dropped += o.Dropped
	s.Pending += o.Pending
}

// since returns what happened since the figures were those of old.
func (s DeferredStats) since(old DeferredStats) DeferredStats {
	s.Queued -= old.Queued
	s.Processed -= old.Processed
	s.Dropped -= old.Dropped
	return s
}

// PoolPutTo gives x back to the pool of owner's worker from a goroutine that
// does not own it: x is put into the queue of that worker, which takes it in as
// its next frames begin ([DeferredConfig]). from is what the calling goroutine
// has: a worker or frame of its own, or nil. If that is owner's, PoolPutTo is
// [PoolPut]. When owner's worker is closed, x is left to the collector.
//
// A goroutine that has a worker and needs objects of the type itself may rather
// PoolPut x there: it then migrates, which is cheaper.
//
// It panics with FA208 for nil and, in debug mode, for an object that is not
// out; with FA204 when the queue is full and its policy is [FailWhenFull]; and
// with FA207 when from is of owner's worker and that is closed.
func PoolPutTo[T any](owner, from Source, x *T) {
	if err := TryPoolPutTo(owner, from, x); err != nil {
		panic(err)
	}
}

// TryPoolPutTo is PoolPutTo, but returns FA204, and FA208 for what comes from
// another goroutine, instead of a panic. x is the caller's still when it does.
func TryPoolPutTo[T any](owner, from Source, x *T) error {
	w := owner.worker()
	if from != nil && from.worker() == w && x != nil {
		PoolPut(owner, x)
		return nil
	}
	d := w.alloc.depots.of(typeinfo.KeyOf((*T)(nil)), w.alloc, kindOf[T])
	if x == nil {
		return misput(w.name, 0, fmt.Sprintf("nil put into the pool of %v", d.kind), "", "put what Get returned, once")
	}
	alarm, err := w.addDeferred(d, unsafe.Pointer(x))
	if alarm != nil {
		w.alloc.reporter.Report(*alarm)
	}
	if err != nil {
		return err
	}
	return nil
}

// ProcessDeferred takes up to max objects that other goroutines gave back into
// the worker's pools, all that are queued if max is negative, and returns their
// number. Frames do so by themselves unless [DeferredConfig] says otherwise. It
// belongs to the worker's goroutine. On a closed worker, and on that of a fork,
// it does nothing.
func (w *Worker) ProcessDeferred(max int) int {
	if w.closed || w.isFork() {
		return 0
	}
	w.checkUser()
	n := w.processDeferred(max)
	w.tellDeferred()
	return n
}

// beginDeferred is what BeginFrame does when objects are pending.
func (w *Worker) beginDeferred(f *Frame) {
	c := &w.alloc.config.Deferred
	if c.PerFrame == 0 {
		w.processDeferred(-1)
	} else if c.PerFrame > 0 {
		w.processDeferred(c.PerFrame)
	}
	w.tellDeferred()
	if c.PerAllocation > 0 && w.deferred.pending.Load() > 0 {
		w.trickling, w.busy = true, true
		f.watch()
	}
}

// trickle takes back some objects before an allocation from the active frame.
func (w *Worker) trickle(f *Frame) {
	w.processDeferred(w.alloc.config.Deferred.PerAllocation)
	w.tellDeferred()
	if w.deferred.pending.Load() == 0 {
		w.endTrickle(f)
	}
}

func (w *Worker) endTrickle(f *Frame) {
	w.trickling = false
	f.watch()
}

func (w *Worker) processDeferred(max int) int {
	q := w.deferred
	if max < 0 {
		// What is added meanwhile waits: the queue may be fed without end.
		max = int(q.pending.Load())
	}
	var batch [32]queuedFree
	done := 0
	for done < max {
		n, bypassed := q.take(batch[:min(len(batch), max-done)])
		if bypassed {
			q.takeBypassed(func(d *depot, n int) { w.pools.of(w, d).net -= n })
		}
		if n == 0 {
			break
		}
		for _, e := range batch[:n] {
			w.pools.of(w, e.depot).takeBack(e.x)
		}
		done += n
	}
	return done
}

// tellDeferred tells the observers what happened to the queue since it told
// them last.
func (w *Worker) tellDeferred() {
	if w.observers == nil {
		return
	}
	s := w.deferred.stats()
	news := s.since(w.toldDeferred)
	w.toldDeferred = s
	if alarm := w.deferred.takeAlarm(); alarm != nil {
		w.each(func(h *Hooks) {
			if h.Diagnostic != nil {
				h.Diagnostic(*alarm)
			}
		})
	}
	if news.Queued == 0 && news.Processed == 0 && news.Dropped == 0 {
		return
	}
	e := DeferredEvent{
		Worker: w.name, Frame: w.number,
		Queued: int(news.Queued), Processed: int(news.Processed), Dropped: int(news.Dropped), Pending: s.Pending,
	}
	w.each(func(h *Hooks) {
		if h.Deferred != nil {
			h.Deferred(e)
		}
	})
}

// isFork reports whether the worker is that of a fork, which shares its
// parent's queue.
func (w *Worker) isFork() bool { return w.slots[0].forked != nil }
