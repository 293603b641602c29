// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

func start(alloc *framealloc.Allocator, step func(*framealloc.Frame)) {
	names := []string{"simulate", "render", "particles"}
	barrier := framesync.NewBarrier(names...)
	for _, name := range names {
		go loop(alloc.NewWorker(name), barrier, step)
	}
}

func loop(w *framealloc.Worker, b *framesync.Barrier, step func(*framealloc.Frame)) {
	defer w.Close()
	for {
		w.Frame(step)
		b.Participant(w.Name()).Wait()
	}
}
