package behavior

import (
	"strings"
	"sync"

	"github.com/framealloc/framealloc"
)

// Options say how closely a [Filter] looks. The zero value works.
type Options struct {
	// Thresholds decide what is reported; the zero value stands for [Default].
	Thresholds Thresholds

	// PoolEvery follows single pool objects and heap allocations in one frame of
	// so many; 0 means 8, negative never. FA510 comes from it, and the lines that
	// findings name.
	PoolEvery int
	// ContentsEvery compares the contents of each tag's memory in one frame of
	// so many; 0 means 8, negative never. FA501 comes from it.
	ContentsEvery int
}

func (o Options) withDefaults() Options {
	if o.Thresholds == (Thresholds{}) {
		o.Thresholds = Default()
	}
	if o.PoolEvery == 0 {
		o.PoolEvery = 8
	}
	if o.ContentsEvery == 0 {
		o.ContentsEvery = 8
	}
	return o
}

// A Filter watches an allocator. Its methods may be called from any goroutine.
type Filter struct {
	alloc   *framealloc.Allocator
	options Options
	stop    func()

	mu      sync.Mutex
	workers map[string]*watched
}

// Watch watches the workers of an allocator from their next frames on, until
// [Filter.Stop].
func Watch(alloc *framealloc.Allocator, o Options) *Filter {
	f := &Filter{alloc: alloc, options: o.withDefaults(), workers: make(map[string]*watched)}
	h := framealloc.Hooks{
		FrameBegin:  f.frameBegin,
		FrameEnd:    f.frameEnd,
		Promotion:   f.promotion,
		Tag:         f.tag,
		TagContents: max(0, f.options.ContentsEvery),
	}
	if f.options.PoolEvery > 0 {
		h.Alloc, h.Free = f.allocated, f.freed
		h.AllocIntents = []framealloc.Intent{framealloc.IntentPool, framealloc.IntentHeap}
		h.AllocEvery = f.options.PoolEvery
	}
	f.stop = alloc.Observe(h)
	return f
}

// Stop ends the watching with each worker's current frame. What was seen stays:
// see [Filter.Report]. Stopping twice does nothing.
func (f *Filter) Stop() { f.stop() }

// Reset forgets what was seen so far, frames to warm up included: at the end of a
// loading screen, say.
func (f *Filter) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.workers)
}

// maxWorkers is how many workers are told apart; beyond it, all further ones
// count as one, so that a program that makes up names costs no more memory.
const (
	maxWorkers   = 256
	otherWorkers = "(other workers)"
)

// watched is what is known of the workers of one name.
type watched struct {
	name    string
	frames  uint64 // ended since the filter began
	active  bool   // between a frame's begin and end, after the warm-up
	looking bool   // single objects are followed in the frame
	tags    map[string]*tally
	follow  follower
	forks   bool // forks of its frames take heap memory
	garbage garbage

	poolPuts, promotedToPool uint64
}

// judged is the number of frames that count.
func (w *watched) judged(t Thresholds) uint64 {
	return w.frames - min(w.frames, uint64(max(0, t.WarmUp)))
}

// tally finds or makes the sums of one tag.
func (w *watched) tally(path string) *tally {
	t := w.tags[path]
	if t == nil {
		t = &tally{path: path, since: w.frames}
		w.tags[path] = t
	}
	return t
}

// worker returns what is known of a worker if the frame that runs counts. The
// caller holds the lock.
func (f *Filter) worker(name string) *watched {
	w := f.workers[name]
	if w == nil && len(f.workers) > maxWorkers {
		w = f.workers[otherWorkers]
	}
	if w == nil || !w.active {
		return nil // a fork, or warming up, or between frames
	}
	return w
}

func (f *Filter) frameBegin(e framealloc.FrameBegin) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := e.Worker
	w := f.workers[name]
	if w == nil && len(f.workers) >= maxWorkers {
		name = otherWorkers
		w = f.workers[name]
	}
	if w == nil {
		w = &watched{name: name, tags: make(map[string]*tally)}
		f.workers[name] = w
	}
	w.active = w.frames >= uint64(max(0, f.options.Thresholds.WarmUp))
	every := uint64(max(1, f.options.PoolEvery))
	w.looking = f.options.PoolEvery > 0 && e.Number%every == 0
}

func (f *Filter) frameEnd(e framealloc.FrameEnd) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.workers[e.Worker]
	if w == nil {
		w = f.workers[otherWorkers]
	}
	if w != nil {
		w.frames++
		if w.active && f.alloc.Modes() == framealloc.ModeGarbage { // other modes allocate themselves
			w.garbage.frame(e)
		}
		w.active = false
	}
}

func (f *Filter) tag(e framealloc.TagFrame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w := f.worker(e.Worker); w != nil {
		w.poolPuts += uint64(e.PoolPuts)
		w.tally(e.Path).frame(e, w.looking)
	}
}

func (f *Filter) promotion(p framealloc.Promotion) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w := f.worker(p.Worker); w != nil && p.Err == nil {
		if p.Policy == framealloc.ToPool {
			w.promotedToPool++
		}
		w.tally(p.Tag).promotion(p)
	}
}

func (f *Filter) allocated(e framealloc.Alloc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.worker(e.Worker)
	if w == nil {
		if parent, _, fork := strings.Cut(e.Worker, "/fork "); fork && e.Intent == framealloc.IntentHeap {
			if w = f.worker(parent); w != nil {
				w.forks = true
			}
		}
		return
	}
	switch t := w.tally(e.Tag); e.Intent {
	case framealloc.IntentHeap:
		t.heap.seen++
		t.heap.sites.at(e.PC, e.Type, e.Bytes)
	case framealloc.IntentPool:
		if s := t.pool.sites.at(e.PC, e.Type, e.Bytes); s != nil && e.Bytes > 0 {
			w.follow.taken(e.Object, e.Frame, s)
		}
	}
}

func (f *Filter) freed(e framealloc.Free) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w := f.worker(e.Worker); w != nil {
		w.follow.put(e.Object, e.Frame)
	}
}
