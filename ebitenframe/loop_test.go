package ebitenframe

import (
	"errors"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/hajimehoshi/ebiten/v2"
)

// A game of functions; those that are nil do nothing.
type game struct {
	update func() error
	draw   func()
	layout func()
}

func (g *game) Update() error {
	if g.update == nil {
		return nil
	}
	return g.update()
}

func (g *game) Draw(*ebiten.Image) {
	if g.draw != nil {
		g.draw()
	}
}

func (g *game) Layout(w, h int) (int, int) {
	if g.layout != nil {
		g.layout()
	}
	return w, h
}

// The optional interfaces, alone and together.
type (
	gameF struct {
		game
		layoutF func()
	}
	gameS struct {
		game
		final func()
	}
	gameFS struct {
		gameF
		final func()
	}
)

func (g *gameF) LayoutF(w, h float64) (float64, float64) {
	if g.layoutF != nil {
		g.layoutF()
	}
	return w, h
}

func (g *gameS) DrawFinalScreen(ebiten.FinalScreen, *ebiten.Image, ebiten.GeoM) {
	if g.final != nil {
		g.final()
	}
}

func (g *gameFS) DrawFinalScreen(ebiten.FinalScreen, *ebiten.Image, ebiten.GeoM) {
	if g.final != nil {
		g.final()
	}
}

// play plays one turn of Ebitengine: Layout, Updates, Draw, and the final screen
// unless it is skipped.
func play(t *testing.T, g ebiten.Game, updates int, final bool) {
	t.Helper()
	if l, ok := g.(ebiten.LayoutFer); ok {
		l.LayoutF(320, 240)
	} else {
		g.Layout(320, 240)
	}
	for range updates {
		if err := g.Update(); err != nil {
			t.Fatal(err)
		}
	}
	g.Draw(nil)
	if f, ok := g.(ebiten.FinalScreenDrawer); ok && final {
		f.DrawFinalScreen(nil, nil, ebiten.GeoM{})
	}
}

