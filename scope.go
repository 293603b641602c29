package framealloc

import (
	"context"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// scopes is a worker's tree of tags, or of phases: one node for each path that
// was ever entered. Entering and leaving books the difference of the frame's
// counters, so allocations themselves know nothing of it.
//
// The tree belongs to the worker's goroutine, but for the list of its nodes and
// their published figures.
type scopes struct {
	phases bool // a tree of phases: timed, without budgets and labels
	root   scopeNode
	bases  []*scopeNode // in a fork: what stands for its parent's scopes, by path
	cur    *scopeNode
	stack  []scope
	ends   []func() // ends[d] leaves the scope at depth d+1; made once each

	trace   contents     // where each tag's memory is, while somebody wants to know
	told    bool         // observers are told of each tag's figures
	touched []*scopeNode // nodes booked to since the last publish
	taken   int          // Arena.Taken up to which is booked
	count   int          // likewise Arena.Count
	pool    IntentStats  // likewise the pools' figures

	mu    sync.Mutex
	nodes []*scopeNode
	uses  map[string]*tagUse // by path, for tags with a budget
}

// A scope is an entered node.
type scope struct {
	node   *scopeNode
	used   int // bytes in use when it was entered
	taken  int
	count  int
	begin  time.Time
	region *trace.Region // while an execution trace is recorded; phases only
}

type scopeNode struct {
	name, path string
	parent     *scopeNode
	children   []*scopeNode
	depth      int
	touched    bool
	use        *tagUse         // its budget, or nil
	labels     context.Context // pprof labels while it is current

	// Sums since the start, of the node alone, without the nodes below it.
	frame, pool, heap IntentStats
	entered           uint64
	duration          time.Duration // scopes inside included
	last              scopeFigures  // of the frame that is running
	published         scopePublished

	mirror, mirrorBase *scopeNode // in a fork: what it is booked to in the parent, below which node
}

// scopeFigures are a node's sums in one frame.
type scopeFigures struct {
	bytes, allocs int
	duration      time.Duration

	promotedBytes, promotedAllocs int    // of its heap intent
	hash                          uint64 // of the contents of its frame memory,
	hashed                        int    // as far as they were looked at, in bytes
}

type scopePublished struct {
	frameAllocs, frameBytes          atomic.Uint64
	poolAllocs, poolBytes, poolFrees atomic.Uint64
	heapAllocs, heapBytes            atomic.Uint64
	entered                          atomic.Uint64
	duration                         atomic.Int64
	lastBytes, lastAllocs, lastTime  atomic.Int64
	highWater                        atomic.Int64
}

// child finds or makes the node below n with the given name.
func (t *scopes) child(n *scopeNode, name string) *scopeNode {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	name = strings.Clone(name) // it may be frame memory
	c := &scopeNode{name: name, path: name, parent: n, depth: n.depth + 1}
	if n.path != "" {
		c.path = n.path + "/" + name
	}
	c.use = t.uses[c.path]
	n.children = append(n.children, c)
	t.mu.Lock()
	t.nodes = append(t.nodes, c)
	t.mu.Unlock()
	return c
}

// used reports whether any scope was ever entered.
func (t *scopes) used() bool { return len(t.nodes) > 1 }

// booksTags reports whether what the worker takes is booked to tags.
func (w *Worker) booksTags() bool { return w.tags.used() || w.observers.wantTags() }

// touch lists n among the nodes to publish.
func (t *scopes) touch(n *scopeNode) {
	if !n.touched {
		n.touched = true
		t.touched = append(t.touched, n)
	}
}

// current returns the innermost node; the root when no scope is open.
func (t *scopes) current() *scopeNode {
	if t.cur == nil {
		t.cur = &t.root
		t.mu.Lock() // list may run at the same time
		t.nodes = append(t.nodes, &t.root)
		t.mu.Unlock()
	}
	return t.cur
}

// rebase puts a fork's tree, in which no scope is open, below a scope of its
// parent: the scopes' paths are the same in both.
func (t *scopes) rebase(to *scopeNode) {
	for _, n := range t.bases {
		if n.path == to.path {
			t.cur = n
			return
		}
	}
	n := &t.root
	if to.path != "" {
		n = &scopeNode{name: to.name, path: to.path, depth: to.depth, use: t.uses[to.path]}
	}
	t.bases = append(t.bases, n)
	t.mu.Lock()
	t.nodes = append(t.nodes, n)
	t.mu.Unlock()
	t.cur = n
}

// book adds to the current node what happened since the last time.
func (t *scopes) book(f *Frame) {
	n := t.current()
	if t.trace.on {
		t.trace.follow(f, n)
	}
	taken, count := f.mem.Taken(), f.mem.Count()
	if bytes, allocs := taken-t.taken, count-t.count; allocs != 0 || bytes != 0 {
		t.touch(n)
		n.frame.Bytes += uint64(bytes)
		n.frame.Allocations += uint64(allocs)
		n.last.bytes += bytes
		n.last.allocs += allocs
		t.taken, t.count = taken, count
	}
	if f.w.pools.active {
		if total := f.w.pools.totals(); total != t.pool {
			t.touch(n)
			n.pool.Allocations += total.Allocations - t.pool.Allocations
			n.pool.Bytes += total.Bytes - t.pool.Bytes
			n.pool.Frees += total.Frees - t.pool.Frees
			t.pool = total
		}
	}
}

// enter opens the scope with the given name below the current one and returns
// what leaves it.
func (t *scopes) enter(f *Frame, name string) (leave func()) {
	w := f.w
	if w.telling {
		w.fromHook("a tag or phase of worker %q begun")
	}
	t.book(f)
	n := t.child(t.current(), name)
	t.cur = n
	t.touch(n)
	n.entered++
	s := scope{node: n, used: f.mem.Used(), taken: t.taken, count: t.count}
	if t.phases || w.observers != nil {
		s.begin = time.Now()
	}
	if t.phases && trace.IsEnabled() {
		s.region = trace.StartRegion(w.TraceContext(), n.path)
	}
	t.stack = append(t.stack, s)
	depth := len(t.stack)
	if depth > len(t.ends) {
		t.ends = append(t.ends, func() { t.leaveTo(w, depth-1) })
	}
	if !t.phases {
		if n.use != nil {
			f.relimit()
		}
		if w.alloc.config.TagLabels {
			n.setLabels()
		}
	}
	if w.observers != nil {
		w.scopeEntered(t, &t.stack[depth-1])
	}
	return t.ends[depth-1]
}

// leaveTo leaves scopes until only depth are open. With fewer open it does
// nothing: a scope is left once.
func (t *scopes) leaveTo(w *Worker, depth int) {
	for len(t.stack) > depth {
		t.leave(w.frame)
	}
}

// leave closes the innermost scope.
func (t *scopes) leave(f *Frame) {
	w := f.w
	t.book(f)
	s := &t.stack[len(t.stack)-1]
	n := s.node
	if s.region != nil {
		s.region.End()
	}
	var took time.Duration
	if !s.begin.IsZero() {
		took = time.Since(s.begin)
	}
	n.duration += took
	n.last.duration += took
	if w.observers != nil {
		w.scopeLeft(t, s, took)
	}
	t.cur = n.parent
	t.stack = t.stack[:len(t.stack)-1]
	if t.phases {
		return
	}
	if u := n.use; u != nil {
		u.add(s.used, f.mem.Used())
		f.relimit()
	}
	if w.alloc.config.TagLabels {
		t.cur.setLabels()
	}
}

// tagFrame is what the node took in the frame that is ending.
func (n *scopeNode) tagFrame() TagFrame {
	p := &n.published // as of the frame before
	return TagFrame{
		Path:  n.path,
		Bytes: n.last.bytes, Allocations: n.last.allocs,
		PoolGets:        int(n.pool.Allocations - p.poolAllocs.Load()),
		PoolPuts:        int(n.pool.Frees - p.poolFrees.Load()),
		PoolBytes:       int(n.pool.Bytes - p.poolBytes.Load()),
		HeapAllocations: int(n.heap.Allocations-p.heapAllocs.Load()) - n.last.promotedAllocs,
		HeapBytes:       int(n.heap.Bytes-p.heapBytes.Load()) - n.last.promotedBytes,
		Contents:        n.last.hash,
		ContentsKnown:   n.last.hashed > 0 && n.last.hashed >= n.last.bytes/4*3,
	}
}

// publish lets other goroutines see the figures and begins the next frame's.
func (t *scopes) publish() {
	for _, n := range t.touched {
		n.touched = false
		p := &n.published
		p.frameAllocs.Store(n.frame.Allocations)
		p.frameBytes.Store(n.frame.Bytes)
		p.poolAllocs.Store(n.pool.Allocations)
		p.poolBytes.Store(n.pool.Bytes)
		p.poolFrees.Store(n.pool.Frees)
		p.heapAllocs.Store(n.heap.Allocations)
		p.heapBytes.Store(n.heap.Bytes)
		p.entered.Store(n.entered)
		p.duration.Store(int64(n.duration))
		p.lastBytes.Store(int64(n.last.bytes))
		p.lastAllocs.Store(int64(n.last.allocs))
		p.lastTime.Store(int64(n.last.duration))
		if b := int64(n.last.bytes); b > p.highWater.Load() {
			p.highWater.Store(b)
		}
		n.last = scopeFigures{}
	}
	t.touched = t.touched[:0]
	t.taken, t.count = 0, 0
}

// setLabels gives the goroutine the node's pprof labels, or takes them away.
func (n *scopeNode) setLabels() {
	if n == nil || n.path == "" {
		pprof.SetGoroutineLabels(context.Background())
		return
	}
	if n.labels == nil {
		n.labels = pprof.WithLabels(context.Background(), pprof.Labels("framealloc.tag", n.path))
	}
	pprof.SetGoroutineLabels(n.labels)
}
