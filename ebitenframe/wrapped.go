package ebitenframe

import "github.com/hajimehoshi/ebiten/v2"

// Ebitengine asks by type assertion whether a game has an optional method, and
// behaves otherwise if it has. So there is a type for each combination.
type (
	withLayoutF     struct{ *loop }
	withFinalScreen struct{ *loop }
	withBoth        struct{ *loop }
)

// outermost returns the loop as a game with the optional methods of its own.
func (l *loop) outermost() ebiten.Game {
	_, layoutF := l.game.(ebiten.LayoutFer)
	switch {
	case layoutF && l.final:
		return withBoth{l}
	case layoutF:
		return withLayoutF{l}
	case l.final:
		return withFinalScreen{l}
	}
	return l
}

func (w withLayoutF) LayoutF(outsideWidth, outsideHeight float64) (width, height float64) {
	return w.layoutF(outsideWidth, outsideHeight)
}

func (w withFinalScreen) DrawFinalScreen(screen ebiten.FinalScreen, offscreen *ebiten.Image, geoM ebiten.GeoM) {
	w.drawFinalScreen(screen, offscreen, geoM)
}

func (w withBoth) LayoutF(outsideWidth, outsideHeight float64) (width, height float64) {
	return w.layoutF(outsideWidth, outsideHeight)
}

func (w withBoth) DrawFinalScreen(screen ebiten.FinalScreen, offscreen *ebiten.Image, geoM ebiten.GeoM) {
	w.drawFinalScreen(screen, offscreen, geoM)
}
