// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

// package audio
type block struct{ samples [512]float32 }

func mix(w *framealloc.Worker) *block {
	return framealloc.PoolGet[block](w)
}
