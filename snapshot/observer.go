package snapshot

import (
	"strings"
	"sync"

	"github.com/framealloc/framealloc"
)

// An Observer watches an allocator, so that snapshots can be taken of it. All
// methods may be called from any goroutine.
type Observer struct {
	alloc *framealloc.Allocator
	name  string
	stop  func()

	mu         sync.Mutex
	sequence   uint64
	modes      framealloc.Modes // that modesText spells
	modesText  string
	workers    map[string]*worker
	promotions Promotions
	transfers  Transfers
	trades     Trades
	exceeded   map[budgetKey]*exceeded
	garbage    foundGarbage
}

// worker is what hooks tell of the workers of one name.
type worker struct {
	last   Frame
	timing Timing
}

// budgetKey says which budget it is. Tags share theirs among workers.
type budgetKey struct {
	scope       framealloc.BudgetScope
	worker, tag string
}

type exceeded struct{ soft, hard uint64 }

// Observe begins to watch an allocator, each of its workers from the next frame
// on. Call Stop when the observer is no longer needed.
func Observe(alloc *framealloc.Allocator) *Observer { return ObserveAs("", alloc) }

// ObserveAs is Observe with a name for the allocator, for programs that have
// several: it stands in snapshots and labels.
func ObserveAs(name string, alloc *framealloc.Allocator) *Observer {
	o := &Observer{
		alloc: alloc, name: name, modesText: framealloc.Modes(0).String(),
		workers: map[string]*worker{}, exceeded: map[budgetKey]*exceeded{},
	}
	o.stop = alloc.Observe(framealloc.Hooks{
		FrameEnd:   o.frameEnded,
		Budget:     o.budgetCrossed,
		Promotion:  o.promoted,
		PoolRefill: o.traded,
		Transfer:   o.transferred,
	})
	return o
}

// Stop ends watching. Snapshots can still be taken, of what has been seen.
// Stopping twice does nothing.
func (o *Observer) Stop() { o.stop() }

// Allocator returns the allocator that is watched.
func (o *Observer) Allocator() *framealloc.Allocator { return o.alloc }

// Name returns the name given to [ObserveAs].
func (o *Observer) Name() string { return o.name }

func (o *Observer) frameEnded(e framealloc.FrameEnd) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.workers[e.Worker]
	if w == nil {
		w = new(worker)
		o.workers[e.Worker] = w
	}
	w.timing.book(e.Duration, e.Pause, e.Collections)
	w.last = Frame{
		Worker: e.Worker, Number: e.Number, Bytes: uint64(e.Bytes), Allocations: uint64(e.Allocations),
		HighWater: uint64(e.HighWater), Duration: int64(e.Duration), Collections: uint64(e.Collections), Pause: int64(e.Pause),
	}
}

func (o *Observer) budgetCrossed(e framealloc.BudgetEvent) {
	if e.Kind == framealloc.NewPeak {
		return
	}
	key := budgetKey{scope: e.Scope}
	switch e.Scope {
	case framealloc.WorkerBudget:
		key.worker, _, _ = strings.Cut(e.Worker, "/fork ") // a fork shares its parent's
	case framealloc.TagBudget:
		key.tag = e.Tag
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	x := o.exceeded[key]
	if x == nil {
		x = new(exceeded)
		o.exceeded[key] = x
	}
	if e.Kind == framealloc.SoftExceeded {
		x.soft++
	} else {
		x.hard++
	}
}

func (o *Observer) promoted(p framealloc.Promotion) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p.Err != nil {
		if e, ok := p.Err.(*framealloc.PromotionError); ok && e.Reason == framealloc.Discarded {
			o.promotions.Discarded++
		} else {
			o.promotions.Failed++
		}
		return
	}
	o.promotions.Bytes += uint64(p.Bytes)
	switch p.Policy {
	case framealloc.ToPool:
		o.promotions.ToPool++
	case framealloc.ToHeap:
		o.promotions.ToHeap++
	default:
		o.promotions.ToScratch++
	}
}

func (o *Observer) traded(e framealloc.PoolRefill) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trades.Taken += uint64(e.Taken)
	o.trades.Made += uint64(e.Made)
	o.trades.Given += uint64(e.Given)
}

func (o *Observer) transferred(e framealloc.TransferEvent) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch e.Kind {
	case framealloc.TransferMade:
		o.transfers.Made++
		o.transfers.Bytes += uint64(e.Bytes)
	case framealloc.TransferReceived:
		o.transfers.Received++
	case framealloc.TransferDropped:
		o.transfers.Dropped++
	}
}
