// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type route struct{ points []int32 }

func plan(frame *framealloc.Frame, n int) {
	r := framealloc.Retain[route](frame, framealloc.ToHeap).Value()
	r.points = framealloc.Slice[int32](frame, n) // want `frame memory is stored in a value retained with ToHeap: the promoted copy will point into a frame that is over`
}
