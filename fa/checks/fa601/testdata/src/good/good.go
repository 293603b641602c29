// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type unit struct{ path []int32 }

func plan(frame *framealloc.Frame, u *unit, steps int) {
	path := framealloc.Slice[int32](frame, steps)
	u.path = append(u.path[:0], path...) // u's own memory, used again
}
