// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type route struct{ points []int32 }

func plan(frame *framealloc.Frame, n int) {
	r := framealloc.Retain[route](frame, framealloc.ToHeap).Value()
	r.points = framealloc.HeapSlice[int32](frame, n) // lives as long as the route
}
