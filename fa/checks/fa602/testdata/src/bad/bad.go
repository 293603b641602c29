// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type particle struct{ x, y, vx, vy float32 }

func emit(frame *framealloc.Frame, emitters, each int) {
	for range emitters {
		for range each {
			p := framealloc.New[particle](frame) // want `New allocates in each turn of a hot loop: one allocation before the loop would do`
			p.vx, p.vy = 1, 1
		}
	}
}
