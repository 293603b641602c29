package framealloc

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/framealloc/framealloc/diag"
)

// A Worker is what one goroutine allocates with: its frames and its pools. Go
// has no thread-locals, so a worker is a value that the goroutine keeps. It is
// owned by one goroutine at a time and may be handed to another between frames;
// [Worker.Stats] and [Worker.Name] may be called from any.
type Worker struct {
	alloc  *Allocator
	name   string
	frame  *Frame // the active one
	number uint64 // of the frame begun last
	slots  []*Frame
	slot   int // of the frame that is active or comes next

	upcoming *Frame // that of the slot
	closed   bool
	owner    uint64 // goroutine that uses the active frame; in debug only
	claims   stack  // where it began to

	// busy is set by whatever makes this frame's end more than a reset;
	// attended while every frame's is.
	busy, attended bool
	limited        bool    // some budget or limit applies
	seen           intents // the observers are told of their allocations in this frame

	pools     poolTable
	deferred  *freeQueue // a fork has its parent's
	trickling bool       // deferred frees are taken back at each allocation

	// The queue's figures as observers know them, from their last Deferred
	// and FrameEnd.
	toldDeferred, endedDeferred DeferredStats

	tags      scopes
	phases    scopes
	budget    limiter
	scratches []*Scratch
	retained  retention

	settings  *settings     // as adopted
	modes     Modes         // likewise
	leased    *atomic.Int64 // bytes of the global budget that its frames and their forks hold
	observers *observers
	telling   bool     // an observer or a budget's callback is running: what it causes is not told
	sampler   *sampler // while there is sampling
	clock     clock
	tracing   context.Context // of the execution trace; nil: none

	catching, caughtBefore bool // guard mode has faults panic; whether they did before

	counting     bool // the active frame's garbage; in ModeGarbage
	heap         heapMeter
	frameGarbage heapFigures   // of the frame that ended last
	traced       *garbageTrace // records the active frame's garbage

	published *published
	enrolment *enrolment
	cleanup   runtime.Cleanup // for a worker that is dropped without Close
}

// Source is anything that knows its worker: an [*Allocator] (its main worker),
// a [*Worker], a [*Frame]. Pools and heap intent take one.
type Source interface {
	worker() *Worker
}

// WorkerOf returns the worker that src stands for.
func WorkerOf(src Source) *Worker { return src.worker() }

func newWorker(a *Allocator, name string) *Worker {
	w := &Worker{alloc: a, name: name, modes: a.Modes(), published: new(published), deferred: newFreeQueue(a, name), leased: new(atomic.Int64), slots: make([]*Frame, a.config.FramesInFlight+1)}
	w.phases.phases = true
	w.pools.watched = w.modes&ModeLeaks != 0 // before the first frame, too
	for i := range w.slots {
		w.slots[i] = newFrame(w)
	}
	w.upcoming = w.slots[0]
	w.arrange()
	return w
}

// Name returns the name given to [Allocator.NewWorker].
func (w *Worker) Name() string { return w.name }

// Allocator returns the allocator that the worker belongs to.
func (w *Worker) Allocator() *Allocator { return w.alloc }

// ActiveFrame returns the frame that was begun and not ended, or nil.
func (w *Worker) ActiveFrame() *Frame { return w.frame }

func (w *Worker) worker() *Worker { return w }

// BeginFrame begins the worker's next frame and returns it. The Frame is the
// worker's: it is good until EndFrame and must not be kept. It panics with FA002
// when a frame is active already, and with FA207 when the worker is closed.
func (w *Worker) BeginFrame() *Frame {
	if w.frame != nil || w.closed {
		w.cannotBegin()
	}
	number, f := w.number+1, w.upcoming
	w.number, f.number = number, number
	w.frame = f
	if s := w.alloc.settings.Load(); s != w.settings {
		w.adopt(s)
	}
	f.mem.Open()
	if w.attended {
		w.attend(f)
	}
	if w.deferred.pending.Load() != 0 {
		w.beginDeferred(f)
	}
	return f
}

// attend is what BeginFrame does beyond beginning, where someone watches or
// something is limited.
func (w *Worker) attend(f *Frame) {
	if w.telling {
		f.mem.Close()
		w.frame = nil
		w.number--
		w.fromHook("a frame of worker %q begun")
	}
	if w.modes&ModeDebug != 0 {
		w.claim()
	}
	if w.modes&inspecting != 0 {
		w.beginInspection()
	}
	if w.limited {
		w.beginBudgets(f)
	}
	if w.observers != nil {
		w.frameBegun(f)
	}
	if w.modes&ModeGarbage != 0 || w.settings.trace != nil {
		w.beginGarbage()
	}
}

// EndFrame ends the active frame and releases its memory, or, with frames in
// flight, that of the frame which now has enough frames behind it. It panics
// with FA002 when no frame is active.
func (w *Worker) EndFrame() {
	f := w.frame
	if f == nil {
		w.cannotEnd()
	}
	if w.busy || w.attended {
		w.wrapUp(f)
	}
	w.frame = nil
	f.mem.Close()
	w.published.frames.Store(w.number)
	if len(w.slots) > 1 || !f.mem.Untouched() || w.pools.active || f.family.used > 0 {
		w.finish(f)
	}
}

