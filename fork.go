package framealloc

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// ForkPolicy says what ending a frame does while a fork of it still runs
// (FA205). Whatever it says, memory is never reused under a running fork.
type ForkPolicy uint8

// The policies.
const (
	// WaitForForks waits until all forks have joined, and reports FA205 when
	// that takes longer than a second.
	WaitForForks ForkPolicy = iota
	// AbandonForks reports FA205, ends the frame, and leaves each running fork
	// with its memory to itself and then to the collector.
	AbandonForks
	// PanicOnForks panics with FA205; the frame stays active.
	PanicOnForks
)

// String returns the policy's name.
func (p ForkPolicy) String() string {
	return [...]string{"wait", "abandon", "panic", "?"}[p&3]
}

// A family is a frame's forks.
type family struct {
	forks   []*Frame // made so far; the first used of them are out
	used    int
	known   atomic.Pointer[[]*Frame] // the forks, for their own goroutines
	tasks   []*Frame                 // of the Parallel that runs
	running sync.WaitGroup
	budget  *globalBudget // the worker's budget while the frame is forked
}

// forked is what a fork knows beyond a frame.
type forked struct {
	parent *Frame
	state  atomic.Uint32
	base   *scopeNode // the parent's tag when it was forked
	phase  *scopeNode // and phase
	within []*tagUse  // budgets of that tag and those around it, in the fork's own books
	from   int        // bytes in use when it was forked
	run    func()     // its part of a Parallel, made once
	task   task
	done   sync.WaitGroup // of the task
}

// The states of a fork.
const (
	joined uint32 = iota // or never out
	running
	abandoned // its parent ended: nobody waits for it any more
)

// Fork returns a frame of its own for another goroutine: a *Frame like any
// other, so that every function works on it. What it allocates stays valid until
// f ends, also after Join, so results may be handed to the parent by any means that
// orders memory (a channel, a WaitGroup). Tags, statistics and budgets of the fork
// add up in its parent. Forks are kept and reused from frame to frame.
//
// The goroutine that gets the fork must call [Frame.Join] when it is done:
//
//	child := f.Fork()
//	go func() {
//		defer child.Join()
//		results <- framealloc.Slice[Contact](child, 100)
//	}()
//
// What happens when f ends before that is [Config.Forks]'s to say. Fork itself
// belongs to f's goroutine. It panics with FA001 when f is not active.
// See also [Parallel] and [ForkGroup].
func (f *Frame) Fork() *Frame {
	f.mustBeActive("a fork taken of")
	fam := &f.family
	fam.running.Add(1)
	f.w.busy = true
	for _, c := range fam.forks[:fam.used] {
		if c.forked.state.Load() == joined { // goes on behind what it allocated
			f.mergeScopes(c)
			c.begin(f, true)
			return c
		}
	}
	if fam.used == len(fam.forks) {
		fam.forks = append(fam.forks, newFork(f, fam.used))
		known := slices.Clone(fam.forks)
		fam.known.Store(&known)
	}
	c := fam.forks[fam.used]
	fam.used++
	c.begin(f, false)
	return c
}

func newFork(f *Frame, i int) *Frame {
	w := &Worker{alloc: f.w.alloc, modes: f.w.modes, name: fmt.Sprintf("%s/fork %d", f.w.name, i+1), published: new(published), deferred: f.w.deferred, leased: f.w.leased, slots: make([]*Frame, 1)}
	w.phases.phases = true
	c := newFrame(w)
	w.slots[0], w.upcoming = c, c
	c.forked = &forked{parent: f}
	return c
}

