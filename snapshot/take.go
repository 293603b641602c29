package snapshot

import (
	"cmp"
	"slices"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// Take fills s with the allocator's present state. It may be called from any
// goroutine, while frames run, and in a hook; s must not be in use elsewhere. When
// s was used before, it allocates nothing, unless there are more workers, tags or
// diagnostics than s has room for.
//
// The figures of a worker are as of its last frame boundary. Of one that is just
// ending a frame, some may be ahead of others by that frame. Called between
// frames of the only worker, or by an [Emitter], all are of the same.
func (o *Observer) Take(s *Snapshot) { o.take(s, o.alloc.Main().Name()) }

// take is Take with the worker whose frame it is.
func (o *Observer) take(s *Snapshot, frameOf string) {
	s.SchemaID, s.Version, s.Allocator = SchemaID, Version, o.name
	s.Taken = time.Now().UTC().Round(0)
	s.DurationBounds = durationBounds

	s.scratch.workers = o.alloc.AppendWorkers(s.scratch.workers[:0])
	s.takeTotals(o.alloc)
	s.takeWorkers()
	s.takeScopes()
	s.takeBudgets(o.alloc)
	s.takeDiagnostics(o.alloc.Reporter())
	clear(s.scratch.workers) // a worker must not be kept by a snapshot
	o.addSeen(s, frameOf)
}

// addSeen adds what the hooks have told.
func (o *Observer) addSeen(s *Snapshot, frameOf string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sequence++
	s.Sequence = o.sequence
	if m := o.alloc.Modes(); m != o.modes {
		o.modes, o.modesText = m, m.String()
	}
	s.Modes = o.modesText
	s.Promotions, s.Transfers, s.Trades = o.promotions, o.transfers, o.trades
	s.Frame = Frame{Worker: frameOf}
	if w := o.workers[frameOf]; w != nil {
		s.Frame = w.last
	}
	for i := range s.Workers {
		if w := o.workers[s.Workers[i].Name]; w != nil {
			s.Workers[i].Timing = w.timing
		}
	}
	for i := range s.Budgets {
		b := &s.Budgets[i]
		if x := o.exceeded[budgetKey{s.scratch.budgets[i].Scope, b.Worker, b.Tag}]; x != nil {
			b.SoftExceeded, b.HardExceeded = x.soft, x.hard
		}
	}
	o.addGarbage(s)
	o.forget(s.Workers)
}

// forget drops what is known of workers that are gone, where many are: names may
// be made up without end.
func (o *Observer) forget(open []Worker) {
	if len(o.workers) <= 2*len(open)+64 {
		return
	}
	for name := range o.workers {
		_, found := slices.BinarySearchFunc(open, name, func(w Worker, name string) int { return cmp.Compare(w.Name, name) })
		if !found {
			delete(o.workers, name)
		}
	}
}

func (s *Snapshot) takeTotals(alloc *framealloc.Allocator) {
	sum := alloc.Stats()
	s.Totals = Totals{
		Workers: len(s.scratch.workers), Frames: sum.Frames,
		Frame: intent(sum.Frame), Pool: intent(sum.Pool), Heap: intent(sum.Heap),
		HighWater: uint64(sum.HighWater), Growths: sum.Growths, Capacity: uint64(sum.Capacity),
	}
	s.Deferred = deferred(sum.Deferred)
}

func (s *Snapshot) takeWorkers() {
	s.Workers = notNil(s.Workers)
	for _, w := range s.scratch.workers {
		sum := w.Stats()
		s.Workers = append(s.Workers, Worker{
			Name: w.Name(), Count: 1, Frames: sum.Frames,
			LastFrame: last(sum.LastFrameBytes, sum.LastFrameAllocations),
			Frame:     intent(sum.Frame), Pool: intent(sum.Pool), Heap: intent(sum.Heap),
			HighWater: uint64(sum.HighWater), Growths: sum.Growths, Capacity: uint64(sum.Capacity),
			Deferred: deferred(sum.Deferred),
		})
	}
	s.Workers = merge(s.Workers,
		func(a, b Worker) int { return cmp.Compare(a.Name, b.Name) },
		(*Worker).add)
}

func (s *Snapshot) takeScopes() {
	s.Tags, s.Phases = notNil(s.Tags), notNil(s.Phases)
	for _, w := range s.scratch.workers {
		s.scratch.tags = w.AppendTagStats(s.scratch.tags[:0])
		for i := range s.scratch.tags {
			t := &s.scratch.tags[i]
			s.Tags = append(s.Tags, Tag{
				Worker: w.Name(), Path: t.Path, Entered: t.Entered,
				Frame: intent(t.Frame), Pool: intent(t.Pool), Heap: intent(t.Heap),
				LastFrame: last(t.LastFrameBytes, t.LastFrameAllocations), HighWater: uint64(t.HighWater),
			})
		}
		s.scratch.phases = w.AppendPhaseStats(s.scratch.phases[:0])
		for i := range s.scratch.phases {
			p := &s.scratch.phases[i]
			s.Phases = append(s.Phases, Phase{
				Worker: w.Name(), Path: p.Path, Entered: p.Entered, Frame: intent(p.Frame), Duration: int64(p.Duration),
				LastFrame: last(p.LastFrameBytes, p.LastFrameAllocations), LastDuration: int64(p.LastFrameDuration),
			})
		}
	}
	s.Tags = merge(s.Tags,
		func(a, b Tag) int { return cmp.Or(cmp.Compare(a.Worker, b.Worker), cmp.Compare(a.Path, b.Path)) },
		(*Tag).add)
	s.Phases = merge(s.Phases,
		func(a, b Phase) int { return cmp.Or(cmp.Compare(a.Worker, b.Worker), cmp.Compare(a.Path, b.Path)) },
		(*Phase).add)
}

func (s *Snapshot) takeBudgets(alloc *framealloc.Allocator) {
	s.Budgets = notNil(s.Budgets)
	s.scratch.budgets = merge(alloc.AppendBudgetStats(s.scratch.budgets[:0]),
		func(a, b framealloc.BudgetStats) int {
			return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Worker, b.Worker), cmp.Compare(a.Tag, b.Tag))
		},
		func(sum, x *framealloc.BudgetStats) { // of workers of the same name
			sum.Soft, sum.Hard, sum.Peak = max(sum.Soft, x.Soft), max(sum.Hard, x.Hard), max(sum.Peak, x.Peak)
		})
	for i := range s.scratch.budgets {
		b := &s.scratch.budgets[i]
		s.Budgets = append(s.Budgets, Budget{
			Scope: b.Scope.String(), Worker: b.Worker, Tag: b.Tag, Soft: uint64(b.Soft), Hard: uint64(b.Hard),
			Policy: b.Policy.String(), Used: uint64(max(0, b.Used)), Peak: uint64(b.Peak),
		})
	}
}

