// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type agent struct{ x, y float32 }

func near(frame *framealloc.Frame, all []agent, r float32) int {
	found := framealloc.SliceCap[*agent](frame, 0, len(all))
	for i := range all {
		if a := &all[i]; a.x*a.x+a.y*a.y < r*r {
			found = append(found, a)
		}
	}
	return len(found)
}
