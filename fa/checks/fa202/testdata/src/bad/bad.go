// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

func start(alloc *framealloc.Allocator, step func(*framealloc.Frame)) {
	barrier := framesync.NewBarrier("simulate", "render")
	go loop(alloc.NewWorker("simulate"), barrier, step)
	go loop(alloc.NewWorker("render"), barrier, step)
	go func() { // want `this goroutine runs frames and takes no part in the barrier that the others share`
		w := alloc.NewWorker("particles")
		defer w.Close()
		for {
			w.Frame(step) // runs ahead of the other two, or behind
		}
	}()
}

func loop(w *framealloc.Worker, b *framesync.Barrier, step func(*framealloc.Frame)) {
	defer w.Close()
	for {
		w.Frame(step)
		b.Participant(w.Name()).Wait()
	}
}
