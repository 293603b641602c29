// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type replay struct{ best [256]byte }

func record(frame *framealloc.Frame, r *replay) {
	r.best = *framealloc.Retain[[256]byte](frame, framealloc.Discard).Value() // a copy
}
