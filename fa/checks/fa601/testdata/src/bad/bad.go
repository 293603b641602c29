// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type unit struct{ path []int32 }

func plan(frame *framealloc.Frame, u *unit, steps int) {
	path := framealloc.Slice[int32](frame, steps)
	u.path = path // want `frame memory is stored in u\.path, which may outlive the frame`
}
