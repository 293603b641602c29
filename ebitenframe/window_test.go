package ebitenframe

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/display"
	"github.com/hajimehoshi/ebiten/v2"
)

// Ebitengine must run on the main goroutine and runs once a process, so these
// tests start their own program again, with a display, to play one of the scenes.
const (
	sceneVariable   = "EBITENFRAME_SCENE"
	pictureVariable = "EBITENFRAME_PICTURE"
)

var scenes = map[string]func() error{
	"copies": func() error { return playScene(new(copies), framealloc.ModeDebug) },
	"ticks":  func() error { ebiten.SetTPS(20); return playScene(new(ticks), framealloc.ModeDebug) },
	"bare":   func() error { return ebiten.RunGame(new(bare)) },
	"panel": func() error {
		a := framealloc.NewAllocator(framealloc.Config{})
		a.SetTagBudget("sprites", framealloc.Budget{Soft: 96 * framealloc.KiB, Hard: 128 * framealloc.KiB, Policy: framealloc.Warn})
		a.SetTagBudget("ai", framealloc.Budget{Hard: 40 * framealloc.KiB, Policy: framealloc.Warn})
		ebiten.SetWindowSize(960, 720)
		return ebiten.RunGame(&camera{Game: Wrap(new(withSprites), WithPanel(ebiten.KeyF3, true), WithAllocator(a))})
	},
}

