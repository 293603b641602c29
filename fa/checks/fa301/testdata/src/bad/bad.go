// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type node struct{ x, y, cost int }

func search(frame *framealloc.Frame, open func() (node, bool)) {
	for {
		n, ok := open()
		if !ok {
			return
		}
		_ = framealloc.NewValue(frame, n) // want `this allocates in a loop that runs until something inside of it ends it`
	}
}
