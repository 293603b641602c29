package framealloc

import (
	"sync/atomic"
)

// Stats are sums since the start, of one worker or of a whole allocator. Sizes
// are in bytes. They are as of each worker's last frame boundary; what happens
// between frames shows with the next one, or after [Worker.Publish].
type Stats struct {
	Frames    uint64 // frames ended
	HighWater int    // the most bytes one frame held at once
	Growths   uint64 // how often frame memory had to grow
	Capacity  int    // frame memory held now

	// LastFrameBytes and LastFrameAllocations are those of the frame that ended
	// last and allocated anything. For an allocator: of its main worker.
	LastFrameBytes       int
	LastFrameAllocations int

	Frame IntentStats // frame memory
	Pool  IntentStats // pool objects and pooled byte buffers
	Heap  IntentStats // heap intent, promotions included

	// Deferred is as of now, not of a frame boundary.
	Deferred DeferredStats
}

// IntentStats count what was allocated with one intent.
type IntentStats struct {
	Allocations uint64
	Bytes       uint64
	Frees       uint64 // given back one by one; 0 where the intent has no such thing
}

func (s *IntentStats) add(o IntentStats) {
	s.Allocations += o.Allocations
	s.Bytes += o.Bytes
	s.Frees += o.Frees
}

func (s *Stats) add(o Stats) {
	s.Frames += o.Frames
	s.HighWater = max(s.HighWater, o.HighWater)
	s.Growths += o.Growths
	s.Capacity += o.Capacity
	s.Frame.add(o.Frame)
	s.Pool.add(o.Pool)
	s.Heap.add(o.Heap)
	s.Deferred.add(o.Deferred)
}

// Stats returns the worker's sums. It may be called from any goroutine.
func (w *Worker) Stats() Stats {
	s := w.published.stats()
	if !w.isFork() {
		s.Deferred = w.deferred.stats()
	}
	return s
}

// Publish brings the worker's Stats up to date, for use between frames. It
// belongs to the worker's goroutine.
func (w *Worker) Publish() { w.pools.publish(w.published) }

// Stats returns the sums over all workers, closed ones included. It may be
// called from any goroutine.
func (a *Allocator) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	sum := a.retired
	late := a.droppedLate.Load()
	sum.Deferred.Queued += late
	sum.Deferred.Dropped += late
	for _, e := range a.enrolled {
		s := e.published.stats()
		s.Deferred = e.deferred.stats()
		sum.add(s)
	}
	m := a.main.Stats()
	sum.LastFrameBytes, sum.LastFrameAllocations = m.LastFrameBytes, m.LastFrameAllocations
	return sum
}

// published is what a worker lets other goroutines read. Only the owner
// writes, so loads followed by stores are no lost updates.
type published struct {
	_                      [64]byte // not on a cache line with what the owner works on
	frames                 atomic.Uint64
	frameAllocs, frameSize atomic.Uint64
	highWater              atomic.Int64
	growths                atomic.Uint64
	capacity               atomic.Int64
	lastSize, lastAllocs   atomic.Int64
	poolGets, poolPuts     atomic.Uint64
	poolSize               atomic.Uint64
	heapAllocs, heapSize   atomic.Uint64
	budget                 atomic.Pointer[BudgetStats] // the worker's, if set, without its peak
	budgetPeak             atomic.Int64
	counting               atomic.Bool // garbage, in the active frame
	closed                 atomic.Bool // the worker is, or nobody has it any more
	_                      [64]byte
}

func (p *published) frameDone(f *Frame) {
	size, count := f.bytes(), f.count()
	p.frameSize.Store(p.frameSize.Load() + uint64(size))
	p.frameAllocs.Store(p.frameAllocs.Load() + uint64(count))
	set(&p.lastSize, int64(size))
	set(&p.lastAllocs, int64(count))
	if peak := int64(f.peak()); peak > p.highWater.Load() {
		p.highWater.Store(peak)
	}
	if n := f.mem.Grown() + f.forkSums.grown; n > 0 {
		p.growths.Store(p.growths.Load() + uint64(n))
	}
}

// set stores v unless it is there already: a store that others must see costs
// several nanoseconds, a look almost nothing, and most figures stay.
func set(p *atomic.Int64, v int64) {
	if p.Load() != v {
		p.Store(v)
	}
}

// setUnsigned is set for a sum.
func setUnsigned(p *atomic.Uint64, v uint64) {
	if p.Load() != v {
		p.Store(v)
	}
}

func (p *published) stats() Stats {
	return Stats{
		Frames:               p.frames.Load(),
		HighWater:            int(p.highWater.Load()),
		Growths:              p.growths.Load(),
		Capacity:             int(p.capacity.Load()),
		LastFrameBytes:       int(p.lastSize.Load()),
		LastFrameAllocations: int(p.lastAllocs.Load()),
		Frame:                IntentStats{Allocations: p.frameAllocs.Load(), Bytes: p.frameSize.Load()},
		Pool:                 IntentStats{Allocations: p.poolGets.Load(), Bytes: p.poolSize.Load(), Frees: p.poolPuts.Load()},
		Heap:                 IntentStats{Allocations: p.heapAllocs.Load(), Bytes: p.heapSize.Load()},
	}
}

// heapAllocated books an allocation with heap intent. Other goroutines may do
// so too.
func (p *published) heapAllocated(size int) {
	p.heapAllocs.Add(1)
	p.heapSize.Add(uint64(size))
}
