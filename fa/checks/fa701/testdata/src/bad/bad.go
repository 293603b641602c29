// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func step(alloc *framealloc.Allocator, packets <-chan []byte) {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	p := <-packets // want `the frame is held while this receives from a channel`
	_ = framealloc.Clone(frame, p)
}