// wrap is Wrap for the time of the test.
func wrap(t *testing.T, g ebiten.Game, opts ...Option) ebiten.Game {
	w := Wrap(g, opts...)
	t.Cleanup(func() {
		if err := loopOf(w).close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func loopOf(g ebiten.Game) *loop {
	switch g := g.(type) {
	case withLayoutF:
		return g.loop
	case withFinalScreen:
		return g.loop
	case withBoth:
		return g.loop
	}
	return g.(*loop)
}

func TestOptionalInterfacesAreKept(t *testing.T) {
	for name, tt := range map[string]struct {
		game    ebiten.Game
		layoutF bool
		final   bool
	}{
		"none": {&game{}, false, false},
		"F":    {&gameF{}, true, false},
		"S":    {&gameS{}, false, true},
		"F, S": {&gameFS{}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			for how, g := range map[string]ebiten.Game{
				"Wrap": wrap(t, tt.game), "ByArgument": ByArgument(argued{tt.game}.as()), "both": wrap(t, ByArgument(argued{tt.game}.as())),
			} {
				if _, ok := g.(ebiten.LayoutFer); ok != tt.layoutF {
					t.Errorf("%s: LayoutF is there: %t, want %t", how, ok, tt.layoutF)
				}
				if _, ok := g.(ebiten.FinalScreenDrawer); ok != tt.final {
					t.Errorf("%s: DrawFinalScreen is there: %t, want %t", how, ok, tt.final)
				}
			}
		})
	}
}

// argued makes a Game of an ebiten.Game.
type argued struct{ ebiten.Game }

func (a argued) Update(*framealloc.Frame) error            { return a.Game.Update() }
func (a argued) Draw(_ *framealloc.Frame, s *ebiten.Image) { a.Game.Draw(s) }
func (a argued) Layout(w, h int) (int, int)                { return a.Game.Layout(w, h) }
func (a argued) as() Game {
	l, isF := a.Game.(ebiten.LayoutFer)
	s, isS := a.Game.(ebiten.FinalScreenDrawer)
	switch {
	case isF && isS:
		return struct {
			argued
			ebiten.LayoutFer
			ebiten.FinalScreenDrawer
		}{a, l, s}
	case isF:
		return struct {
			argued
			ebiten.LayoutFer
		}{a, l}
	case isS:
		return struct {
			argued
			ebiten.FinalScreenDrawer
		}{a, s}
	}
	return a
}

// TestTickFrameLivesUntilTheNextUpdate is what two arenas are for: what Update
// left is there in every Draw until the next Update, however many there are.
func TestTickFrameLivesUntilTheNextUpdate(t *testing.T) {
	var sprites []int
	updates := 0
	g := &game{}
	g.update = func() error {
		updates++
		sprites = framealloc.Slice[int](Frame(), 1000)
		for i := range sprites {
			sprites[i] = updates*1000 + i
		}
		return nil
	}
	g.draw = func() {
		junk := framealloc.SliceUninit[int](Frame(), 5000)
		for i := range junk {
			junk[i] = -1
		}
		for i, s := range sprites {
			if s != updates*1000+i {
				t.Fatalf("after Update %d, sprite %d is %d", updates, i, s)
			}
		}
	}
	w := wrap(t, g, WithConfig(framealloc.Config{Modes: framealloc.ModeDebug}))
	for i, n := range []int{5, 1, 0, 0, 0, 2, 0, 1, 1, 0} {
		play(t, w, n, true)
		l := loopOf(w)
		if got := l.alloc.Main().Stats().Frames; got != uint64(updates-1) {
			t.Fatalf("turn %d: %d tick frames have ended after %d Updates", i, got, updates)
		}
		if got := l.draws.Stats().Frames; got != uint64(i+1) {
			t.Fatalf("turn %d: %d draw frames have ended", i, got)
		}
	}
}

// TestEveryTurnOnANewGoroutine is what a browser does, with the checks for
// goroutines on.
func TestEveryTurnOnANewGoroutine(t *testing.T) {
	g := &gameFS{}
	use := func() { framealloc.Slice[int](Frame(), 10) }
	g.update = func() error { use(); return nil }
	g.draw, g.layoutF, g.final = use, use, use
	w := wrap(t, g, WithConfig(framealloc.Config{Modes: framealloc.ModeDebug}))
	for i := range 20 {
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			play(t, w, i%3, i%4 != 0)
		}()
		if p := <-done; p != nil {
			t.Fatalf("turn %d: %v", i, p)
		}
	}
}

// TestDrawFrameEnds: with the final screen, without it, and where it is skipped.
func TestDrawFrameEnds(t *testing.T) {
	s := &gameS{}
	var inDraw, inFinal *framealloc.Frame
	var numbers [2]uint64
	s.draw = func() { inDraw = Frame(); numbers[0] = inDraw.Number() }
	s.final = func() { inFinal = Frame(); numbers[1] = inFinal.Number() }
	w := wrap(t, s)
	l := loopOf(w)

	play(t, w, 1, true)
	if inDraw != inFinal || numbers != [2]uint64{1, 1} {
		t.Errorf("Draw and DrawFinalScreen had frames %d", numbers)
	}
	if l.draws.ActiveFrame() != nil {
		t.Error("the draw frame goes on after DrawFinalScreen")
	}

	play(t, w, 1, false) // skipped
	if l.draws.ActiveFrame() == nil {
		t.Error("the draw frame ended before DrawFinalScreen could be called")
	}
	w.Layout(320, 240)
	if l.draws.ActiveFrame() != nil {
		t.Error("the draw frame outlived its turn")
	}

	play(t, w, 0, true)
	if numbers != [2]uint64{3, 3} {
		t.Errorf("the third turn's draw frames are numbers %d", numbers)
	}

	p := wrap(t, &game{})
	play(t, p, 1, true)
	if loopOf(p).draws.ActiveFrame() != nil {
		t.Error("without a final screen, the draw frame outlived Draw")
	}
}

func TestFrameWithoutTheAdapter(t *testing.T) {
	defer wired.Store(wired.Load())
	wired.Store(false)
	if _, err := TryFrame(); !errors.Is(err, diag.FA101) {
		t.Errorf("before anything was wrapped: %v, want FA101", err)
	}
	g := &game{}
	w := wrap(t, g)
	if _, err := TryFrame(); !errors.Is(err, diag.FA101) {
		t.Errorf("wrapped, but the engine was given something else: %v, want FA101", err)
	}
	play(t, w, 1, true)
	if _, err := TryFrame(); !errors.Is(err, diag.FA102) {
		t.Errorf("between callbacks: %v, want FA102", err)
	}
	var e *diag.Error
	func() {
		defer func() { e, _ = recover().(*diag.Error) }()
		Frame()
	}()
	if e == nil || e.Code != diag.FA102 || e.Severity != diag.SeverityError || e.Help == "" {
		t.Errorf("Frame panicked with %v", e)
	}
}

// TestUpdatesThatDoNotArrive has a wrapper in front of the adapter swallow calls.
func TestUpdatesThatDoNotArrive(t *testing.T) {
	c := diag.NewCollector(t)
	w := wrap(t, &game{}, WithConfig(framealloc.Config{Reporter: c.Reporter()}))
	ticks := int64(0)
	loopOf(w).ticks = func() int64 { return ticks }
	arrives := func() {
		play(t, w, 0, true)
		if err := w.Update(); err != nil {
			t.Fatal(err)
		}
		ticks++
		w.Draw(nil)
	}
	for range 5 {
		arrives()
	}
	c.RequireNone()

	ticks += 2 // paused: two Updates are swallowed, and Draw is called
	w.Draw(nil)
	arrives()
	c.Require(diag.FA102)
	list := c.Of(diag.FA102)
	if len(list) != 1 || list[0].Frame != 5 || list[0].Severity != diag.SeverityWarning {
		t.Fatalf("reported %v", list)
	}
	const want = "Ebitengine counted 2 Updates that did not reach ebitenframe, since its last one"
	if list[0].Message != want {
		t.Errorf("it says %q, want %q", list[0].Message, want)
	}

	c.Reset()
	ticks += 3 // and here Draw is swallowed, too
	arrives()
	if list := c.Of(diag.FA102); len(list) != 1 {
		t.Errorf("reported %v", list)
	}
}

func TestAPanicLeavesNothingBehind(t *testing.T) {
	w := wrap(t, &game{update: func() error { panic("game over") }})
	func() {
		defer func() { _ = recover() }()
		_ = w.Update()
	}()
	if _, err := TryFrame(); !errors.Is(err, diag.FA102) {
		t.Errorf("after the panic: %v, want FA102", err)
	}
}

// TestNested runs one wrapped game within another: each has its own frames.
func TestNested(t *testing.T) {
	var inner, before, after *framealloc.Frame
	in := wrap(t, &game{update: func() error { inner = Frame(); return nil }})
	out := wrap(t, &game{update: func() error {
		before = Frame()
		err := in.Update()
		after = Frame()
		return err
	}})
	play(t, out, 1, true)
	if before != after || inner == before || inner == nil {
		t.Errorf("frames %p, %p, %p", before, inner, after)
	}
}

func TestAllocatorOfTheGame(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	var got []*framealloc.Worker
	l := newLoop(ByArgument(byArgument{&got}), []Option{WithAllocator(a), WithoutPanel()})
	play(t, l, 1, true)
	if len(got) != 2 || got[0] != a.Main() || got[1] != a.Worker("draw") {
		t.Errorf("frames of workers %v", got)
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
	if a.Main().ActiveFrame() != nil || a.Worker("draw") != nil {
		t.Error("the loop left frames or its worker behind")
	}
	a.Frame(func(*framealloc.Frame) {}) // still the game's
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

type byArgument struct{ workers *[]*framealloc.Worker }

func (b byArgument) Update(f *framealloc.Frame) error {
	*b.workers = append(*b.workers, f.Worker())
	return nil
}
func (b byArgument) Draw(f *framealloc.Frame, _ *ebiten.Image) {
	*b.workers = append(*b.workers, f.Worker())
}
func (b byArgument) Layout(w, h int) (int, int) { return w, h }

// TestNoGarbage: a turn costs the game no heap object, with and without a panel.
func TestNoGarbage(t *testing.T) {
	for name, opts := range map[string][]Option{"panel": nil, "no panel": {WithoutPanel()}} {
		t.Run(name, func(t *testing.T) {
			g := &gameS{}
			g.update = func() error { framealloc.Slice[int](Frame(), 100); return nil }
			g.draw = func() { NewQuads(Frame(), 10).Add(Quad{W: 1, H: 1}) }
			w := wrap(t, g, opts...)
			n := 0
			if got := testing.AllocsPerRun(200, func() { play(t, w, n%3, n%5 != 0); n++ }); got != 0 {
				t.Errorf("%v allocations a turn", got)
			}
		})
	}
}

// FuzzCallbacks calls back in any order at all, which Ebitengine never does, and
// compares with a model of what must be.
func FuzzCallbacks(f *testing.F) {
	f.Add([]byte("luudflddflduduflll"))
	f.Add([]byte("fdlfuu"))
	f.Fuzz(func(t *testing.T, calls []byte) {
		g := &gameS{}
		updates, draws, open := 0, 0, false // the model
		var data []uint64
		g.update = func() error {
			data = framealloc.Slice[uint64](Frame(), 64)
			for i := range data {
				data[i] = uint64(updates)
			}
			return nil
		}
		look := func() {
			framealloc.SliceUninit[uint64](Frame(), 100)[0] = 1 << 63
			for _, d := range data {
				if d != uint64(updates) {
					t.Fatalf("Draw sees data of Update %d after Update %d", d, updates)
				}
			}
		}
		g.draw, g.final, g.layout = look, look, nil
		w := wrap(t, g).(withFinalScreen)
		w.ticks = func() int64 { return 0 }
		begin := func() {
			if !open {
				open = true
				draws++
			}
		}
		for _, c := range calls {
			switch c % 4 {
			case 0:
				open = false
				w.Layout(1, 1)
			case 1:
				open = false
				updates++
				if err := w.Update(); err != nil {
					t.Fatal(err)
				}
			case 2:
				begin()
				w.Draw(nil)
			case 3:
				begin()
				w.DrawFinalScreen(nil, nil, ebiten.GeoM{})
				open = false
			}
			if tick := w.alloc.Main().ActiveFrame(); updates > 0 && (tick == nil || tick.Number() != uint64(updates)) {
				t.Fatalf("after %q and %d Updates the tick frame is %v", calls, updates, tick)
			}
			if draw := w.draws.ActiveFrame(); (draw != nil) != open || open && draw.Number() != uint64(draws) {
				t.Fatalf("after %q the draw frame is %v, want number %d, active: %t", calls, draw, draws, open)
			}
		}
	})
}
