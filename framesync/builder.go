package framesync

import (
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// A Builder gathers what a [Barrier] is to have. Its methods return the builder,
// so that calls chain:
//
//	b := framesync.NewBuilder("frame").Workers(sim, render).ReportAfter(time.Second).Build()
//
// A Builder belongs to one goroutine.
type Builder struct {
	name        string
	names       []string
	reporter    *diag.Reporter
	reportAfter time.Duration
}

// NewBuilder returns a builder for a barrier of the given name, which shows in
// errors and reports and may be empty.
func NewBuilder(name string) *Builder { return &Builder{name: name} }

// Participants adds a participant of each name.
func (x *Builder) Participants(names ...string) *Builder {
	x.names = append(x.names, names...)
	return x
}

// Workers adds a participant for each worker, named after it, and has the
// barrier report where their allocator does unless Reporter says otherwise.
func (x *Builder) Workers(workers ...*framealloc.Worker) *Builder {
	for _, w := range workers {
		x.names = append(x.names, w.Name())
		if x.reporter == nil {
			x.reporter = w.Allocator().Reporter()
		}
	}
	return x
}

// ReportAfter has a wait that lasts longer than d reported as FA202, once a
// frame, with the names of those who are missing. The wait goes on: what else to
// do, [Participant.WaitContext] leaves to the caller. 0, the default, reports
// nothing.
func (x *Builder) ReportAfter(d time.Duration) *Builder {
	x.reportAfter = d
	return x
}

// Reporter says where the barrier reports; nil means [diag.Default].
func (x *Builder) Reporter(r *diag.Reporter) *Builder {
	x.reporter = r
	return x
}

// Build returns the barrier. It panics with FA202 when a name is empty or given
// twice. Each call makes another barrier.
func (x *Builder) Build() *Barrier {
	b := &Barrier{name: x.name, reporter: x.reporter, reportAfter: x.reportAfter, running: 1}
	for _, name := range x.names {
		b.Join(name)
	}
	return b
}
