package ebitenframe

import (
	"github.com/framealloc/framealloc"
	"github.com/hajimehoshi/ebiten/v2"
)

// A Game is an [ebiten.Game] that is handed its frames.
type Game interface {
	// Update is [ebiten.Game]'s, with the tick frame.
	Update(tick *framealloc.Frame) error
	// Draw is [ebiten.Game]'s, with the draw frame.
	Draw(draw *framealloc.Frame, screen *ebiten.Image)
	// Layout is [ebiten.Game]'s.
	Layout(outsideWidth, outsideHeight int) (screenWidth, screenHeight int)
}

// ByArgument returns an [ebiten.Game] for [Run] or [Wrap] that hands game its
// frames. It has those of Ebitengine's optional interfaces that game has.
func ByArgument(game Game) ebiten.Game {
	a := argument{game}
	layout, hasLayoutF := game.(ebiten.LayoutFer)
	final, hasFinal := game.(ebiten.FinalScreenDrawer)
	switch {
	case hasLayoutF && hasFinal:
		return struct {
			argument
			ebiten.LayoutFer
			ebiten.FinalScreenDrawer
		}{a, layout, final}
	case hasLayoutF:
		return struct {
			argument
			ebiten.LayoutFer
		}{a, layout}
	case hasFinal:
		return struct {
			argument
			ebiten.FinalScreenDrawer
		}{a, final}
	}
	return a
}

type argument struct{ game Game }

func (a argument) Update() error             { return a.game.Update(Frame()) }
func (a argument) Draw(screen *ebiten.Image) { a.game.Draw(Frame(), screen) }
func (a argument) Layout(outsideWidth, outsideHeight int) (int, int) {
	return a.game.Layout(outsideWidth, outsideHeight)
}