// wrapUp ends what was opened in the frame and tells who wants to know.
func (w *Worker) wrapUp(f *Frame) {
	if w.telling {
		w.fromHook("a frame of worker %q ended")
	}
	w.checkUser()
	if w.counting || w.traced != nil {
		w.endGarbage()
	}
	if f.family.used > 0 {
		f.awaitForks()
	}
	w.busy = false
	if w.trickling {
		w.endTrickle(f)
	}
	if w.retained.pending() {
		w.retained.settle(f)
	}
	if w.booksTags() {
		w.tags.leaveTo(w, 0)
		w.tags.book(f)
		if w.observers.wantTags() {
			w.tellTags(f)
		}
		w.tags.publish()
	}
	if w.phases.used() {
		w.phases.leaveTo(w, 0)
		w.phases.book(f)
		w.phases.publish()
	}
	if w.limited {
		w.endBudgets(f)
	}
	if w.observers != nil {
		w.frameEnded(f)
	}
	if w.modes&inspecting != 0 && f.mem.Untouched() { // finish will not come
		w.inspect(frameEnds)
	}
}

// finish is EndFrame for a frame in which something happened.
func (w *Worker) finish(f *Frame) {
	w.published.frameDone(f)
	w.pools.publish(w.published)
	// The slot after f's is that of the oldest frame in flight; without
	// frames in flight it is f's own.
	if w.slot++; w.slot == len(w.slots) {
		w.slot = 0
	}
	oldest := w.slots[w.slot]
	w.upcoming = oldest
	oldest.release()
	set(&w.published.capacity, int64(w.capacity()))
	if w.modes&inspecting != 0 {
		w.inspect(frameEnds)
	}
}

// Frame runs fn in a frame of its own and ends it, also when fn panics or calls
// [runtime.Goexit].
func (w *Worker) Frame(fn func(*Frame)) {
	f := w.BeginFrame()
	defer w.endScope(f)
	fn(f)
}

// endScope ends f unless fn has done so itself, which EndFrame would report as a
// frame ended twice: here it is no harm.
func (w *Worker) endScope(f *Frame) {
	if w.modes&ModeGuard != 0 {
		if p := recover(); p != nil {
			defer panic(w.alloc.explained(p))
		}
	}
	if w.frame == f {
		w.EndFrame()
	}
}

// Close gives the worker's free pool objects, those queued by other goroutines
// included, to the other workers and lets go of its frame memory. What others give
// back to it later is left to the collector. Memory that is still referenced stays valid. A frame that
// is still active is ended, and reported by an error that matches diag.FA002.
// Closing twice does nothing. The main worker is closed with its allocator.
func (w *Worker) Close() error {
	if w.closed {
		return nil
	}
	var err error
	if w.frame != nil {
		err = diag.NewError(diag.Diagnostic{
			Code: diag.FA002, Frame: w.number, Worker: w.name, PC: diag.CallerPC(),
			Message: fmt.Sprintf("worker %q closed while its frame %d is active", w.name, w.number),
			Help:    "end the frame before closing, or use the scope form worker.Frame(func(f *Frame){…})",
		}, nil)
		w.owner = goroutineID() // whoever closes may do that
		w.EndFrame()
	}
	for _, s := range w.scratches {
		s.frame.awaitForks()
	}
	w.deferred.close()
	w.processDeferred(-1)
	w.closed = true
	w.pools.drain()
	w.pools.publish(w.published)
	if w.modes&inspecting != 0 {
		w.inspect(workerCloses)
	}
	for _, f := range w.slots {
		f.close()
	}
	for _, s := range w.scratches {
		s.frame.close()
		s.released.Add(1)
	}
	w.published.capacity.Store(0)
	w.published.closed.Store(true)
	w.cleanup.Stop()
	w.alloc.strike(w.enrolment)
	runtime.KeepAlive(w)
	return err
}

func (w *Worker) capacity() int {
	n := 0
	for _, f := range w.slots {
		n += f.mem.Capacity()
	}
	return n
}

func (w *Worker) cannotBegin() {
	if w.closed {
		w.misuse(diag.FA207, fmt.Sprintf("frame begun on worker %q, which is closed", w.name),
			"do not use a worker after Close; create another with NewWorker")
	}
	w.misuse(diag.FA002, fmt.Sprintf("frame begun on worker %q while its frame %d is still active", w.name, w.number),
		"end each frame before the next begins; for a scope inside a frame use frame.Sub(func(f *Frame){…})")
}

func (w *Worker) cannotEnd() {
	w.misuse(diag.FA002, fmt.Sprintf("frame ended on worker %q, where none is active", w.name),
		"call EndFrame once for each BeginFrame, on the same worker, or use the scope form worker.Frame(func(f *Frame){…})")
}

func (w *Worker) fromHook(what string) {
	w.misuse(diag.FA002, fmt.Sprintf(what+" by one of its own observers or budget callbacks", w.name),
		"have a hook note what it wants, and do it where the frame loop begins and ends frames")
}

// misuse panics with a diagnostic about the program's use of the worker.
func (w *Worker) misuse(code diag.Code, message, help string) {
	panic(diag.NewError(diag.Diagnostic{
		Code: code, Message: message, Help: help,
		Frame: w.number, Worker: w.name, PC: diag.CallerPC(),
	}, nil))
}
