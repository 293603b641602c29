package framealloc

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// An observer is one Hooks value in use.
type observer struct {
	hooks   Hooks
	intents intents     // it wants to see the allocations of
	every   uint64      // in one frame of so many
	gone    atomic.Bool // panicked: not to be called again
}

// intents is a set of intents: bit 1<<i stands for Intent i.
type intents uint8

func (s intents) has(i Intent) bool { return s&(1<<i) != 0 }

func newObserver(h Hooks) *observer {
	x := &observer{hooks: h, every: uint64(max(1, h.AllocEvery))}
	switch {
	case h.Alloc == nil && h.Free == nil:
	case h.AllocIntents == nil:
		x.intents = 1<<IntentFrame | 1<<IntentScratch | 1<<IntentPool | 1<<IntentHeap
	default:
		for _, i := range h.AllocIntents {
			x.intents |= 1 << i
		}
	}
	return x
}

// sees returns the intents whose allocations it is told of in a frame.
func (x *observer) sees(frame uint64) intents {
	if x.intents == 0 || frame%x.every != 0 {
		return 0
	}
	return x.intents
}

// observers is an immutable set; a worker adopts the allocator's current one
// when a frame begins. nil: nobody observes.
type observers struct {
	list    []*observer
	sampled bool // who sees allocations differs from frame to frame
	tags    bool // someone wants each tag's figures
	// contents: someone wants the tags' contents in one frame of so many; 0:
	// nobody.
	contents uint64
	sampling sampleChoice
}

func newObservers(list []*observer) *observers {
	if len(list) == 0 {
		return nil
	}
	o := &observers{list: list}
	for _, x := range list {
		o.sampled = o.sampled || x.intents != 0 && x.every > 1
		o.sampling.add(x.hooks.Sampling)
		if x.hooks.Tag == nil {
			continue
		}
		o.tags = true
		if n := uint64(max(0, x.hooks.TagContents)); n > 0 && (o.contents == 0 || n < o.contents) {
			o.contents = n
		}
	}
	return o
}

// see returns the intents whose allocations someone is told of in a frame.
func (o *observers) see(frame uint64) (all intents) {
	if o != nil {
		for _, x := range o.list {
			all |= x.sees(frame)
		}
	}
	return all
}

// wantTags reports whether someone wants each tag's figures.
func (o *observers) wantTags() bool { return o != nil && o.tags }

// Observe has h called from each worker's next frame on, until the next frame
// after stop is called. Any number may observe at once, and both calls may be made
// from any goroutine, hooks included. A hook that panics is reported as FA901 and
// its observer removed; the frame goes on. While nobody observes, nothing is
// called and nothing is measured.
func (a *Allocator) Observe(h Hooks) (stop func()) {
	x := newObserver(h)
	a.change(func(s *settings) { s.observers = newObservers(append(s.observers.all(), x)) })
	return func() { a.dismiss(x) }
}

// all returns a copy of the list.
func (o *observers) all() []*observer {
	if o == nil {
		return nil
	}
	return slices.Clone(o.list)
}

// dismiss removes an observer, if it is still there.
func (a *Allocator) dismiss(x *observer) {
	a.change(func(s *settings) {
		s.observers = newObservers(slices.DeleteFunc(s.observers.all(), func(o *observer) bool { return o == x }))
	})
}

// each calls fn for every observer of the worker; one that panics is dismissed.
func (w *Worker) each(fn func(*Hooks)) {
	if w.observers == nil {
		return
	}
	for _, x := range w.observers.list {
		if !x.gone.Load() {
			w.tell(x, fn)
		}
	}
}

func (w *Worker) tell(x *observer, fn func(*Hooks)) {
	if w.telling {
		return
	}
	w.telling = true
	defer w.catch(x)
	fn(&x.hooks)
}

