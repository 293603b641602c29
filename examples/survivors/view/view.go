// Package view shows the game. Everything that is drawn is first laid out as
// rectangles in the draw frame, a list for each layer, and then handed to Ebitengine
// with one call a layer.
package view

import (
	"math"

	"github.com/framealloc/framealloc/ebitenframe"
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/framealloc/framealloc/examples/survivors/world"
	"github.com/hajimehoshi/ebiten/v2"
)

// Width and Height are the picture's, in pixels; Zoom is a unit's.
const (
	Width  = 1280
	Height = 720
	Zoom   = 2
)

// A View has what pictures are made of.
type View struct {
	atlas *atlas
	image *ebiten.Image // the atlas, once it is needed
	glow  ebiten.DrawTrianglesOptions
}

// New returns a view.
func New() *View {
	return &View{atlas: newAtlas(), glow: ebiten.DrawTrianglesOptions{Blend: ebiten.BlendLighter}}
}

// A Picture is what is to be drawn, in the memory that it was laid out in.
type Picture struct {
	ground *ebitenframe.Quads
	solid  *ebitenframe.Quads
	glow   *ebitenframe.Quads // added to what is behind
	dark   *ebitenframe.Quads
	text   *ebitenframe.Quads
}

// Sprites returns the number of rectangles.
func (p *Picture) Sprites() int {
	return p.ground.Len() + p.solid.Len() + p.glow.Len() + p.dark.Len() + p.text.Len()
}

// Draw draws the picture.
func (v *View) Draw(screen *ebiten.Image, p *Picture) {
	if v.image == nil {
		v.image = ebiten.NewImageFromImage(v.atlas.image)
	}
	p.ground.Draw(screen, v.image, nil)
	p.solid.Draw(screen, v.image, nil)
	p.glow.Draw(screen, v.image, &v.glow)
	p.dark.Draw(screen, v.image, nil)
	p.text.Draw(screen, ebitenframe.Fixed().Image, nil)
}

// A layout is a picture that is being laid out.
type layout struct {
	*Picture
	*atlas
	font  *ebitenframe.Font
	m     mem.Mem
	w     *world.World
	scene *world.Scene
	// Where the units' origin is on the screen.
	x, y float32
}

// Lay lays out a picture of the scene, with what stands over it.
func (v *View) Lay(m mem.Mem, w *world.World, s *world.Scene, h HUD) *Picture {
	defer m.Tag("picture")()
	l := mem.New[layout](m)
	*l = layout{Picture: mem.New[Picture](m), atlas: v.atlas, font: ebitenframe.Fixed(), m: m, w: w, scene: s}
	l.ground = ebitenframe.NewQuads(m.Frame, 1200)
	l.solid = ebitenframe.NewQuads(m.Frame, 2*(len(s.Standing)+len(s.Gems))+64)
	l.glow = ebitenframe.NewQuads(m.Frame, len(s.Sparks)+2*len(s.Shots)+len(s.Gems)+64)
	l.dark = ebitenframe.NewQuads(m.Frame, 8)
	l.text = ebitenframe.NewQuads(m.Frame, 8*len(s.Numbers)+1024)

	shakeX, shakeY := shake(w)
	l.x = float32(math.Round(float64(Width/2 - s.Camera.X*Zoom + shakeX)))
	l.y = float32(math.Round(float64(Height/2 - s.Camera.Y*Zoom + shakeY)))
	l.layGround()
	l.layGems()
	l.layStanding()
	l.layBlades()
	l.layGlow()
	l.dark.Add(ebitenframe.Quad{W: Width, H: Height, Src: l.vignette})
	l.layNumbers()
	l.layHUD(h)
	return l.Picture
}

func shake(w *world.World) (x, y float32) {
	sin, cos := math.Sincos(float64(w.Ticks) * 1.9)
	return w.Shake * float32(sin), w.Shake * float32(cos)
}

// at returns where a place is on the screen, on a whole pixel.
func (l *layout) at(p world.Pos) (x, y float32) {
	return float32(int(p.X*Zoom + l.x)), float32(int(p.Y*Zoom + l.y))
}

