// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type replay struct{ best *[256]byte }

func record(frame *framealloc.Frame, r *replay) {
	r.best = framealloc.Retain[[256]byte](frame, framealloc.Discard).Value() // want `a value retained with Discard is stored in r\.best, beyond its frame`
}
