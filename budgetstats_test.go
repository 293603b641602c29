package framealloc

import (
	"slices"
	"testing"
)

func TestBudgetStats(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 1 << 20, Exhaustion: Warn})
	defer a.Close()
	w := a.NewWorker("physics")
	if got := a.BudgetStats(); len(got) != 1 {
		t.Errorf("without budgets: %+v, want the frame limit only", got)
	}
	a.SetBudget(Budget{Soft: 1000, Hard: 100_000, Policy: Allow})
	a.SetTagBudget("ai/paths", Budget{Soft: 800})
	a.SetTagBudget("ai", Budget{Hard: 5000, Policy: Promote})
	w.SetBudget(Budget{Hard: 4096})

	w.Frame(func(f *Frame) { Bytes(f, 2048) })
	for _, n := range []int{640, 320} { // the second frame is no new peak
		a.Frame(func(f *Frame) {
			defer f.Tag("ai")()
			Bytes(f, 80)
			f.WithTag("paths", func() { Bytes(f, n) })
		})
	}
	want := []BudgetStats{
		{Scope: GlobalBudget, Soft: 1000, Hard: 100_000, Policy: Allow, Peak: 2048},
		{Scope: FrameLimit, Hard: 1 << 20, Policy: Warn, Peak: 2048},
		{Scope: WorkerBudget, Worker: "physics", Hard: 4096, Peak: 2048},
		{Scope: TagBudget, Tag: "ai", Hard: 5000, Policy: Promote, Peak: 720},
		{Scope: TagBudget, Tag: "ai/paths", Soft: 800, Peak: 640},
	}
	got := a.BudgetStats()
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	a.BeginFrame()
	Bytes(a.Main().ActiveFrame(), 64)
	if used := a.BudgetStats()[0].Used; used < 64 {
		t.Errorf("%d bytes of the global budget are in use while a frame holds 64", used)
	}
	a.EndFrame()
	if used := a.BudgetStats()[0].Used; used != 0 {
		t.Errorf("%d bytes of the global budget are in use between frames", used)
	}

	a.SetBudget(Budget{})
	a.SetTagBudget("ai", Budget{})
	w.SetBudget(Budget{})
	if got := a.BudgetStats(); len(got) != 2 || got[1].Tag != "ai/paths" {
		t.Errorf("after taking budgets back: %+v", got)
	}
}

// TestReadersAllocateNothing: what a tool asks every frame must be no garbage.
func TestReadersAllocateNothing(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 1 << 20})
	defer a.Close()
	w := a.NewWorker("physics")
	defer w.Close()
	a.SetBudget(Budget{Hard: 1 << 20})
	a.SetTagBudget("ai", Budget{Hard: 1 << 20})
	a.Frame(func(f *Frame) {
		defer f.Tag("ai")()
		defer f.Phase("update")()
		Bytes(f, 64)
	})
	var (
		workers []*Worker
		tags    []TagStats
		phases  []PhaseStats
		budgets []BudgetStats
	)
	read := func() {
		workers = a.AppendWorkers(workers[:0])
		tags, phases = tags[:0], phases[:0]
		for _, w := range workers {
			tags = w.AppendTagStats(tags)
			phases = w.AppendPhaseStats(phases)
		}
		budgets = a.AppendBudgetStats(budgets[:0])
		_ = a.Stats()
	}
	read()
	if len(workers) != 2 || len(tags) != 2 || len(phases) != 1 || len(budgets) != 3 {
		t.Fatalf("%d workers, %d tags, %d phases, %d budgets; want 2, 2, 1 and 3", len(workers), len(tags), len(phases), len(budgets))
	}
	if tags[1].Path != "ai" || tags[1].Frame.Bytes != 64 || phases[0].Path != "update" {
		t.Errorf("tags %+v, phases %+v", tags, phases)
	}
	if n := testing.AllocsPerRun(100, read); n != 0 {
		t.Errorf("%v heap allocations a reading, want 0", n)
	}
}
