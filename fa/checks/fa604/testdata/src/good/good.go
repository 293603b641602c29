// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type sample struct{ ms float32 }

func frame(alloc *framealloc.Allocator) (*sample, error) {
	f := alloc.BeginFrame()
	s := framealloc.Retain[sample](f, framealloc.ToHeap)
	s.Value().ms = 16
	return framealloc.Promoted(alloc.EndFrameWithPromotions(), s)
}