// begin starts a fork, or starts it again in the same frame of its parent. It
// runs on the parent's goroutine.
func (c *Frame) begin(parent *Frame, again bool) {
	w, p := c.w, parent.w
	c.forked.state.Store(running)
	c.forked.base, c.forked.phase = p.tags.current(), p.phases.current()
	w.tags.rebase(c.forked.base)
	w.phases.rebase(c.forked.phase)
	c.number, w.number = parent.number, parent.number
	w.frame = c
	w.tracing = p.tracing
	w.owner = 0 // whoever uses it first
	if again {
		c.mem.Open()
		c.shareTags(&p.tags)
		return
	}
	if p.settings != w.settings {
		w.adopt(p.settings)
	}
	w.takeTurn()
	parent.shareBudget()
	c.lessors[familyLessor].budget = parent.lessors[familyLessor].budget
	w.arrange()
	w.limited = w.limited || c.lessors[familyLessor].budget != nil
	c.mem.Open()
	if w.limited {
		w.beginBudgets(c)
		c.shareTags(&p.tags)
	}
}

// Join ends a fork: nothing may be allocated from it after, and what was stays
// valid until the parent frame ends. It belongs to the goroutine that uses the
// fork. Forks of the fork must have joined, as for a frame's end. It panics with
// FA002 when f is no fork or has joined already.
func (f *Frame) Join() {
	if f.forked == nil || f.forked.state.Load() == joined || f.w.frame != f {
		panic(f.diagnose(diag.FA002, "Join on a frame that is no running fork",
			"call Join once, on what Fork returned"))
	}
	f.awaitForks()
	w := f.w
	if w.retained.pending() {
		w.retained.settle(f)
	}
	w.tags.closeAll(f)
	w.phases.closeAll(f)
	f.leaveTags()
	f.mem.Close()
	w.frame = nil
	if f.forked.state.CompareAndSwap(running, joined) {
		f.forked.parent.family.running.Done()
	} else { // abandoned: its parent has left that to it
		f.returnLeases()
	}
}

// closeAll leaves every open scope.
func (t *scopes) closeAll(f *Frame) {
	t.leaveTo(f.w, 0)
	t.book(f)
}

// awaitForks does what the policy says about forks that still run, and adds the
// figures of those that joined to the frame's.
func (f *Frame) awaitForks() {
	fam := &f.family
	if fam.used == 0 {
		return
	}
	if n := f.runningForks(); n > 0 {
		switch f.w.alloc.config.Forks {
		case PanicOnForks:
			panic(f.stillRunning(n))
		case AbandonForks:
			f.w.report(f.stillRunning(n).Diagnostic)
			f.abandonForks()
		default:
			f.wait(n)
		}
	}
	for _, c := range fam.forks[:fam.used] {
		f.add(c)
	}
}

// wait waits for the forks, and says so when it takes suspiciously long.
func (f *Frame) wait(n int) {
	d := f.stillRunning(n).Diagnostic
	late := time.AfterFunc(time.Second, func() { f.w.alloc.reporter.Report(d) })
	defer late.Stop()
	f.family.running.Wait()
}

func (f *Frame) runningForks() (n int) {
	for _, c := range f.family.forks[:f.family.used] {
		if c.forked.state.Load() == running {
			n++
		}
	}
	if n == 0 {
		f.family.running.Wait() // returns at once, and orders memory
	}
	return n
}

func (f *Frame) stillRunning(n int) *diag.Error {
	what := fmt.Sprintf("frame %d of worker %q ends", f.number, f.w.name)
	if f.scratch != nil {
		what = fmt.Sprintf("scratch %q of worker %q is given back", f.scratch.name, f.w.name)
	}
	return f.diagnose(diag.FA205,
		fmt.Sprintf("%s while %d of its %d forks still run", what, n, f.family.used),
		"wait for the goroutines before ending the frame (a WaitGroup, framealloc.Parallel or a ForkGroup), and call Join in each")
}

// abandonForks forgets the forks that run: the goroutines keep them and their
// memory, the frame will make new ones.
func (f *Frame) abandonForks() {
	fam := &f.family
	kept := fam.forks[:0]
	used := 0
	for i, c := range fam.forks {
		if i < fam.used {
			if c.forked.state.CompareAndSwap(running, abandoned) {
				fam.running.Done()
				continue
			}
			used++
		}
		kept = append(kept, c)
	}
	if len(kept) < len(fam.forks) {
		fam.budget = nil // those that are gone may ask it still
	}
	clear(fam.forks[len(kept):])
	fam.forks, fam.used = kept, used
	fam.running.Wait() // for those that are just joining
}

