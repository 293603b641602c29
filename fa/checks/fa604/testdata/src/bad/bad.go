// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type sample struct{ ms float32 }

func frame(alloc *framealloc.Allocator) {
	f := alloc.BeginFrame()
	s := framealloc.Retain[sample](f, framealloc.ToHeap) // want `retained with ToHeap, but the frame ends without anybody taking its promotions`
	s.Value().ms = 16
	alloc.EndFrame() // promotes nothing: the sample is gone
}
