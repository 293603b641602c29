// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

func physics(frame *framealloc.Frame, islands [][]int) {
	framealloc.Parallel(frame, len(islands), func(f *framealloc.Frame, i int) {
		_ = framealloc.Slice[float32](f, len(islands[i])) // a frame of its own
	})
}