func (s *Snapshot) takeDiagnostics(r *diag.Reporter) {
	counts := r.Counts()
	s.scratch.occurrences = r.AppendOccurrences(s.scratch.occurrences[:0])
	list := s.scratch.occurrences
	slices.SortStableFunc(list, func(a, b diag.Occurrence) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Count, a.Count))
	})
	shown := list[:min(len(list), MaxDiagnostics)]
	s.Diagnostics = Diagnostics{
		Hints: counts.Hints, Warnings: counts.Warnings, Errors: counts.Errors, Suppressed: counts.Suppressed,
		List: notNil(s.Diagnostics.List), Omitted: len(list) - len(shown),
	}
	for i := range shown {
		d := &shown[i]
		s.Diagnostics.List = append(s.Diagnostics.List, Diagnostic{
			Code: string(d.Code), Severity: d.Severity.String(), Message: d.Message, Caller: d.Caller,
			Worker: d.Worker, Tag: d.Tag, Frame: d.Frame, Count: d.Count,
		})
	}
	clear(list) // their texts
}

// merge sorts a list and adds up what is equal.
func merge[T any](list []T, compare func(a, b T) int, add func(sum, x *T)) []T {
	slices.SortStableFunc(list, compare)
	n := 0
	for i := range list {
		if n > 0 && compare(list[n-1], list[i]) == 0 {
			add(&list[n-1], &list[i])
			continue
		}
		list[n] = list[i]
		n++
	}
	return list[:n]
}

func (w *Worker) add(o *Worker) {
	w.Count += o.Count
	w.Frames += o.Frames
	w.LastFrame.add(o.LastFrame)
	w.Frame.add(o.Frame)
	w.Pool.add(o.Pool)
	w.Heap.add(o.Heap)
	w.HighWater = max(w.HighWater, o.HighWater)
	w.Growths += o.Growths
	w.Capacity += o.Capacity
	w.Deferred.Queued += o.Deferred.Queued
	w.Deferred.Processed += o.Deferred.Processed
	w.Deferred.Dropped += o.Deferred.Dropped
	w.Deferred.Pending += o.Deferred.Pending
}

func (t *Tag) add(o *Tag) {
	t.Entered += o.Entered
	t.Frame.add(o.Frame)
	t.Pool.add(o.Pool)
	t.Heap.add(o.Heap)
	t.LastFrame.add(o.LastFrame)
	t.HighWater = max(t.HighWater, o.HighWater)
}

func (p *Phase) add(o *Phase) {
	p.Entered += o.Entered
	p.Frame.add(o.Frame)
	p.Duration += o.Duration
	p.LastFrame.add(o.LastFrame)
	p.LastDuration += o.LastDuration
}

func (i *Intent) add(o Intent) {
	i.Allocations += o.Allocations
	i.Bytes += o.Bytes
	i.Frees += o.Frees
}

func (l *Last) add(o Last) {
	l.Bytes += o.Bytes
	l.Allocations += o.Allocations
}

func intent(s framealloc.IntentStats) Intent {
	return Intent{Allocations: s.Allocations, Bytes: s.Bytes, Frees: s.Frees}
}

func last(bytes, allocations int) Last {
	return Last{Bytes: uint64(bytes), Allocations: uint64(allocations)}
}

func deferred(s framealloc.DeferredStats) Deferred {
	return Deferred{Queued: s.Queued, Processed: s.Processed, Dropped: s.Dropped, Pending: uint64(s.Pending)}
}
