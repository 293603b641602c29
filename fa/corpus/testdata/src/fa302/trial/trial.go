// Package trial has budgets in its tests only.
package trial

import "github.com/framealloc/framealloc"

// good FA302, FA203: what a test tries is no rule for the program
func start(a *framealloc.Allocator) {
	w := a.NewWorker("net")
	defer w.Close()
	go func() {
		w.Frame(func(f *framealloc.Frame) {
			defer f.Tag("net")()
			_ = framealloc.Slice[int](f, 8)
		})
	}()
}
