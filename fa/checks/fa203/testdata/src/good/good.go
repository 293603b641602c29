// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func start(alloc *framealloc.Allocator) (physics, stream *framealloc.Worker) {
	physics = alloc.NewWorker("physics")
	physics.SetFrameBudget(8 * framealloc.MiB)
	stream = alloc.NewWorker("stream")
	stream.SetFrameBudget(32 * framealloc.MiB)
	return physics, stream
}
