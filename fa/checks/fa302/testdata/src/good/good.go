// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func setup(alloc *framealloc.Allocator) {
	alloc.SetTagBudget("physics", framealloc.Budget{Hard: 8 * framealloc.MiB})
	alloc.SetTagBudget("ai", framealloc.Budget{Hard: 2 * framealloc.MiB})
}

func think(frame *framealloc.Frame) {
	defer frame.Tag("ai")()
	_ = framealloc.Slice[float32](frame, 4096)
}