// add books what a joined fork did to its parent.
func (f *Frame) add(c *Frame) {
	w, cw := f.w, c.w
	s := &f.forkSums
	s.bytes += c.bytes()
	s.count += c.count()
	s.peak += c.peak()
	s.grown += c.mem.Grown() + c.forkSums.grown
	f.mergeScopes(c)
	w.published.heapAllocs.Add(cw.published.heapAllocs.Swap(0))
	w.published.heapSize.Add(cw.published.heapSize.Swap(0))
	w.pools.addFork(&cw.pools)
}

// mergeScopes books a joined fork's tags and phases to the parent's, below those
// that were open when it was forked.
func (f *Frame) mergeScopes(c *Frame) {
	f.w.tags.merge(&c.w.tags, c.forked.base)
	f.w.phases.merge(&c.w.phases, c.forked.phase)
}

// forkSums are the figures of a frame's joined forks.
type forkSums struct{ bytes, count, peak, grown int }

// bytes, count and peak are the frame's figures, forks included.
func (f *Frame) bytes() int { return f.mem.Taken() + f.forkSums.bytes }
func (f *Frame) count() int { return f.mem.Count() + f.forkSums.count }
func (f *Frame) peak() int  { return f.mem.Peak() + f.forkSums.peak }

// merge adds the figures of a fork's scopes below base.
func (t *scopes) merge(from *scopes, base *scopeNode) {
	for _, n := range from.touched {
		n.touched = false
		to := n.mirrorIn(t, base)
		t.touch(to)
		to.entered += n.entered
		to.frame.add(n.frame)
		to.pool.add(n.pool)
		to.heap.add(n.heap)
		to.duration += n.duration
		to.last.bytes += n.last.bytes
		to.last.allocs += n.last.allocs
		to.last.duration += n.last.duration
		to.last.promotedBytes += n.last.promotedBytes
		to.last.promotedAllocs += n.last.promotedAllocs
		n.entered, n.duration, n.last = 0, 0, scopeFigures{}
		n.frame, n.pool, n.heap = IntentStats{}, IntentStats{}, IntentStats{}
	}
	from.touched = from.touched[:0]
	t.adopt(from)
}

// mirrorIn returns the node in a parent's tree that stands for n, below base.
func (n *scopeNode) mirrorIn(t *scopes, base *scopeNode) *scopeNode {
	if n.parent == nil {
		return base
	}
	if n.mirror == nil || n.mirrorBase != base {
		n.mirror, n.mirrorBase = t.child(n.parent.mirrorIn(t, base), n.name), base
	}
	return n.mirror
}

// releaseForks gives back the forks' memory with their parent's.
func (f *Frame) releaseForks() {
	for _, c := range f.family.forks[:f.family.used] {
		c.release()
		c.w.tags.taken, c.w.tags.count = 0, 0
		c.w.phases.taken, c.w.phases.count = 0, 0
	}
	f.family.used = 0
	f.forkSums = forkSums{}
}

// shareBudget makes the frame's budget one that its forks draw on too.
func (f *Frame) shareBudget() {
	l := &f.lessors[familyLessor]
	if l.budget != nil {
		return
	}
	b, scope := f.w.budget.Budget, WorkerBudget
	if f.scratch != nil {
		b, scope = f.scratch.limit.Budget, FrameLimit
	} else if f.max.Hard > 0 && (b.Hard == 0 || f.max.Hard < b.Hard) {
		b, scope = f.max.Budget, FrameLimit
	}
	if b.Hard == 0 && b.Soft == 0 {
		return
	}
	g := f.family.budget
	if g == nil {
		g = &globalBudget{used: new(atomic.Int64)}
		f.family.budget = g
	}
	g.Budget, g.scope, g.owner = b, scope, f.w.name
	used := f.mem.Used()
	g.used.Store(int64(used))
	g.soft.Store(false)
	g.hard.Store(false)
	l.budget, l.leased = g, used
	f.relimit()
}
