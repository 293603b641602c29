package framealloc

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// An Allocator owns workers and what they share: configuration, the depots
// behind their pools, the books. It has a main worker, on which its own
// BeginFrame, EndFrame and Frame work.
//
// NewWorker, Stats, Worker, Workers and Close may be called from any goroutine; what
// works on the main worker belongs to the goroutine that owns that worker.
type Allocator struct {
	config   Config
	reporter *diag.Reporter
	main     *Worker
	settings settingsPointer

	quarantine *guard.Quarantine // what frames gave back in debug modes

	mu       sync.Mutex
	enrolled []*enrolment
	retired  Stats // sums of the workers that were closed
	closed   bool
	depots   depots
	samples  sampleIDs

	budgeted    atomic.Pointer[string] // the first worker that was given a budget
	droppedLate atomic.Uint64          // objects given back to workers after their end

	garbage garbageCount // in ModeGarbage
	leaks   leakTable    // in ModeLeaks
}

// NewAllocator returns an allocator. The zero Config works. It panics for a
// configuration that means nothing, such as a negative size.
func NewAllocator(c Config) *Allocator {
	c.check()
	a := &Allocator{config: c, reporter: c.Reporter, quarantine: guard.NewQuarantine(c.guardFrames())}
	if a.reporter == nil {
		a.reporter = diag.Default()
	}
	modes := a.initialModes()
	a.leaks.switchTo(modes&ModeLeaks != 0)
	a.settings.Store(&settings{modes: modes})
	a.main = newWorker(a, "main")
	a.enrol(a.main, false)
	return a
}

// Main returns the allocator's own worker.
func (a *Allocator) Main() *Worker { return a.main }

// Config returns the configuration that the allocator was made with.
func (a *Allocator) Config() Config { return a.config }

// Reporter returns where the allocator reports: the configured reporter, or the
// one that was the default when the allocator was made.
func (a *Allocator) Reporter() *diag.Reporter { return a.reporter }

// NewWorker returns a worker for another goroutine: with frames and pools of
// its own, and no lock in between. The name shows in diagnostics and reports.
// Close the worker where the goroutine ends. The allocator does not keep it: one
// that was dropped without Close is cleaned up by the collector, some time later,
// and reported as FA207.
//
// NewWorker panics with FA207 when the allocator is closed.
func (a *Allocator) NewWorker(name string) *Worker {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		panic(diag.NewError(diag.Diagnostic{
			Code: diag.FA207, Worker: name, PC: diag.CallerPC(),
			Message: "worker \"" + name + "\" asked of an allocator that is closed",
			Help:    "create workers before Close, and close the allocator after its workers' goroutines have ended",
		}, nil))
	}
	w := newWorker(a, name)
	a.enrol(w, true)
	return w
}

// Workers returns the workers that are open, the main worker first.
func (a *Allocator) Workers() []*Worker { return a.AppendWorkers(nil) }

// AppendWorkers appends what Workers returns to open and returns the result. For
// those who ask often: it allocates only where open is too short. What keeps a
// worker keeps it from being found by the collector if it is dropped.
func (a *Allocator) AppendWorkers(open []*Worker) []*Worker {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.enrolled {
		if w := e.worker.Value(); w != nil {
			open = append(open, w)
		}
	}
	return open
}

// Worker returns the open worker of the given name, the oldest if there are
// several, or nil if there is none.
func (a *Allocator) Worker(name string) *Worker {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.enrolled {
		if e.name == name {
			if w := e.worker.Value(); w != nil {
				return w
			}
		}
	}
	return nil
}

// BeginFrame begins a frame on the main worker. See [Worker.BeginFrame].
func (a *Allocator) BeginFrame() *Frame { return a.main.BeginFrame() }

// EndFrame ends the main worker's frame. See [Worker.EndFrame].
func (a *Allocator) EndFrame() { a.main.EndFrame() }

// Frame runs fn in a frame of the main worker. See [Worker.Frame].
func (a *Allocator) Frame(fn func(*Frame)) { a.main.Frame(fn) }

// Close closes every worker. Frame memory and pool objects that are still
// referenced stay valid as ordinary garbage-collected memory; allocating from the
// allocator panics with FA001. It returns an error that matches diag.FA002 for
// each worker whose frame is still active, and closes those too. Closing twice
// does nothing.
//
// The workers' goroutines must have stopped using them. In [ModeGuard], frame memory
// that is still referenced does not stay valid: the system gets it back.
func (a *Allocator) Close() error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	var errs []error
	for _, w := range a.Workers() {
		if err := w.Close(); err != nil {
			errs = append(errs, err)
		}
	}
	a.quarantine.Close()
	a.garbage.close(a.reporter)
	a.reportLeaks()
	a.reporter.Flush()
	return errors.Join(errs...)
}

func (a *Allocator) worker() *Worker { return a.main }