// catch, deferred, removes an observer that panicked.
func (w *Worker) catch(x *observer) {
	w.telling = false
	if p := recover(); p != nil {
		x.gone.Store(true)
		w.alloc.dismiss(x)
		var here stack
		here.take(1)
		w.alloc.reporter.Report(diag.Diagnostic{
			Code: diag.FA901, Worker: w.name, Frame: w.number,
			Message: fmt.Sprintf("an observer panicked and was removed: %v", p),
			Note:    "it panicked at:" + here.String(),
			Help:    "mend the hook; the program itself goes on without it",
		})
	}
}

// report passes a diagnostic to the reporter and to those who observe the
// worker.
func (w *Worker) report(d diag.Diagnostic) {
	if d.PC == 0 {
		d.PC = diag.CallerPC()
	}
	d = d.Complete()
	w.alloc.reporter.Report(d)
	w.each(func(h *Hooks) {
		if h.Diagnostic != nil {
			h.Diagnostic(d)
		}
	})
}

// clock is what a worker measures of the active frame while it is observed.
type clock struct {
	begin   time.Time
	cycles  uint64
	pause   time.Duration
	samples [1]metrics.Sample
	gc      debug.GCStats
}

func (c *clock) collections() uint64 {
	c.samples[0].Name = "/gc/cycles/total:gc-cycles"
	metrics.Read(c.samples[:])
	return c.samples[0].Value.Uint64()
}

// start begins the measurement of a frame.
func (c *clock) start() {
	c.cycles = c.collections()
	if c.gc.PauseQuantiles == nil {
		c.gc.PauseQuantiles = []time.Duration{}
	}
	if c.pause == 0 || uint64(c.gc.NumGC) != c.cycles {
		debug.ReadGCStats(&c.gc)
		c.pause = c.gc.PauseTotal
	}
	c.begin = time.Now()
}

// stop returns the frame's duration and the collections in it.
func (c *clock) stop() (now time.Time, took time.Duration, collections int, pause time.Duration) {
	now = time.Now()
	took = now.Sub(c.begin)
	if n := c.collections(); n != c.cycles {
		collections = int(n - c.cycles)
		debug.ReadGCStats(&c.gc)
		pause = c.gc.PauseTotal - c.pause
		c.pause = c.gc.PauseTotal
	}
	return now, took, collections, pause
}

// frameBegun tells the observers.
func (w *Worker) frameBegun(f *Frame) {
	w.sample(f)
	w.clock.start()
	e := FrameBegin{Frame: f, Worker: w.name, Number: f.number, Time: w.clock.begin}
	w.each(func(h *Hooks) {
		if h.FrameBegin != nil {
			h.FrameBegin(e)
		}
	})
}

// takeTurn lets this frame's allocations be seen by those whose turn it is.
func (w *Worker) takeTurn() {
	if o := w.observers; o != nil && o.sampled {
		if see := o.see(w.number); see != w.seen {
			w.see(see)
		}
	}
}

// sample arranges what is only looked at in some frames.
func (w *Worker) sample(f *Frame) {
	w.takeTurn()
	if !w.observers.tags {
		return
	}
	if !w.tags.told { // what was before is none of this frame's
		w.tags.told = true
		w.tags.book(f)
		w.tags.publish()
	}
	if n := w.observers.contents; n > 0 {
		w.tags.trace.begin(w.number%n == 0)
	}
}

// tellTags tells the observers what the ending frame took under each tag.
func (w *Worker) tellTags(f *Frame) {
	w.tags.trace.end(f)
	for _, n := range w.tags.touched {
		e := n.tagFrame()
		e.By, e.Worker, e.Frame = w, w.name, f.number
		w.each(func(h *Hooks) {
			if h.Tag != nil {
				h.Tag(e)
			}
		})
	}
}

