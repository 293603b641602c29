// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

// package audio; .fa.toml allows it intent "pool" alone.
func mix(w *framealloc.Worker, samples int) []float32 {
	return framealloc.HeapSlice[float32](w, samples) // want `HeapSlice allocates with intent heap; package bad may use pool only`
}
