// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func measure(alloc *framealloc.Allocator) float32 {
	frame := alloc.BeginFrame()
	sums := framealloc.Slice[float32](frame, 4)
	sums[0] = 1
	sum := sums[0]
	alloc.EndFrame()
	return sum
}
