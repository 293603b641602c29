// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

// package render; .fa.toml gives "physics" to package physics alone.
func cull(frame *framealloc.Frame, n int) {
	defer frame.Tag("physics")() // want `tag "physics" is for physics, not for package bad`
	_ = framealloc.Slice[uint32](frame, n)
}