func TestMain(m *testing.M) {
	if name := os.Getenv(sceneVariable); name != "" {
		if err := scenes[name](); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// run plays a scene in a window of its own, and returns what it printed.
func run(t *testing.T, scene string, env ...string) (string, error) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(append(display.Environ(t), sceneVariable+"="+scene), env...)
	out, err := c.CombinedOutput()
	return string(out), err
}

func playScene(g ebiten.Game, modes framealloc.Modes) error {
	return Run(g, WithConfig(framealloc.Config{Modes: modes}))
}

// TestEbitengineCopies draws with frame memory that is overwritten as soon as the
// call returns, and then looks at the picture.
func TestEbitengineCopies(t *testing.T) {
	if out, err := run(t, "copies"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRealLoop has fewer ticks than frames, in Ebitengine's own loop.
func TestRealLoop(t *testing.T) {
	if out, err := run(t, "ticks"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestBareGame hands a game to Ebitengine directly.
func TestBareGame(t *testing.T) {
	out, err := run(t, "bare")
	if err == nil || !strings.Contains(out, string(diag.FA101)) || !strings.Contains(out, "ebitenframe.Run(game)") {
		t.Errorf("%v, printed\n%s\nwant FA101 and its help", err, out)
	}
}

// TestPanelPicture shows the panel over a game. With EBITENFRAME_PICTURE the
// picture is kept, to be looked at.
func TestPanelPicture(t *testing.T) {
	file := os.Getenv(pictureVariable)
	if file == "" {
		file = filepath.Join(t.TempDir(), "panel.png")
	}
	if out, err := run(t, "panel", pictureVariable+"="+file); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// Each of the panel's colors is somewhere in it, and nowhere outside.
	for name, c := range map[string]Color{"head": colorHead, "text": colorText, "draw": colorDraw, "bar": colorGood, "soft": colorSoft} {
		in, out := 0, 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if like(img.At(x, y), c) {
					if x < pageMargin+pageWidth {
						in++
					} else {
						out++
					}
				}
			}
		}
		if in < 20 || out > 0 {
			t.Errorf("%s: %d pixels in the panel, %d outside", name, in, out)
		}
	}
}

func like(got color.Color, want Color) bool {
	r, g, b, _ := got.RGBA()
	near := func(a uint32, b float32) bool { d := float32(a)/0xffff - b; return d > -0.02 && d < 0.02 }
	return near(r, want.R) && near(g, want.G) && near(b, want.B)
}

// scene is a game of a fixed size.
type scene struct{ turns int }

func (s *scene) Layout(int, int) (int, int) { return 64, 64 }

// copies draws squares in every way that takes slices.
type copies struct {
	scene
	source, target *ebiten.Image
	shader         *ebiten.Shader
	problem        error
}

const redShader = `//kage:unit pixels
package main

func Fragment(position vec4, src vec2, color vec4) vec4 { return color }
`

func (c *copies) Update() error {
	if c.turns > 3 || c.problem != nil {
		return errors.Join(c.problem, ebiten.Termination)
	}
	return nil
}

func (c *copies) Draw(screen *ebiten.Image) {
	c.turns++
	if c.source == nil {
		c.source, c.target = ebiten.NewImage(4, 4), ebiten.NewImage(64, 64)
		c.source.Fill(color.White)
		if c.shader, c.problem = ebiten.NewShader([]byte(redShader)); c.problem != nil {
			return
		}
	}
	frame := Frame()
	c.target.Clear()

	q := NewQuads(frame, 1)
	q.Add(Quad{X: 0, Y: 0, W: 16, H: 16, Src: image.Rect(0, 0, 4, 4), Color: Color{1, 0, 0, 1}})
	indices := q.Indices()
	c.target.DrawTriangles32(q.Vertices(), indices, c.source, nil)
	spoil(q.Vertices(), indices)

	q.Add(Quad{X: 32, Y: 0, W: 16, H: 16, Color: Color{0, 1, 0, 1}})
	copy(q.Vertices(), q.Vertices()[4:])
	indices = q.Indices()[:6]
	c.target.DrawTrianglesShader32(q.Vertices(), indices, c.shader, nil)
	spoil(q.Vertices(), indices)

	pixels := framealloc.Slice[byte](frame, 4*16*16)
	for i := range 16 * 16 {
		copy(pixels[4*i:], []byte{0, 0, 255, 255})
	}
	c.target.SubImage(image.Rect(0, 32, 16, 48)).(*ebiten.Image).WritePixels(pixels)
	clear(pixels)

	for at, want := range map[image.Point]color.RGBA{
		{8, 8}: {255, 0, 0, 255}, {40, 8}: {0, 255, 0, 255}, {8, 40}: {0, 0, 255, 255}, {40, 40}: {},
	} {
		if got := c.target.At(at.X, at.Y); got != want {
			c.problem = fmt.Errorf("turn %d: at %v there is %v, want %v", c.turns, at, got, want)
		}
	}
	screen.DrawImage(c.target, nil)
}

func spoil(v []ebiten.Vertex, indices []uint32) {
	for i := range v {
		v[i] = ebiten.Vertex{DstX: 64, DstY: 64, ColorR: 1, ColorG: 1, ColorB: 1, ColorA: 1}
	}
	clear(indices)
}

// ticks checks that Draw finds what Update has left, and that every callback of
// the real loop has its frame.
type ticks struct {
	scene
	updates, repeats int
	final            int
	data             []int
	seen             int
}

func (g *ticks) Update() error {
	if g.repeats >= 10 && g.final >= 10 || g.turns > 600 {
		if g.turns > 600 {
			return fmt.Errorf("%d turns, but only %d Draws without Update and %d final screens", g.turns, g.repeats, g.final)
		}
		return ebiten.Termination
	}
	g.updates++
	g.data = framealloc.Slice[int](Frame(), 500) //fa:ignore FA601 for Draw, which comes before the tick's frame ends
	for i := range g.data {
		g.data[i] = g.updates
	}
	return nil
}

func (g *ticks) LayoutF(w, h float64) (float64, float64) {
	framealloc.New[int](Frame())
	return 64, 64
}

func (g *ticks) Draw(screen *ebiten.Image) {
	g.turns++
	if g.seen == g.updates {
		g.repeats++
	}
	g.seen = g.updates
	framealloc.Slice[int](Frame(), 1000)[999] = -1
	for _, d := range g.data {
		if d != g.updates {
			panic(fmt.Sprintf("Draw sees %d after Update %d", d, g.updates))
		}
	}
	screen.Fill(color.RGBA{uint8(g.turns), 0, 0, 255})
}

func (g *ticks) DrawFinalScreen(screen ebiten.FinalScreen, offscreen *ebiten.Image, geoM ebiten.GeoM) {
	g.final++
	framealloc.New[int](Frame())
	ebiten.DefaultDrawFinalScreen(screen, offscreen, geoM)
}

// bare asks for a frame without the adapter.
type bare struct{ scene }

func (b *bare) Update() error    { Frame(); return nil }
func (*bare) Draw(*ebiten.Image) {}

// withSprites is a game for the panel to be shown over.
type withSprites struct {
	scene
	reported bool
}

func (*withSprites) Layout(int, int) (int, int) { return 960, 720 }

func (w *withSprites) Update() error {
	frame := Frame()
	defer frame.Tag("ai")()
	framealloc.Slice[byte](frame, 12<<10+w.turns*37%9000)
	if !w.reported {
		w.reported = true
		frame.Worker().Allocator().Reporter().Report(diag.Diagnostic{
			Code: diag.FA530, Message: "HeapNew in the hot path, 120 times a frame", Tag: "ai",
		})
	}
	return nil
}

func (w *withSprites) Draw(screen *ebiten.Image) {
	w.turns++
	frame := Frame()
	defer frame.Tag("sprites")()
	screen.Fill(color.RGBA{24, 26, 38, 255})
	font, q := Fixed(), NewQuads(frame, 400)
	for i := range 400 {
		font.Rect(q, float32(370+i%20*29), float32(20+i/20*34), 20, 20, Color{0.5, float32(i%20) / 40, 0.6, 1})
	}
	q.Draw(screen, font.Image, nil)
}

// camera takes a picture of what a wrapped game has drawn after some turns.
type camera struct {
	ebiten.Game
	turns  int
	pixels *image.RGBA
}

func (c *camera) Update() error {
	if c.pixels == nil {
		return c.Game.Update()
	}
	f, err := os.Create(os.Getenv(pictureVariable))
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, c.pixels), f.Close(), ebiten.Termination)
}

func (c *camera) Draw(screen *ebiten.Image) {
	c.Game.Draw(screen)
	if c.turns++; c.turns == 90 {
		c.pixels = image.NewRGBA(screen.Bounds())
		screen.ReadPixels(c.pixels.Pix)
	}
}
