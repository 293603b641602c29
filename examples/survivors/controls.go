package main

import (
	"image"

	"github.com/framealloc/framealloc/examples/survivors/world"
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

// controls are what the one who plays does in a tick.
type controls struct {
	input    world.Input
	pointing bool // holds the mouse, or touches the screen
	click    bool // and has just begun to
	pointer  image.Point
	start    bool
	heap     bool // changes over between heap and frames
}

func readControls() (c controls) {
	down := func(a, b ebiten.Key) float32 {
		if ebiten.IsKeyPressed(a) || ebiten.IsKeyPressed(b) {
			return 1
		}
		return 0
	}
	c.input.X = down(ebiten.KeyRight, ebiten.KeyD) - down(ebiten.KeyLeft, ebiten.KeyA)
	c.input.Y = down(ebiten.KeyDown, ebiten.KeyS) - down(ebiten.KeyUp, ebiten.KeyW)
	for i, key := range [...]ebiten.Key{ebiten.Key1, ebiten.Key2, ebiten.Key3} {
		if inpututil.IsKeyJustPressed(key) {
			c.input.Choice = i + 1
		}
	}
	c.start = inpututil.IsKeyJustPressed(ebiten.KeyEnter) || inpututil.IsKeyJustPressed(ebiten.KeySpace)
	c.heap = inpututil.IsKeyJustPressed(ebiten.KeyM)

	if ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft) {
		c.pointing = true
		c.pointer.X, c.pointer.Y = ebiten.CursorPosition()
	}
	var touches [8]ebiten.TouchID
	if ids := ebiten.AppendTouchIDs(touches[:0]); len(ids) > 0 {
		c.pointing = true
		c.pointer.X, c.pointer.Y = ebiten.TouchPosition(ids[0])
	}
	c.click = inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) || len(inpututil.AppendJustPressedTouchIDs(touches[:0])) > 0
	return c
}
