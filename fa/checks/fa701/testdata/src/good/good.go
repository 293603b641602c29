// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func step(alloc *framealloc.Allocator, packets <-chan []byte) {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	select {
	case p := <-packets:
		_ = framealloc.Clone(frame, p)
	default: // nothing yet: on with the frame
	}
}
