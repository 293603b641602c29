// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func setup(alloc *framealloc.Allocator) {
	alloc.SetTagBudget("physics", framealloc.Budget{Hard: 8 * framealloc.MiB})
}

func think(frame *framealloc.Frame) {
	defer frame.Tag("ai")() // want `tag "ai" has no budget`
	_ = framealloc.Slice[float32](frame, 4096)
}
