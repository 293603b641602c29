// Package wrap begins and ends frames for a game.
package wrap

import "github.com/framealloc/framealloc"

// Game splits a frame over two callbacks, as engines do.
type Game struct {
	Alloc *framealloc.Allocator
	frame *framealloc.Frame
}

// good FA603: Update begins what Draw ends
func (g *Game) Update() error {
	g.frame = g.Alloc.BeginFrame()
	return nil
}

// Draw ends the frame.
func (g *Game) Draw() { g.Alloc.EndFrame() }

// Open begins a frame for the caller.
func Open(a *framealloc.Allocator) *framealloc.Frame { return a.BeginFrame() }

// Shut ends it.
func Shut(a *framealloc.Allocator) { a.EndFrame() }
