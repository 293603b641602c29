// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func step(alloc *framealloc.Allocator, input func(*framealloc.Frame) error) error {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	return input(frame)
}
