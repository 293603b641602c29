// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func measure(alloc *framealloc.Allocator) float32 {
	frame := alloc.BeginFrame()
	sums := framealloc.Slice[float32](frame, 4)
	sums[0] = 1
	alloc.EndFrame()
	return sums[0] // want `frame memory is used after EndFrame gave it back`
}
