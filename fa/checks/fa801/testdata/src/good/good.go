// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

// package render
func cull(frame *framealloc.Frame, n int) {
	defer frame.Tag("render/cull")()
	_ = framealloc.Slice[uint32](frame, n)
}