// layGround lays the tiles, brighter and darker in patches, and the walls on them.
func (l *layout) layGround() {
	const tile = world.Tile * Zoom
	x0, y0 := int(-l.x)/tile-1, int(-l.y)/tile-1
	for y := y0; y <= y0+Height/tile+3; y++ {
		for x := x0; x <= x0+Width/tile+2; x++ {
			n := noise(x, y)
			c := 0.82 + 0.10*float32(math.Sin(float64(x)*0.31)+math.Cos(float64(y)*0.27+float64(x)*0.1)) + 0.04*float32(n%4)
			l.ground.Add(ebitenframe.Quad{
				X: float32(x*tile) + l.x, Y: float32(y*tile) + l.y, W: tile, H: tile, Src: l.grass[tileLook(n)],
				Color: ebitenframe.Color{R: c, G: c, B: c * 1.06, A: 1},
			})
		}
	}
	t := l.w.Terrain()
	for y := y0; y <= y0+Height/tile+3; y++ {
		for x := x0; x <= x0+Width/tile+2; x++ {
			if t.At(x, y) == world.Stone {
				sx, sy := float32(x*tile)+l.x, float32(y*tile)+l.y
				l.ground.Add(ebitenframe.Quad{X: sx - 4, Y: sy + tile - 14, W: tile + 8, H: 24, Src: l.shadow})
				l.ground.Add(ebitenframe.Quad{X: sx, Y: sy - 6*Zoom, W: tile, H: 22 * Zoom, Src: l.stone[noise(x, y)%2]})
			}
		}
	}
}

// tileLook draws a look of the grass: most tiles are bare, few have flowers.
func tileLook(n uint32) int {
	switch n >>= 3; {
	case n%29 == 0:
		return 7
	case n%17 == 0:
		return 6
	}
	return int(n % 6)
}

// noise is a number that looks random, always the same for a tile.
func noise(x, y int) uint32 {
	n := uint32(x)*374761393 + uint32(y)*668265263
	n = (n ^ n>>13) * 1274126177
	return n ^ n>>16
}

var gemColors = [3]ebitenframe.Color{{R: 1, G: 1, B: 1, A: 1}, {R: 0.9, G: 1, B: 0.35, A: 1}, {R: 1, G: 0.4, B: 0.75, A: 1}}

func (l *layout) layGems() {
	for i := range l.scene.Gems {
		g := &l.scene.Gems[i]
		x, y := l.at(g.Pos)
		bob := float32(math.Sin(float64(l.w.Ticks)*0.08+float64(g.X))) * 2
		l.solid.Add(ebitenframe.Quad{X: x, Y: y + 10, W: 18, H: 8, Centered: true, Src: l.shadow})
		l.solid.Add(ebitenframe.Quad{X: x, Y: y - 2 + bob, W: 20, H: 20, Centered: true, Src: l.gem, Color: gemColors[g.Color]})
		if g.Fade == 1 {
			l.glow.Add(ebitenframe.Quad{X: x, Y: y - 2, W: 44, H: 44, Centered: true, Src: l.halo, Color: gemGlow(g.Color)})
		}
	}
}

func gemGlow(i uint8) ebitenframe.Color {
	return [3]ebitenframe.Color{{R: 0.1, G: 0.6, B: 1, A: 0.30}, {R: 0.6, G: 1, B: 0.2, A: 0.30}, {R: 1, G: 0.2, B: 0.6, A: 0.45}}[i]
}

// layStanding lays foes, trees and the player, from back to front. The player is
// in front of what shines, to be found in any turmoil.
func (l *layout) layStanding() {
	for i := range l.scene.Standing {
		s := &l.scene.Standing[i]
		x, y := l.at(s.Pos)
		src := l.standing[s.Look].plain
		if s.Flash {
			src = l.standing[s.Look].white
		}
		w, h := float32(src.Dx()*Zoom), float32(src.Dy()*Zoom)
		lift, swing := float32(0), math.Sin(float64(s.Phase)*0.18)
		switch s.Look {
		case world.Look(world.Slime): // squeezes itself along
			w, h = w*(1+0.10*float32(swing)), h*(1-0.12*float32(swing))
		case world.Look(world.Bat): // flutters above the ground
			lift = 10 + 4*float32(swing)
			w *= 1 - 0.15*float32(math.Sin(float64(s.Phase)*0.5))
		case world.Look(world.Brute):
			w, h = w*1.5, h*1.5
			lift = float32(math.Abs(swing)) * 3
		case world.LookTree:
			y += 4
		default:
			lift = float32(math.Abs(swing)) * 4
		}
		layer := l.solid
		if s.Look == world.LookPlayer {
			layer = l.dark
			l.solid.Add(ebitenframe.Quad{X: x, Y: y + 8, W: 76, H: 40, Centered: true, Src: l.ring, Color: ebitenframe.Color{R: 1, G: 0.9, B: 0.5, A: 0.9}})
		}
		l.solid.Add(ebitenframe.Quad{X: x, Y: y + 9, W: w * 0.95, H: 14, Centered: true, Src: l.shadow})
		layer.Add(ebitenframe.Quad{X: x - w/2, Y: y + 12 - h - lift, W: w, H: h, Src: src, Mirror: s.Mirror})
	}
}

