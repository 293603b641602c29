package arkframe

import (
	"runtime"

	"github.com/framealloc/framealloc"
)

// Parallel calls fn for i from 0 to n-1, as [framealloc.Parallel] does: on as many
// goroutines as may run at once, each with a fork, and returns when all calls have
// returned. The fork comes with a list of commands; those of lower i are applied before
// those of higher i, on however many goroutines it ran, behind what c has recorded so far.
//
// When calls panic, Parallel panics with a [*framealloc.TaskPanic]; what was recorded until
// then stays recorded. It panics with FA103 between frames. In the steady state it
// allocates nothing; where fn is a literal that refers to variables around it, making it
// does.
func (c *Commands) Parallel(n int, fn func(c *Commands, i int)) {
	calls := framealloc.New[calls](c.records())
	calls.fn = fn
	c.share(n, calls)
}

type calls struct{ fn func(*Commands, int) }

func (p *calls) run(c *Commands, from, to int) {
	for i := from; i < to; i++ {
		p.fn(c, i)
	}
}

// work is what tasks do, each from one index to another.
type work interface {
	run(c *Commands, from, to int)
}

// A split is a list's work in parallel, while it runs.
type split struct {
	work  work
	n     int // how much of it there is
	tasks []*Commands
	task  func(f *framealloc.Frame, k int) // made once
}

// share splits work evenly among tasks.
func (c *Commands) share(n int, w work) {
	width := min(runtime.GOMAXPROCS(0), n)
	if width <= 0 {
		return
	}
	s := &c.split
	if s.task == nil {
		s.task = c.runTask
	}
	mem := c.records()
	s.work, s.n = w, n
	s.tasks = s.tasks[:0]
	for range width {
		s.tasks = append(s.tasks, c.child(mem, nil))
	}
	defer c.joinTasks()
	framealloc.Parallel(c.Frame(), width, s.task)
}

// runTask is one task, on the goroutine of the fork.
func (c *Commands) runTask(f *framealloc.Frame, k int) {
	s := &c.split
	t, width := s.tasks[k], len(s.tasks)
	t.frame = f
	s.work.run(t, k*s.n/width, (k+1)*s.n/width)
}

// joinTasks puts the tasks' commands in order, back on c's goroutine.
func (c *Commands) joinTasks() {
	for _, t := range c.split.tasks {
		t.mem.Join()
		t.frame, t.mem = nil, nil
		if t.list.first != nil {
			s := framealloc.New[splice](c.mem)
			s.child = t
			c.record(s)
		}
	}
	clear(c.split.tasks)
	c.split.work = nil
}
