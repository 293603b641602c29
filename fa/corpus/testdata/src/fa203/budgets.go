// Package fa203 gives budgets to workers, to most of them.
package fa203

import "github.com/framealloc/framealloc"

type streams struct {
	physics, stream, fx, net *framealloc.Worker
	all                      []*framealloc.Worker
}

func pair(a *framealloc.Allocator) (physics, stream *framealloc.Worker) {
	physics = a.NewWorker("physics")
	physics.SetFrameBudget(8 * framealloc.MiB)
	stream = a.NewWorker("stream") // bad FA203
	return physics, stream
}

func (s *streams) open(a *framealloc.Allocator) {
	s.physics = a.NewWorker("physics")
	s.physics.SetBudget(framealloc.Budget{Hard: 8 * framealloc.MiB})
	s.stream = a.NewWorker("stream") // bad FA203
}

func goroutine(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	w := a.NewWorker("path") // bad FA203
	go func() {
		defer w.Close()
		w.Frame(step)
	}()
}

func inline(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	a.NewWorker("loader").Frame(step) // bad FA203
}

func (s *streams) more(a *framealloc.Allocator) {
	for range 4 {
		s.all = append(s.all, a.NewWorker("job")) // bad FA203
	}
}

func local(a *framealloc.Allocator) error {
	w := a.NewWorker("probe") // bad FA203
	f := w.BeginFrame()
	_ = framealloc.Slice[int](f, 4)
	w.EndFrame()
	return w.Close()
}

// good FA203: a budget right behind
func direct(a *framealloc.Allocator) {
	w := a.NewWorker("a")
	w.SetFrameBudget(framealloc.MiB)
}

// good FA203: a helper sets it
func helped(a *framealloc.Allocator) {
	w := a.NewWorker("b")
	limit(w)
}

func limit(w *framealloc.Worker) { w.SetFrameBudget(framealloc.MiB) }

// good FA203: the goroutine sets it
func starts(a *framealloc.Allocator) {
	w := a.NewWorker("c")
	go func() {
		w.SetFrameBudget(framealloc.MiB)
		w.Frame(func(f *framealloc.Frame) {})
	}()
}

// good FA203: kept in a field that gets one
func (s *streams) effects(a *framealloc.Allocator) {
	s.fx = a.NewWorker("fx")
	s.tune()
}

func (s *streams) tune() { s.fx.SetFrameBudget(framealloc.MiB) }

// good FA203: a factory: the caller sets it
func make1(a *framealloc.Allocator, name string) *framealloc.Worker { return a.NewWorker(name) }

// good FA203: given to a function that runs with it
func runs(a *framealloc.Allocator) { go serve(a.NewWorker("d")) }

func serve(w *framealloc.Worker) {
	w.SetBudget(framealloc.Budget{Soft: 1, Hard: 2})
	w.Frame(func(f *framealloc.Frame) {})
}
