package framealloc

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// Tag opens a scope in which allocations are booked to the given name, below
// the tags that are open: inside "ai", Tag("pathfinding") books to
// "ai/pathfinding". It returns the function that ends the scope:
//
//	defer f.Tag("physics")()
//
// Allocations cost nothing more inside a scope; entering and leaving one costs
// some tens of nanoseconds and, after the first time, allocates nothing. Ending
// a scope ends those opened inside it; ending it twice does nothing; the frame's
// end ends all. It panics with FA001 when the frame is not active.
//
// On the frame of a [Scratch] it opens the scope in the worker's active frame, and
// panics with FA001 where there is none: memory of a scratch is not booked to tags,
// but pool objects and heap intent are, and observers see the tag.
func (f *Frame) Tag(name string) (end func()) {
	f = f.scoped("a tag opened in")
	f.w.busy = true
	return f.w.tags.enter(f, name)
}

// scoped returns the frame in which f opens scopes: a scratch's memory goes on
// from frame to frame, and scopes do not.
func (f *Frame) scoped(doing string) *Frame {
	if f.scratch != nil && f.w.frame != nil {
		return f.w.frame
	}
	f.mustBeActive(doing)
	if f.scratch != nil {
		e := f.diagnose(diag.FA001, doing+fmt.Sprintf(" scratch %q while its worker has no frame", f.scratch.name),
			"open tags and phases between BeginFrame and EndFrame")
		panic(e)
	}
	return f
}

// WithTag runs fn in a scope opened by [Frame.Tag], and ends it also when fn
// panics.
func (f *Frame) WithTag(name string, fn func()) {
	defer f.Tag(name)()
	fn()
}

// CurrentTag returns the innermost open tag's name, "" outside of tags.
func (f *Frame) CurrentTag() string { return f.w.tags.current().name }

// TagPath returns the names of the open tags from the outermost in, joined by
// slashes, "" outside of tags.
func (f *Frame) TagPath() string { return f.w.tags.path() }

// Phase opens a scope that is a part of the frame, such as physics or render,
// inside the phases that are open. It is timed, counted like a tag, and seen by
// observers and, while one is recorded, the execution trace. It returns the
// function that ends it:
//
//	end := f.Phase("physics")
//	…
//	end()
//
// Tags say what memory is for and phases when; the two nest independently. It
// panics as [Frame.Tag] does.
func (f *Frame) Phase(name string) (end func()) {
	f = f.scoped("a phase opened in")
	f.w.busy = true
	return f.w.phases.enter(f, name)
}

// WithPhase runs fn in a phase and ends it also when fn panics.
func (f *Frame) WithPhase(name string, fn func()) {
	defer f.Phase(name)()
	fn()
}

// CurrentPhase returns the innermost open phase's name, "" outside of phases.
func (f *Frame) CurrentPhase() string { return f.w.phases.current().name }

// PhasePath returns the names of the open phases from the outermost in, joined
// by slashes, "" outside of phases.
func (f *Frame) PhasePath() string { return f.w.phases.path() }

func (t *scopes) path() string { return t.current().path }

// TagStats are the sums of one tag since the start, without the tags inside it.
type TagStats struct {
	Path    string // "" stands for what was allocated outside of tags
	Entered uint64 // how often its scope was opened

	Frame IntentStats
	Pool  IntentStats
	Heap  IntentStats

	// LastFrameBytes and LastFrameAllocations are those of frame memory in the
	// last frame that used the tag; HighWater is the most of any frame.
	LastFrameBytes       int
	LastFrameAllocations int
	HighWater            int
}

// PhaseStats are the sums of one phase since the start. Bytes and allocations
// are without the phases inside it, durations with them.
type PhaseStats struct {
	Path    string
	Entered uint64

	Frame    IntentStats
	Duration time.Duration

	// LastFrameBytes, LastFrameAllocations and LastFrameDuration are those of
	// the last frame that had the phase.
	LastFrameBytes       int
	LastFrameAllocations int
	LastFrameDuration    time.Duration
}

