// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type bullet struct{ x, y float32 }

// Runs on the simulation, once a frame: its own objects, no queue.
func recycle(spent <-chan framealloc.Box[bullet]) {
	for range 256 {
		select {
		case box := <-spent:
			box.Free()
		default:
			return
		}
	}
}
