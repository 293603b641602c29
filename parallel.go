package framealloc

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// A task is one fork's part of a Parallel.
type task struct {
	from, to int
	fn       func(f *Frame, i int)
	panicked *TaskPanic
}

// TaskPanic is what [Parallel] and [ForkGroup.Wait] panic with when a task
// panicked: its value, and the stack of the goroutine it happened on.
type TaskPanic struct {
	Value any
	Stack []byte
}

// Error says what happened, with the stack.
func (p *TaskPanic) Error() string {
	return fmt.Sprintf("framealloc: a parallel task panicked: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the value, if it is an error.
func (p *TaskPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Parallel calls fn for i from 0 to n-1, on as many goroutines as may run at
// once (GOMAXPROCS), the calling one among them, each with a fork of f, and
// returns when all calls have returned. Neighbouring i go to the same goroutine in
// ascending order, and which one depends on n and GOMAXPROCS only. What fn
// allocates stays valid until f ends. In the steady state it allocates nothing.
//
// When calls panic, the others of other goroutines go on, and Parallel then
// panics with a [*TaskPanic] of the one with the lowest i. It panics with FA001
// when f is not active.
func Parallel(f *Frame, n int, fn func(f *Frame, i int)) {
	f.mustBeActive("parallel work begun in")
	width := min(runtime.GOMAXPROCS(0), n)
	if width <= 0 {
		return
	}
	tasks := f.family.tasks[:0]
	for range width {
		tasks = append(tasks, f.Fork())
	}
	f.family.tasks = tasks
	for k, c := range tasks {
		t := &c.forked.task
		c.forked.done.Add(1)
		*t = task{from: k * n / width, to: (k + 1) * n / width, fn: fn}
		if c.forked.run == nil {
			c.forked.run = c.runTask
		}
		if k > 0 {
			go c.forked.run()
		}
	}
	tasks[0].runTask()
	var panicked *TaskPanic
	for _, c := range tasks {
		c.forked.done.Wait()
		if t := &c.forked.task; t.panicked != nil && panicked == nil {
			panicked = t.panicked
		}
		c.forked.task = task{}
	}
	if panicked != nil {
		panic(panicked)
	}
}

// runTask does the fork's part and joins.
func (f *Frame) runTask() {
	defer f.forked.done.Done()
	defer f.joinTask(func(p *TaskPanic) { f.forked.task.panicked = p })
	t := &f.forked.task
	for i := t.from; i < t.to; i++ {
		t.fn(f, i)
	}
}

// joinTask, deferred, joins a fork at the end of its task. Neither a panic of the task
// nor one of Join, which finds forks that still run, may end the program on a
// goroutine that the program did not start.
func (f *Frame) joinTask(panicked func(*TaskPanic)) {
	p := recover()
	if p != nil {
		panicked(f.taskPanic(p))
	}
	defer func() {
		if late := recover(); late != nil && p == nil {
			panicked(f.taskPanic(late))
		}
	}()
	f.Join()
}

// taskPanic makes the panic of the fork's task one that the parent can show.
func (f *Frame) taskPanic(p any) *TaskPanic {
	return &TaskPanic{f.w.alloc.explained(p), debug.Stack()}
}

// A ForkGroup runs functions on goroutines with a fork each, in the manner of
// golang.org/x/sync/errgroup: the first error cancels the context and is
// what Wait returns. Make it with [NewForkGroup]; Go, SetLimit and Wait belong to
// the frame's goroutine.
type ForkGroup struct {
	frame  *Frame
	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup
	sem    chan struct{}

	mu       sync.Mutex
	err      error
	panicked *TaskPanic
}

// NewForkGroup returns a group whose tasks get forks of f.
func NewForkGroup(ctx context.Context, f *Frame) *ForkGroup {
	f.mustBeActive("a fork group made in")
	g := &ForkGroup{frame: f}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	return g
}

// Context returns the context that is cancelled by the first error, the first
// panic, and Wait.
func (g *ForkGroup) Context() context.Context { return g.ctx }

// SetLimit bounds how many tasks run at once; less than 1 means no bound. The
// default is GOMAXPROCS. It must be called before the first Go.
func (g *ForkGroup) SetLimit(n int) {
	g.sem = nil
	if n > 0 {
		g.sem = make(chan struct{}, n)
	}
}

// Go runs fn on a goroutine of its own with a fork of the group's frame, once
// fewer tasks run than the limit allows.
func (g *ForkGroup) Go(fn func(f *Frame) error) {
	if g.sem != nil {
		g.sem <- struct{}{}
	}
	c := g.frame.Fork()
	g.wg.Go(func() { g.run(c, fn) })
}

func (g *ForkGroup) run(c *Frame, fn func(f *Frame) error) {
	defer func() {
		if g.sem != nil {
			<-g.sem
		}
	}()
	defer c.joinTask(func(t *TaskPanic) {
		g.fail(fmt.Errorf("framealloc: a task panicked: %v", t.Value), t)
	})
	if err := fn(c); err != nil {
		g.fail(err, nil)
	}
}

// fail notes the first error.
func (g *ForkGroup) fail(err error, p *TaskPanic) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err, g.panicked = err, p
		g.cancel(err)
	}
}

// Wait waits for all tasks and returns the first error. When the first failure
// was a panic, it panics with it as a [*TaskPanic].
func (g *ForkGroup) Wait() error {
	g.wg.Wait()
	g.cancel(nil)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.panicked != nil {
		panic(g.panicked)
	}
	return g.err
}
