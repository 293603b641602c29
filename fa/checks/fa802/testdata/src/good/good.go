// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

const tagPathfinding = "ai/pathfinding"

func think(frame *framealloc.Frame, n int) {
	defer frame.Tag(tagPathfinding)()
	_ = framealloc.Slice[int32](frame, n)
}
