package framealloc

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// BudgetStats say what a budget is and how much of it was used, in bytes. See
// [Budget].
type BudgetStats struct {
	Scope  BudgetScope
	Worker string // whose it is, for a WorkerBudget
	Tag    string // path of the tag, for a TagBudget
	Soft   int    // 0: none
	Hard   int    // 0: none
	Policy Policy

	// Used is what all workers have reserved now of the GlobalBudget; 0 for the
	// others, which begin anew with each frame.
	Used int
	// Peak is the most that was in use at once as far as it is known at frame
	// ends: by all workers together for the GlobalBudget, by one worker's frame
	// for all others. For the FrameLimit it includes frames from before.
	Peak int
}

// BudgetStats returns the budgets that are set: the global one, [Config]'s
// MaxFrameBytes, those of open workers, those of tags by path. It may be called
// from any goroutine.
func (a *Allocator) BudgetStats() []BudgetStats { return a.AppendBudgetStats(nil) }

// AppendBudgetStats appends what BudgetStats returns to list and returns the
// result. It may be called from any goroutine, and allocates only where list is
// too short.
func (a *Allocator) AppendBudgetStats(list []BudgetStats) []BudgetStats {
	s := a.settings.Load()
	if g := s.global; g != nil {
		list = append(list, BudgetStats{
			Scope: GlobalBudget, Soft: g.Soft, Hard: g.Hard, Policy: g.Policy,
			Used: int(g.used.Load()), Peak: int(g.peak.Load()),
		})
	}
	list = a.appendWorkerBudgets(list)
	tags := len(list)
	for path, b := range s.tags {
		list = append(list, BudgetStats{
			Scope: TagBudget, Tag: path, Soft: b.Soft, Hard: b.Hard, Policy: b.Policy,
			Peak: int(s.tagPeaks[path].Load()),
		})
	}
	slices.SortFunc(list[tags:], func(a, b BudgetStats) int { return cmp.Compare(a.Tag, b.Tag) })
	return list
}

// appendWorkerBudgets appends what bounds the workers' frames.
func (a *Allocator) appendWorkerBudgets(list []BudgetStats) []BudgetStats {
	a.mu.Lock()
	defer a.mu.Unlock()
	if limit := a.config.MaxFrameBytes; limit > 0 {
		all := BudgetStats{Scope: FrameLimit, Hard: limit, Policy: a.config.Exhaustion, Peak: a.retired.HighWater}
		for _, e := range a.enrolled {
			all.Peak = max(all.Peak, int(e.published.highWater.Load()))
		}
		list = append(list, all)
	}
	for _, e := range a.enrolled {
		if b := e.published.budget.Load(); b != nil {
			b := *b
			b.Peak = int(e.published.budgetPeak.Load())
			list = append(list, b)
		}
	}
	return list
}

// raise makes p at least v.
func raise(p *atomic.Int64, v int) {
	for old := p.Load(); int64(v) > old; old = p.Load() {
		if p.CompareAndSwap(old, int64(v)) {
			return
		}
	}
}
