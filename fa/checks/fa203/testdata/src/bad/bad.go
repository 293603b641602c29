// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func start(alloc *framealloc.Allocator) (physics, stream *framealloc.Worker) {
	physics = alloc.NewWorker("physics")
	physics.SetFrameBudget(8 * framealloc.MiB)
	stream = alloc.NewWorker("stream") // want `this worker has no budget, where others have one`
	return physics, stream
}
