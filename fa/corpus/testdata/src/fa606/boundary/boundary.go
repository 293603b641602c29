// Package boundary begins and ends frames on behalf of others.
package boundary

import "github.com/framealloc/framealloc"

// Loop wraps an allocator.
type Loop struct {
	Alloc *framealloc.Allocator
	n     int
}

// Begin begins a frame.
func (l *Loop) Begin() *framealloc.Frame {
	l.n++
	return l.Alloc.BeginFrame()
}

// End ends it.
func (l *Loop) End() { l.Alloc.EndFrame() }

// Engine is somebody else's loop.
type Engine interface {
	//fa:ends a
	Present(a *framealloc.Allocator)
}
