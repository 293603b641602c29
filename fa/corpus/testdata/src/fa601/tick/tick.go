// Package tick is a game in Ebitengine: what Update leaves in its frame is
// there until the next Update begins, so that Draw can read it.
package tick

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/ebitenframe"
)

type unit struct{ X, Y float64 }

// Game asks for its frames.
type Game struct {
	units   []unit
	visible []*unit
	drawn   []*unit
}

// good FA601: Draw reads it before the tick's frame ends.
func (g *Game) Update() error {
	f := ebitenframe.Frame()
	g.visible = framealloc.Slice[*unit](f, 0)
	for i := range g.units {
		g.visible = framealloc.Append(f, g.visible, &g.units[i])
	}
	return nil
}

// Draw's frame ends when it returns.
func (g *Game) Draw() {
	f := ebitenframe.Frame()
	g.drawn = framealloc.Clone(f, g.visible) // bad FA601
}

// Handed is handed its frames.
type Handed struct {
	visible []*unit
	drawn   []*unit
}

// good FA601: this one, too.
func (g *Handed) Update(f *framealloc.Frame) error {
	g.visible = framealloc.Slice[*unit](f, 8)
	return nil
}

// The draw frame is a parameter.
func (g *Handed) Draw(f *framealloc.Frame, screen []byte) {
	g.drawn = framealloc.Clone(f, g.visible) // bad FA601
}

// System is updated, but not by Ebitengine.
type System struct{ units []*unit }

// Its frame may end at any time.
func (s *System) Update(f *framealloc.Frame, dt float64) {
	s.units = framealloc.Slice[*unit](f, 8) // bad FA601
}
