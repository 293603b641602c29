package profile

import (
	"context"
	"fmt"
	"runtime/trace"
	"strings"
	"sync"

	"github.com/framealloc/framealloc"
)

// Trace makes the execution traces of package runtime/trace show frames, until
// stop is called: each frame of each worker becomes a task named "frame", to which
// the regions of its phases belong, also those of its forks. Tags, budgets that
// were exceeded, promotions and growth are logged in it, and its figures at its
// end. It works with whatever records the trace: trace.Start, net/http/pprof, or a
// flight recorder, that of [OnSlowFrame] too.
//
//	go tool trace recording.trace   # User-defined tasks: frame
//
// While no trace is recorded, it costs next to nothing; while one is, a frame and
// each phase and log cost an allocation or a few, as they do for any user of
// runtime/trace.
func Trace(a *framealloc.Allocator) (stop func()) {
	t := &tracer{frames: map[string]context.Context{}}
	return a.Observe(framealloc.Hooks{
		FrameBegin: t.begin,
		FrameEnd:   t.end,
		TagEnter: func(e framealloc.ScopeEnter) {
			t.log(e.Worker, "tag", func() string { return e.Path })
		},
		TagLeave: func(e framealloc.ScopeLeave) {
			t.log(e.Worker, "tag", func() string {
				return fmt.Sprintf("%s left after %v: %d bytes in %d allocations", e.Path, e.Duration, e.Bytes, e.Allocations)
			})
		},
		Budget: func(e framealloc.BudgetEvent) {
			t.log(e.Worker, "budget", func() string { return budgetText(e) })
		},
		Promotion: func(e framealloc.Promotion) {
			t.log(e.Worker, "promotion", func() string { return promotionText(e) })
		},
		Growth: func(e framealloc.Growth) {
			t.log(e.Worker, "growth", func() string {
				return fmt.Sprintf("frame memory grew %d times, to %d bytes", e.Times, e.Capacity)
			})
		},
	})
}

// A tracer knows the context of each worker's active frame by the worker's name,
// which is all that most hooks are told. The task itself is found through the
// worker.
type tracer struct {
	mu     sync.Mutex
	frames map[string]context.Context
}

// taskKey is the key of the *trace.Task in a frame's context.
type taskKey struct{}

func (t *tracer) begin(e framealloc.FrameBegin) {
	if !trace.IsEnabled() {
		return
	}
	ctx, task := trace.NewTask(context.Background(), "frame")
	trace.Log(ctx, "frame", fmt.Sprintf("frame %d of worker %s", e.Number, e.Worker))
	ctx = context.WithValue(ctx, taskKey{}, task)
	e.Frame.Worker().SetTraceContext(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frames[e.Worker] = ctx
}

func (t *tracer) end(e framealloc.FrameEnd) {
	w := e.Frame.Worker()
	ctx := w.TraceContext()
	task, ok := ctx.Value(taskKey{}).(*trace.Task)
	if !ok {
		return // no trace was recorded when the frame began
	}
	if trace.IsEnabled() {
		trace.Log(ctx, "frame", fmt.Sprintf("%d bytes in %d allocations, %d collections", e.Bytes, e.Allocations, e.Collections))
	}
	task.End()
	w.SetTraceContext(context.Background())
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.frames, e.Worker)
}

// log logs to the task of a worker's frame; that of a fork belongs to the worker
// that was forked.
func (t *tracer) log(worker, category string, message func() string) {
	if !trace.IsEnabled() {
		return
	}
	worker, _, _ = strings.Cut(worker, "/fork ")
	t.mu.Lock()
	ctx := t.frames[worker]
	t.mu.Unlock()
	if ctx == nil {
		ctx = context.Background()
	}
	trace.Log(ctx, category, message())
}

func budgetText(e framealloc.BudgetEvent) string {
	whose := e.Scope.String()
	if e.Tag != "" {
		whose += " " + e.Tag
	}
	return fmt.Sprintf("%s, %v: %d bytes used, %d more wanted, threshold %d", whose, e.Kind, e.Used, e.Request, e.Limit)
}

func promotionText(e framealloc.Promotion) string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Type, e.Err)
	}
	return fmt.Sprintf("%s of %d bytes, %v", e.Type, e.Bytes, e.Policy)
}
