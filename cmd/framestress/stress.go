package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/framesync"
	"github.com/framealloc/framealloc/stream"
)

// A result is what a run found.
type result struct {
	Seed        uint64   `json:"seed"`
	Workers     int      `json:"workers"`
	Frames      uint64   `json:"frames"`
	Allocations uint64   `json:"allocations"`
	Transfers   uint64   `json:"transfers"`
	Loads       uint64   `json:"loads"`
	Collections uint32   `json:"collections"`
	Rate        float64  `json:"checked_allocations_per_second"`
	Violations  []string `json:"violations"`
}

// stressed is what the workers share.
type stressed struct {
	seed      uint64
	alloc     *framealloc.Allocator
	barrier   *framesync.Barrier // nil in every other run: the workers then run free
	parcels   chan *framesync.Transfer[[]item]
	boxes     chan loan
	traded    chan held
	shown     []atomic.Pointer[held] // at the barrier, by worker
	entries   []*stream.Entry[item]
	stop      atomic.Bool
	transfers atomic.Uint64
	strays    sync.WaitGroup // forks that nobody waits for before their frame ends
	corrupt   func(*item)    // a test's way to see that the checks can fail

	mu         sync.Mutex
	violations []string
}

// A loan is a box that another worker frees.
type loan struct {
	box  framealloc.Box[item]
	seed uint64
}

func (s *stressed) violation(worker string, step int, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.violations) < 20 {
		s.violations = append(s.violations, fmt.Sprintf("seed %d, worker %s, step %d: %s", s.seed, worker, step, what))
	}
	s.stop.Store(true)
}

// stress runs the workers for the given time. corrupt, if not nil, is let loose
// on values that are alive.
func stress(seed uint64, workers int, duration time.Duration, corrupt func(*item)) result {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	reporter := diag.NewReporter(diag.Options{Sinks: []diag.Sink{diag.SinkFunc(func(diag.Diagnostic) {})}})
	s := &stressed{
		seed: seed,
		alloc: framealloc.NewAllocator(framealloc.Config{
			ChunkSize: 4 << 10, FramesInFlight: int(seed % 3), PoolMagazine: 8, ShrinkAfter: 20, Reporter: reporter,
			Debug: seed%4 == 3, // every allocation the slow way
			Deferred: framealloc.DeferredConfig{
				Capacity: 8, PerAllocation: int(seed / 2 % 2),
				Policy: []framealloc.DeferredPolicy{
					framealloc.GrowWhenFull, framealloc.DropOldest, framealloc.ProcessImmediately, framealloc.FailWhenFull,
				}[seed%4],
			},
			Forks: []framealloc.ForkPolicy{framealloc.WaitForForks, framealloc.AbandonForks}[seed/4%2],
		}),
		parcels: make(chan *framesync.Transfer[[]item], 16), boxes: make(chan loan, 16),
		traded: make(chan held, 16), shown: make([]atomic.Pointer[held], workers), corrupt: corrupt,
	}
	streamed, list := newStream(s.alloc)
	s.entries = list
	if seed%2 == 0 {
		var names []string
		for i := range workers {
			names = append(names, workerName(i))
		}
		s.barrier = framesync.NewBarrier(names...)
	}
	s.alloc.SetBudget(framealloc.Budget{Soft: 1 << 20, Hard: 64 << 20, Policy: framealloc.Promote})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	var wg, background sync.WaitGroup
	background.Go(s.collect)
	background.Go(s.observe)
	for i := range workers {
		wg.Go(func() { s.work(i) })
	}
	for time.Since(began) < duration && !s.stop.Load() {
		time.Sleep(time.Millisecond)
	}
	s.stop.Store(true)
	wg.Wait()
	s.strays.Wait()
	background.Wait()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	s.drain()
	if st := streamed.Stats(); st.Used > st.Budget || st.Failed > 0 {
		s.violation("main", 0, fmt.Sprintf("streamed %+v", st))
	}
	loads := streamed.Stats().Loads
	streamed.Close()
	stats := s.alloc.Stats()
	if err := s.alloc.Close(); err != nil {
		s.violation("main", 0, err.Error())
	}
	n := stats.Frame.Allocations + stats.Pool.Allocations
	return result{
		Seed: seed, Workers: workers, Frames: stats.Frames, Allocations: n, Transfers: s.transfers.Load(), Loads: loads,
		Collections: after.NumGC - before.NumGC, Rate: float64(n) / took.Seconds(), Violations: s.violations,
	}
}

// collect keeps the collector running.
func (s *stressed) collect() {
	for !s.stop.Load() {
		runtime.GC()
	}
}

// observe comes and goes.
func (s *stressed) observe() {
	rng := rand.New(rand.NewPCG(s.seed, 99))
	for !s.stop.Load() {
		h := framealloc.Hooks{FrameEnd: func(framealloc.FrameEnd) {}, TagLeave: func(framealloc.ScopeLeave) {}}
		if rng.IntN(20) == 0 {
			h.Alloc = func(framealloc.Alloc) {}
		}
		stop := s.alloc.Observe(h)
		time.Sleep(time.Duration(rng.IntN(1000)) * time.Microsecond)
		stop()
	}
}

// drain receives and frees what is still on its way.
func (s *stressed) drain() {
	for {
		select {
		case t := <-s.parcels:
			t.Drop()
		case l := <-s.boxes:
			if err := l.box.TryFreeFrom(nil); err != nil && !errors.Is(err, diag.FA204) {
				s.violation("main", 0, err.Error())
			}
		default:
			return
		}
	}
}
