package metrics

import (
	"slices"

	"github.com/framealloc/framealloc/snapshot"
)

// Figures returns all figures, in the order in which they are shown. The slice is
// the caller's.
func Figures() []Figure { return slices.Clone(table) }

// The label names.
const (
	Worker   = "worker"   // a worker's name
	Tag      = "tag"      // a tag's path, "" for what is outside of tags
	Phase    = "phase"    // a phase's path
	Intent   = "intent"   // frame, pool or heap
	Outcome  = "outcome"  // of a retained value: pool, heap, scratch, discarded or failed
	Step     = "step"     // of a transfer: made, received or dropped
	Trade    = "trade"    // of a pool with the depot: taken, made or given
	Severity = "severity" // hint, warning or error
	Scope    = "scope"    // of a budget: global, frame, worker or tag
	Level    = "level"    // of a budget: soft or hard
)

// AllocatorLabel is the label that every figure has besides its own when the
// observer has a name: see [snapshot.ObserveAs].
const AllocatorLabel = "allocator"

// table has each figure once. All that is shown anywhere is made from it.
var table = []Figure{
	// Of the allocator as a whole, closed workers included.
	{Name: "framealloc.workers", Kind: UpDown, Unit: "{worker}", Help: "Workers that are open.",
		read: one(func(s *snapshot.Snapshot) uint64 { return uint64(s.Totals.Workers) })},
	{Name: "framealloc.frames", Kind: Counter, Unit: "{frame}", Help: "Frames that have ended.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Frames })},
	{Name: "framealloc.frame.allocated", Kind: Counter, Unit: "By", Help: "Frame memory allocated.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Frame.Bytes })},
	{Name: "framealloc.frame.allocations", Kind: Counter, Unit: "{allocation}", Help: "Allocations from frame memory.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Frame.Allocations })},
	{Name: "framealloc.frame.growths", Kind: Counter, Unit: "{growth}", Help: "Chunks and slabs of frame memory made because a frame needed more.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Growths })},
	{Name: "framealloc.frame.capacity", Kind: UpDown, Unit: "By", Help: "Frame memory held.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Capacity })},
	{Name: "framealloc.frame.high_water", Kind: Gauge, Unit: "By", Help: "The most that one frame ever held at once.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.HighWater })},
	{Name: "framealloc.pool.allocated", Kind: Counter, Unit: "By", Help: "Bytes of the objects taken from pools.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Pool.Bytes })},
	{Name: "framealloc.pool.gets", Kind: Counter, Unit: "{object}", Help: "Objects taken from pools.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Pool.Allocations })},
	{Name: "framealloc.pool.puts", Kind: Counter, Unit: "{object}", Help: "Objects put back into pools.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Pool.Frees })},
	{Name: "framealloc.pool.trades", Kind: Counter, Unit: "{object}", Help: "Objects that pools took from the shared depot, made because it had none, or gave to it.",
		Labels: []string{Trade},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			_ = yield(point(s.Trades.Taken, "taken")) &&
				yield(point(s.Trades.Made, "made")) &&
				yield(point(s.Trades.Given, "given"))
		}},
	{Name: "framealloc.heap.allocated", Kind: Counter, Unit: "By", Help: "Memory allocated with heap intent, promotions included.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Heap.Bytes })},
	{Name: "framealloc.heap.allocations", Kind: Counter, Unit: "{allocation}", Help: "Allocations with heap intent, promotions included.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Totals.Heap.Allocations })},
	{Name: "framealloc.deferred.queued", Kind: Counter, Unit: "{object}", Help: "Pool objects that other goroutines gave back.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Deferred.Queued })},
	{Name: "framealloc.deferred.processed", Kind: Counter, Unit: "{object}", Help: "Of those, taken into a pool or the depot.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Deferred.Processed })},
	{Name: "framealloc.deferred.dropped", Kind: Counter, Unit: "{object}", Help: "Of those, left to the collector.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Deferred.Dropped })},
	{Name: "framealloc.deferred.pending", Kind: UpDown, Unit: "{object}", Help: "Of those, waiting.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Deferred.Pending })},
	{Name: "framealloc.promotions", Kind: Counter, Unit: "{value}", Help: "Retained values at their frames' ends, by what became of them.",
		Labels: []string{Outcome},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			p := &s.Promotions
			_ = yield(point(p.ToPool, "pool")) &&
				yield(point(p.ToHeap, "heap")) &&
				yield(point(p.ToScratch, "scratch")) &&
				yield(point(p.Discarded, "discarded")) &&
				yield(point(p.Failed, "failed"))
		}},
	{Name: "framealloc.promoted", Kind: Counter, Unit: "By", Help: "Bytes of the values that outlived their frames.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Promotions.Bytes })},
	{Name: "framealloc.transfers", Kind: Counter, Unit: "{value}", Help: "Values handed to other goroutines, by step.",
		Labels: []string{Step},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			_ = yield(point(s.Transfers.Made, "made")) &&
				yield(point(s.Transfers.Received, "received")) &&
				yield(point(s.Transfers.Dropped, "dropped"))
		}},
	{Name: "framealloc.transferred", Kind: Counter, Unit: "By", Help: "Bytes of the values handed to other goroutines.",
		read: one(func(s *snapshot.Snapshot) uint64 { return s.Transfers.Bytes })},
	{Name: "framealloc.diagnostics", Kind: Counter, Unit: "{diagnostic}", Help: "Diagnostics that the allocator's reporter has taken.",
		Labels: []string{Severity},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			_ = yield(point(s.Diagnostics.Hints, "hint")) &&
				yield(point(s.Diagnostics.Warnings, "warning")) &&
				yield(point(s.Diagnostics.Errors, "error"))
		}},

	// Garbage; there are none of these while nobody looks for it.
	{Name: "framealloc.garbage.frames", Kind: Counter, Unit: "{frame}", Help: "Frames in which heap garbage was looked for.",
		read: ofGarbage(func(g *snapshot.Garbage) uint64 { return g.Frames })},
	{Name: "framealloc.garbage.allocated", Kind: Counter, Unit: "By", Help: "Heap memory that anyone allocated during those frames.",
		read: ofGarbage(func(g *snapshot.Garbage) uint64 { return g.Bytes })},
	{Name: "framealloc.garbage.allocations", Kind: Counter, Unit: "{allocation}", Help: "Heap allocations that anyone made during those frames.",
		read: ofGarbage(func(g *snapshot.Garbage) uint64 { return g.Allocations })},

	// Of each open worker.
	{Name: "framealloc.worker.frames", Kind: Counter, Unit: "{frame}", Help: "Frames of the worker that have ended.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Frames })},
	{Name: "framealloc.worker.frame.duration", Kind: Histogram, Unit: "s", Help: "How long the worker's frames took.",
		Labels: []string{Worker},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			for i := range s.Workers {
				w := &s.Workers[i]
				p := point(uint64(w.Timing.Total), w.Name)
				p.Buckets = w.Timing.Buckets[:]
				if !yield(p) {
					return
				}
			}
		}},
	{Name: "framealloc.worker.frame.allocated", Kind: Counter, Unit: "By", Help: "Frame memory allocated by the worker.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Frame.Bytes })},
	{Name: "framealloc.worker.frame.allocations", Kind: Counter, Unit: "{allocation}", Help: "Allocations of the worker from frame memory.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Frame.Allocations })},
	{Name: "framealloc.worker.frame.last", Kind: Gauge, Unit: "By", Help: "Frame memory allocated in the worker's last frame that took any.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.LastFrame.Bytes })},
	{Name: "framealloc.worker.frame.high_water", Kind: Gauge, Unit: "By", Help: "The most that one of the worker's frames ever held at once.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.HighWater })},
	{Name: "framealloc.worker.frame.capacity", Kind: UpDown, Unit: "By", Help: "Frame memory held by the worker.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Capacity })},
	{Name: "framealloc.worker.pool.allocated", Kind: Counter, Unit: "By", Help: "Bytes of the objects that the worker took from pools.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Pool.Bytes })},
	{Name: "framealloc.worker.heap.allocated", Kind: Counter, Unit: "By", Help: "Memory that the worker allocated with heap intent.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Heap.Bytes })},
	{Name: "framealloc.worker.collections", Kind: Counter, Unit: "{collection}", Help: "Garbage collections that completed during the worker's frames.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return w.Timing.Collections })},
	{Name: "framealloc.worker.collection.pause", Kind: Counter, Unit: "s", Help: "How long those collections stopped the program.",
		Labels: []string{Worker}, read: ofWorkers(func(w *snapshot.Worker) uint64 { return uint64(w.Timing.Pause) })},

	// Of each tag of each open worker, without the tags inside it.
	{Name: "framealloc.tag.allocated", Kind: Counter, Unit: "By", Help: "Memory allocated under the tag.",
		Labels: []string{Worker, Tag, Intent},
		read:   byIntent(func(i *snapshot.Intent) uint64 { return i.Bytes })},
	{Name: "framealloc.tag.allocations", Kind: Counter, Unit: "{allocation}", Help: "Allocations under the tag.",
		Labels: []string{Worker, Tag, Intent},
		read:   byIntent(func(i *snapshot.Intent) uint64 { return i.Allocations })},
	{Name: "framealloc.tag.frame.last", Kind: Gauge, Unit: "By", Help: "Frame memory allocated under the tag in the last frame that used it.",
		Labels: []string{Worker, Tag}, read: ofTags(func(t *snapshot.Tag) uint64 { return t.LastFrame.Bytes })},
	{Name: "framealloc.tag.frame.high_water", Kind: Gauge, Unit: "By", Help: "The most frame memory that was allocated under the tag in one frame.",
		Labels: []string{Worker, Tag}, read: ofTags(func(t *snapshot.Tag) uint64 { return t.HighWater })},

	// Of each phase of each open worker.
	{Name: "framealloc.phase.duration", Kind: Counter, Unit: "s", Help: "Time spent in the phase, those inside it included.",
		Labels: []string{Worker, Phase}, read: ofPhases(func(p *snapshot.Phase) uint64 { return uint64(p.Duration) })},
	{Name: "framealloc.phase.last", Kind: Gauge, Unit: "s", Help: "Time spent in the phase in the last frame that had it.",
		Labels: []string{Worker, Phase}, read: ofPhases(func(p *snapshot.Phase) uint64 { return uint64(p.LastDuration) })},
	{Name: "framealloc.phase.entered", Kind: Counter, Unit: "{time}", Help: "How often the phase was begun.",
		Labels: []string{Worker, Phase}, read: ofPhases(func(p *snapshot.Phase) uint64 { return p.Entered })},
	{Name: "framealloc.phase.allocated", Kind: Counter, Unit: "By", Help: "Frame memory allocated in the phase, without those inside it.",
		Labels: []string{Worker, Phase}, read: ofPhases(func(p *snapshot.Phase) uint64 { return p.Frame.Bytes })},

	// Of each budget.
	{Name: "framealloc.budget.limit", Kind: Gauge, Unit: "By", Help: "The budget's threshold (soft) and limit (hard), where it has them.",
		Labels: []string{Scope, Worker, Tag, Level},
		read: byLevel(func(b *snapshot.Budget) (soft, hard uint64, hasSoft, hasHard bool) {
			return b.Soft, b.Hard, b.Soft > 0, b.Hard > 0
		})},
	{Name: "framealloc.budget.peak", Kind: Gauge, Unit: "By", Help: "The most that was in use at once of what the budget bounds.",
		Labels: []string{Scope, Worker, Tag},
		read: func(s *snapshot.Snapshot, yield func(Point) bool) {
			for i := range s.Budgets {
				if b := &s.Budgets[i]; !yield(point(b.Peak, b.Scope, b.Worker, b.Tag)) {
					return
				}
			}
		}},
	{Name: "framealloc.budget.exceeded", Kind: Counter, Unit: "{time}", Help: "How often the budget's threshold or limit was crossed, or would have been.",
		Labels: []string{Scope, Worker, Tag, Level},
		read: byLevel(func(b *snapshot.Budget) (soft, hard uint64, hasSoft, hasHard bool) {
			return b.SoftExceeded, b.HardExceeded, b.Soft > 0, b.Hard > 0
		})},
}

func point(value uint64, labels ...string) Point {
	p := Point{Value: value}
	copy(p.Labels[:], labels)
	return p
}

type reader = func(s *snapshot.Snapshot, yield func(Point) bool)

func one(get func(*snapshot.Snapshot) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) { yield(point(get(s))) }
}

func ofGarbage(get func(*snapshot.Garbage) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		if s.Garbage != nil {
			yield(point(get(s.Garbage)))
		}
	}
}

func ofWorkers(get func(*snapshot.Worker) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		for i := range s.Workers {
			if w := &s.Workers[i]; !yield(point(get(w), w.Name)) {
				return
			}
		}
	}
}

func ofTags(get func(*snapshot.Tag) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		for i := range s.Tags {
			if t := &s.Tags[i]; !yield(point(get(t), t.Worker, t.Path)) {
				return
			}
		}
	}
}

func byIntent(get func(*snapshot.Intent) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		for i := range s.Tags {
			t := &s.Tags[i]
			if !yield(point(get(&t.Frame), t.Worker, t.Path, "frame")) ||
				!yield(point(get(&t.Pool), t.Worker, t.Path, "pool")) ||
				!yield(point(get(&t.Heap), t.Worker, t.Path, "heap")) {
				return
			}
		}
	}
}

func ofPhases(get func(*snapshot.Phase) uint64) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		for i := range s.Phases {
			if p := &s.Phases[i]; !yield(point(get(p), p.Worker, p.Path)) {
				return
			}
		}
	}
}

func byLevel(get func(*snapshot.Budget) (soft, hard uint64, hasSoft, hasHard bool)) reader {
	return func(s *snapshot.Snapshot, yield func(Point) bool) {
		for i := range s.Budgets {
			b := &s.Budgets[i]
			soft, hard, hasSoft, hasHard := get(b)
			if hasSoft && !yield(point(soft, b.Scope, b.Worker, b.Tag, "soft")) ||
				hasHard && !yield(point(hard, b.Scope, b.Worker, b.Tag, "hard")) {
				return
			}
		}
	}
}