// frameEnded tells the observers.
func (w *Worker) frameEnded(f *Frame) {
	now, took, collections, pause := w.clock.stop()
	e := FrameEnd{
		Frame: f, Worker: w.name, Number: f.number, Time: now, Duration: took,
		Bytes: f.bytes(), Allocations: f.count(), HighWater: f.peak(), Capacity: w.capacity(),
		Collections: collections, Pause: pause,
	}
	if w.modes&ModeGarbage != 0 {
		e.GarbageAllocations, e.GarbageBytes = w.frameGarbage.objects, w.frameGarbage.bytes
	}
	deferred := w.deferred.stats()
	e.Deferred = deferred.since(w.endedDeferred)
	w.endedDeferred = deferred
	grown := f.mem.Grown() + f.forkSums.grown
	w.each(func(h *Hooks) {
		if h.Growth != nil && grown > 0 {
			h.Growth(Growth{Worker: w.name, Frame: f.number, Times: grown, Capacity: e.Capacity})
		}
		if h.FrameEnd != nil {
			h.FrameEnd(e)
		}
	})
}

// scopeEntered tells the observers.
func (w *Worker) scopeEntered(t *scopes, s *scope) {
	e := ScopeEnter{By: w, Worker: w.name, Frame: w.number, Path: s.node.path, Depth: s.node.depth, Time: s.begin}
	w.each(func(h *Hooks) {
		fn := h.TagEnter
		if t.phases {
			fn = h.PhaseBegin
		}
		if fn != nil {
			fn(e)
		}
	})
}

// scopeLeft tells the observers.
func (w *Worker) scopeLeft(t *scopes, s *scope, took time.Duration) {
	e := ScopeLeave{
		By: w, Worker: w.name, Frame: w.number, Path: s.node.path, Depth: s.node.depth,
		Time: s.begin.Add(took), Duration: took, Bytes: t.taken - s.taken, Allocations: t.count - s.count,
	}
	w.each(func(h *Hooks) {
		fn := h.TagLeave
		if t.phases {
			fn = h.PhaseEnd
		}
		if fn != nil {
			fn(e)
		}
	})
}

// allocated tells the observers of one allocation. typ is a nil pointer to the
// element type, nil for raw bytes; object is a pool's.
func (w *Worker) allocated(intent Intent, typ any, count, size int, object unsafe.Pointer) {
	if !w.seen.has(intent) {
		return
	}
	e := Alloc{
		Worker: w.name, Frame: w.number, Intent: intent, Count: count, Bytes: size,
		Tag: w.tags.path(), PC: diag.CallerPC(), Object: uintptr(object),
	}
	if typ != nil {
		e.Type = typeinfo.Reflect(typ).String()
	}
	for _, x := range w.observers.list {
		if x.hooks.Alloc != nil && x.sees(w.number).has(intent) && !x.gone.Load() {
			w.tell(x, func(h *Hooks) { h.Alloc(e) })
		}
	}
}

// freed tells the observers of one object put back.
func (w *Worker) freed(k *poolKind, object unsafe.Pointer) {
	if id := w.alloc.samples.put(object); id != 0 {
		w.unsampled(id)
	}
	w.alloc.leaks.put(object)
	if k.internal || !w.seen.has(IntentPool) {
		return
	}
	e := Free{
		Worker: w.name, Frame: w.number, Type: typeinfo.Reflect(k.typ).String(), Bytes: k.size,
		Tag: w.tags.path(), PC: diag.CallerPC(), Object: uintptr(object),
	}
	for _, x := range w.observers.list {
		if x.hooks.Free != nil && x.sees(w.number).has(IntentPool) && !x.gone.Load() {
			w.tell(x, func(h *Hooks) { h.Free(e) })
		}
	}
}

// Transferred tells the observers of a step in a transfer's life. It is how
// package framesync reports them, and may be called from any goroutine.
func (a *Allocator) Transferred(e TransferEvent) {
	for _, x := range a.settings.Load().observers.all() {
		if x.hooks.Transfer != nil && !x.gone.Load() {
			// The sender's worker may be busy elsewhere: a stand-in tells.
			(&Worker{alloc: a, name: e.Worker, number: e.Frame}).tell(x, func(h *Hooks) { h.Transfer(e) })
		}
	}
}
