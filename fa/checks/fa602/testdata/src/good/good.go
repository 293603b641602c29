// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type particle struct{ x, y, vx, vy float32 }

func emit(frame *framealloc.Frame, emitters, each int) {
	particles := framealloc.Slice[particle](frame, emitters*each)
	for i := range particles {
		p := &particles[i]
		p.vx, p.vy = 1, 1
	}
}
