package trial

import "github.com/framealloc/framealloc"

func small(a *framealloc.Allocator) {
	a.SetTagBudget("physics", framealloc.Budget{Hard: framealloc.KiB})
	w := a.NewWorker("physics")
	defer w.Close()
	w.SetFrameBudget(framealloc.KiB)
}
