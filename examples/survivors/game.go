package main

import (
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"runtime/metrics"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/ebitenframe"
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/framealloc/framealloc/examples/survivors/view"
	"github.com/framealloc/framealloc/examples/survivors/world"
	"github.com/hajimehoshi/ebiten/v2"
)

// A game is what Ebitengine runs.
type game struct {
	settings
	title  bool // before the game: it plays by itself behind the title
	world  *world.World
	view   *view.View
	scene  *world.Scene // of the last tick, in its frame
	camera world.Pos    // of the last tick; its scene is gone when the next one begins

	ticks, pictures int
	tickBytes       int // of frame memory that the last tick took
	drawBytes       int // and the last picture
	samples         [1]metrics.Sample
	failed          error
}

func newGame(s settings) *game {
	g := &game{settings: s, view: view.New(), title: !s.auto}
	g.samples[0].Name = "/gc/cycles/total:gc-cycles"
	g.restart()
	return g
}

// restart begins a new world.
func (g *game) restart() {
	c := g.settings.world()
	if c.Seed == 0 {
		c.Seed = rand.Uint64()
	}
	if g.title {
		c.Immortal, c.Foes, c.Upgrades = true, 500, 16
	}
	g.world = world.New(c)
}

// Update is called by Ebitengine, through ebitenframe.
func (g *game) Update() error {
	g.advance(ebitenframe.Frame(), readControls())
	return g.failed
}

// Draw is called by Ebitengine, through ebitenframe.
func (g *game) Draw(screen *ebiten.Image) {
	frame := ebitenframe.Frame()
	g.view.Draw(screen, g.lay(frame))
	g.drawBytes = frame.Used()
	g.pictures++
	publish(g)
	if g.shot != "" && g.ticks >= g.shotAt {
		g.failed = save(g.shot, screen)
		g.shotAt = 1 << 62
		if g.failed == nil {
			g.failed = ebiten.Termination
		}
	}
}

// Layout is called by Ebitengine.
func (g *game) Layout(int, int) (int, int) { return view.Width, view.Height }

// memory is where temporary data comes from.
func (g *game) memory(frame *framealloc.Frame) mem.Mem {
	if g.heap {
		return mem.Mem{}
	}
	return mem.Mem{Frame: frame}
}

// advance is Update without Ebitengine.
func (g *game) advance(frame *framealloc.Frame, c controls) {
	g.ticks++
	if c.heap {
		g.heap = !g.heap
	}
	if (c.start || c.click) && (g.title || g.world.Over) {
		g.title = false
		g.restart()
	}
	if g.ticks%30 == 1 {
		metrics.Read(g.samples[:])
	}
	m := g.memory(frame)
	in := c.input
	if g.auto || g.title {
		in = world.Bot(g.world)
	} else if c.pointing { // to where the mouse is, from where the player is seen
		in = toward(g.world, g.camera, c.pointer)
		if c.click {
			in.Choice = view.ChoiceAt(c.pointer.X, c.pointer.Y)
		}
	}
	g.world.Step(m, in)
	g.scene = g.world.Scene(m) //fa:ignore FA601 for Draw, which comes before the tick's frame ends
	g.camera = g.scene.Camera
	g.tickBytes = frame.Used()
}

// toward is the way from the player to a place on the screen.
func toward(w *world.World, camera world.Pos, to image.Point) world.Input {
	x := float32(to.X-view.Width/2)/view.Zoom + camera.X - w.Player.X
	y := float32(to.Y-view.Height/2)/view.Zoom + camera.Y - w.Player.Y
	if x*x+y*y < 16 {
		return world.Input{}
	}
	return world.Input{X: x, Y: y}
}

// lay is Draw without Ebitengine.
func (g *game) lay(frame *framealloc.Frame) *view.Picture {
	return g.view.Lay(g.memory(frame), g.world, g.scene, view.HUD{
		Title: g.title, Heap: g.heap,
		FrameBytes:  g.tickBytes + g.drawBytes,
		Collections: int(g.samples[0].Value.Uint64()),
	})
}

// save writes a picture of the screen.
func save(file string, screen *ebiten.Image) error {
	img := image.NewRGBA(screen.Bounds())
	screen.ReadPixels(img.Pix)
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
