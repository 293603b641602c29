package framealloc

import "context"

// SetTraceContext gives the regions of runtime/trace that the worker's phases
// make, and those of the forks that it makes from then on, to the task in ctx;
// context.Background() gives them to none. See package profile, whose Trace makes a task of each frame.
// It belongs to the worker's goroutine, and hooks may call it.
func (w *Worker) SetTraceContext(ctx context.Context) { w.tracing = ctx }

// TraceContext returns what SetTraceContext was given last, or the empty
// context. It belongs to the worker's goroutine.
func (w *Worker) TraceContext() context.Context {
	if w.tracing == nil {
		return context.Background()
	}
	return w.tracing
}