// TagStats returns the worker's tags, sorted by path. It may be called from any
// goroutine, and is as of the worker's last frame end.
func (w *Worker) TagStats() []TagStats { return w.AppendTagStats(nil) }

// AppendTagStats appends what TagStats returns to list and returns the result.
// It may be called from any goroutine, and allocates only where list is too short.
func (w *Worker) AppendTagStats(list []TagStats) []TagStats {
	n := len(list)
	w.tags.each(func(n *scopeNode) { list = append(list, n.published.tagStats(n.path)) })
	slices.SortFunc(list[n:], func(a, b TagStats) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// TagStats returns the tags of all open workers, summed by path and sorted by
// it. It may be called from any goroutine.
func (a *Allocator) TagStats() []TagStats {
	var sum []TagStats
	for _, w := range a.Workers() {
		sum = sumTags(sum, &w.tags)
	}
	return sum
}

// PhaseStats returns the worker's phases, sorted by path. It may be called from
// any goroutine, and is as of the worker's last frame end.
func (w *Worker) PhaseStats() []PhaseStats { return w.AppendPhaseStats(nil) }

// AppendPhaseStats appends what PhaseStats returns to list and returns the
// result. It may be called from any goroutine, and allocates only where list is
// too short.
func (w *Worker) AppendPhaseStats(list []PhaseStats) []PhaseStats {
	n := len(list)
	w.phases.each(func(n *scopeNode) {
		if n.path == "" {
			return
		}
		p := &n.published
		list = append(list, PhaseStats{
			Path: n.path, Entered: p.entered.Load(),
			Frame:                IntentStats{Allocations: p.frameAllocs.Load(), Bytes: p.frameBytes.Load()},
			Duration:             time.Duration(p.duration.Load()),
			LastFrameBytes:       int(p.lastBytes.Load()),
			LastFrameAllocations: int(p.lastAllocs.Load()),
			LastFrameDuration:    time.Duration(p.lastTime.Load()),
		})
	})
	slices.SortFunc(list[n:], func(a, b PhaseStats) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// each calls fn for the nodes made so far. The owner waits for it where it makes
// another: fn is short.
func (t *scopes) each(fn func(*scopeNode)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range t.nodes {
		fn(n)
	}
}

func sumTags(sum []TagStats, t *scopes) []TagStats {
	t.each(func(n *scopeNode) {
		s := n.published.tagStats(n.path)
		i, found := slices.BinarySearchFunc(sum, s, func(a, b TagStats) int { return cmp.Compare(a.Path, b.Path) })
		if !found {
			sum = slices.Insert(sum, i, s)
			return
		}
		sum[i].add(s)
	})
	return sum
}

func (s *TagStats) add(o TagStats) {
	s.Entered += o.Entered
	s.Frame.add(o.Frame)
	s.Pool.add(o.Pool)
	s.Heap.add(o.Heap)
	s.LastFrameBytes += o.LastFrameBytes
	s.LastFrameAllocations += o.LastFrameAllocations
	s.HighWater += o.HighWater
}

func (p *scopePublished) tagStats(path string) TagStats {
	return TagStats{
		Path: path, Entered: p.entered.Load(),
		Frame:                IntentStats{Allocations: p.frameAllocs.Load(), Bytes: p.frameBytes.Load()},
		Pool:                 IntentStats{Allocations: p.poolAllocs.Load(), Bytes: p.poolBytes.Load(), Frees: p.poolFrees.Load()},
		Heap:                 IntentStats{Allocations: p.heapAllocs.Load(), Bytes: p.heapBytes.Load()},
		LastFrameBytes:       int(p.lastBytes.Load()),
		LastFrameAllocations: int(p.lastAllocs.Load()),
		HighWater:            int(p.highWater.Load()),
	}
}
