package framealloc

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"weak"

	"github.com/framealloc/framealloc/diag"
)

// An enrolment is what an allocator knows of a worker: enough to close its books
// when the worker is gone without Close. It does not keep the worker, so that one
// whose goroutine has returned, and which nothing else refers to (no frame, pool,
// scratch or live Box), is found by the collector.
type enrolment struct {
	worker    weak.Pointer[Worker]
	name      string
	made      uintptr // program counter of NewWorker's caller
	published *published
	deferred  *freeQueue
	leased    *atomic.Int64 // what its frames hold of the global budget
}

// enrol puts w on the books. The main worker lives as long as its allocator and
// is not watched.
func (a *Allocator) enrol(w *Worker, watched bool) {
	e := &enrolment{worker: weak.Make(w), name: w.name, made: diag.CallerPC(), published: w.published, deferred: w.deferred, leased: w.leased}
	a.enrolled = append(a.enrolled, e)
	w.enrolment = e
	if watched {
		w.cleanup = runtime.AddCleanup(w, a.abandoned, e)
	}
}

// strike takes a worker off the books and keeps its sums. It reports whether it
// was on them.
func (a *Allocator) strike(e *enrolment) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, other := range a.enrolled {
		if other == e {
			a.enrolled = append(a.enrolled[:i], a.enrolled[i+1:]...)
			s := e.published.stats()
			s.Capacity = 0
			s.Deferred = e.deferred.retire()
			a.retired.add(s)
			a.quarantine.Forget(e.published)
			return true
		}
	}
	return false
}

// abandoned is called on a goroutine of the runtime's some time after a worker
// became unreachable without Close.
func (a *Allocator) abandoned(e *enrolment) {
	e.published.closed.Store(true)
	if !a.strike(e) {
		return
	}
	if e.published.counting.Load() {
		a.garbage.abandon()
	}
	if g := a.settings.Load().global; g != nil {
		g.used.Add(-e.leased.Swap(0))
	}
	d := diag.Diagnostic{
		Code: diag.FA207, Severity: diag.SeverityWarning, Worker: e.name, PC: e.made,
		Frame:   e.published.frames.Load(),
		Message: fmt.Sprintf("worker %q was dropped without Close", e.name),
		Note:    "it was made at the place named; its frame memory and free pool objects went to the collector",
	}
	a.reporter.Report(d)
}
