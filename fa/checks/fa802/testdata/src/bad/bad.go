// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

func think(frame *framealloc.Frame, n int) {
	defer frame.Tag("ai/pathfinidng")() // want `unknown tag "ai/pathfinidng"; did you mean "ai/pathfinding"\?`
	_ = framealloc.Slice[int32](frame, n)
}
