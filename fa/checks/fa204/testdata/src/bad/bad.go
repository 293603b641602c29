// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type bullet struct{ x, y float32 }

// Runs on the renderer; the boxes belong to the simulation's worker.
func recycle(spent <-chan framealloc.Box[bullet]) {
	for box := range spent {
		box.Free() // want `objects that came over a channel are freed in a loop without a bound: their owner's queue may overflow`
	}
}
