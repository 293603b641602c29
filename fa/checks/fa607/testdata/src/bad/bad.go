// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type agent struct{ x, y float32 }

func near(frame *framealloc.Frame, all []agent, r float32) int {
	var found []*agent
	for i := range all {
		if a := &all[i]; a.x*a.x+a.y*a.y < r*r {
			found = append(found, a) // want `append to a slice that starts empty allocates on the heap inside of a frame: framealloc\.SliceCap, Append or NewVec would not`
		}
	}
	return len(found)
}
