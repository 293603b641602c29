package arkframe

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// Fork returns a list, with a fork of the frame, for another goroutine. What is recorded
// in it takes its place where Fork was called: behind what c has recorded by then, before
// what c records after. So the order of all commands is the order of forks, and in each
// that of recording, however the goroutines run.
//
// The goroutine that gets it must call [Commands.Join] when it is done:
//
//	child := frames.Commands().Fork()
//	go func() {
//		defer child.Join()
//		hits := framealloc.Slice[Hit](child.Frame(), 100)
//		…
//		arkframe.RemoveEntity(child, target)
//	}()
//
// Goroutines may read the world (mappers' Get and Has, World.Alive), as long as nobody
// changes the composition of entities meanwhile; [WithLockedWorld] sees to it that nobody
// can. Queries are better collected before: making a filter or a mapper, and a filter's
// first query, change the world's books.
//
// Fork belongs to the goroutine that c belongs to. See also [Commands.Parallel].
func (c *Commands) Fork() *Commands {
	child := c.child(c.records(), c.Frame().Fork())
	child.forked.Store(true)
	c.frames.forks.add()
	s := framealloc.New[splice](c.mem)
	s.child = child
	c.record(s)
	return child
}

// Join ends a fork: it records no more. It belongs to the goroutine that has used it, and
// joins its frame, too. It panics with FA002 when c is not a running fork of
// [Commands.Fork].
func (c *Commands) Join() {
	if !c.forked.CompareAndSwap(true, false) {
		panic(diag.NewError(diag.Diagnostic{
			Code: diag.FA002, Worker: c.frames.worker.Name(), PC: diag.CallerPC(),
			Message: "Join on entity commands that are no running fork",
			Help:    "call Join once, on what Commands.Fork returned",
		}, nil))
	}
	frame, mem := c.frame, c.mem
	c.frame, c.mem = nil, nil
	mem.Join()
	frame.Join()
	c.frames.forks.done()
}

// child returns a list that was never used, or no longer is.
func (c *Commands) child(mem, frame *framealloc.Frame) *Commands {
	if c.used == len(c.forks) {
		c.forks = append(c.forks, &Commands{frames: c.frames})
	}
	child := c.forks[c.used]
	c.used++
	child.frame, child.traced = frame, c.traced
	child.mem = mem.Fork()
	return child
}

// A splice stands for the commands of a fork.
type splice struct {
	link
	child *Commands
}

func (s *splice) apply(a *applier) { a.drain(&s.child.list) }
func (s *splice) describe() string { return "a fork" }
func (s *splice) count() (n int)   { return s.child.Pending() }

// A forkCount counts the forks that run, of all lists of a world.
type forkCount struct {
	running atomic.Int32
	wg      sync.WaitGroup
}

func (n *forkCount) add() {
	n.running.Add(1)
	n.wg.Add(1)
}

func (n *forkCount) done() {
	n.running.Add(-1)
	n.wg.Done()
}

// wait waits for the forks, and says so when it takes suspiciously long.
func (n *forkCount) wait(fs *Frames) {
	if k := n.running.Load(); k > 0 {
		d := diag.Diagnostic{
			Code: diag.FA205, Frame: fs.number, Worker: fs.worker.Name(), PC: diag.CallerPC(),
			Message: fmt.Sprintf("entity commands are to be applied or dropped while %d forks still record", k),
			Help:    "call Join in each goroutine, and wait for them before the frame ends",
		}
		reporter := fs.Allocator().Reporter()
		late := time.AfterFunc(time.Second, func() { reporter.Report(d) })
		defer late.Stop()
	}
	n.wg.Wait()
}
