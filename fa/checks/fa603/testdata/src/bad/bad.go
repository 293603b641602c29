// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func step(alloc *framealloc.Allocator, input func(*framealloc.Frame) error) error {
	frame := alloc.BeginFrame()
	if err := input(frame); err != nil {
		return err // want `step is left here with its frame still active`
	}
	alloc.EndFrame()
	return nil
}
