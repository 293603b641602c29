// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type node struct{ x, y, cost int }

func search(frame *framealloc.Frame, open func() (node, bool)) {
	const limit = 4096
	nodes := framealloc.SliceCap[node](frame, 0, limit)
	for len(nodes) < limit {
		n, ok := open()
		if !ok {
			return
		}
		nodes = append(nodes, n)
	}
}