func (l *layout) layBlades() {
	if l.w.Over {
		return
	}
	for i := range l.w.Player.Blades {
		p, angle := l.w.BladeAt(i)
		x, y := l.at(p)
		l.solid.Add(ebitenframe.Quad{X: x, Y: y, W: 36, H: 34, Centered: true, Angle: angle + math.Pi/4, Src: l.sword})
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: 64, H: 64, Centered: true, Src: l.halo, Color: ebitenframe.Color{R: 0.6, G: 0.8, B: 1, A: 0.25}})
	}
}

var sparkColors = [world.SparkLooks]ebitenframe.Color{
	{R: 0.45, G: 0.9, B: 0.35, A: 1}, {R: 0.95, G: 0.25, B: 0.3, A: 1}, {R: 0.65, G: 0.4, B: 1, A: 1}, {R: 1, G: 0.6, B: 0.2, A: 1},
	{R: 1, G: 0.95, B: 0.7, A: 1}, {R: 1, G: 0.2, B: 0.2, A: 1},
}

// layGlow lays what shines: the player's light, bolts, sparks, the nova.
func (l *layout) layGlow() {
	if !l.w.Over {
		x, y := l.at(l.w.Player.Pos)
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: 560, H: 560, Centered: true, Src: l.halo, Color: ebitenframe.Color{R: 1, G: 0.85, B: 0.55, A: 0.13}})
	}
	for i := range l.scene.Shots {
		s := &l.scene.Shots[i]
		x, y := l.at(s.Pos)
		angle := float32(math.Atan2(float64(s.Dir.Y), float64(s.Dir.X)))
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: 62, H: 24, Centered: true, Angle: angle, Src: l.halo, Color: ebitenframe.Color{R: 0.35, G: 0.65, B: 1, A: 1}})
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: 26, H: 12, Centered: true, Angle: angle, Src: l.halo, Color: ebitenframe.Color{R: 1, G: 1, B: 1, A: 1}})
	}
	for i := range l.scene.Sparks {
		s := &l.scene.Sparks[i]
		x, y := l.at(s.Pos)
		c := sparkColors[s.Color]
		c.A = min(1, s.Fade*1.4)
		size := s.Size * Zoom * (0.8 + s.Fade) * 1.4
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: size, H: size, Centered: true, Src: l.halo, Color: c})
	}
	if r := l.scene.Radius * Zoom; r > 0 {
		x, y := l.at(l.scene.Nova)
		l.glow.Add(ebitenframe.Quad{X: x, Y: y, W: 2 * r, H: 2 * r, Centered: true, Src: l.ring, Color: ebitenframe.Color{R: 0.5, G: 0.8, B: 1, A: max(0.1, 1-r/300)}})
	}
}

// layNumbers lays what the hits took.
func (l *layout) layNumbers() {
	for i := range l.scene.Numbers {
		n := &l.scene.Numbers[i]
		x, y := l.at(n.Pos)
		text := mem.Itoa(l.m, n.Value)
		w, _ := l.font.Size(text, 1)
		l.font.Print(l.text, text, x-w/2+1, y-15, 1, ebitenframe.Color{A: 0.7 * n.Fade})
		l.font.Print(l.text, text, x-w/2, y-16, 1, ebitenframe.Color{R: 1, G: 0.95, B: 0.75, A: n.Fade})
	}
}
