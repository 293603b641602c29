package ebitenframe

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/hajimehoshi/ebiten/v2"
)

// withPanel returns a loop whose game uses tags and budgets, and its panel, shown.
func withPanel(t *testing.T) (*loop, *panel) {
	c := diag.NewCollector(t)
	a := framealloc.NewAllocator(framealloc.Config{Reporter: c.Reporter()})
	a.SetTagBudget("ai", framealloc.Budget{Soft: 1000, Hard: 2000, Policy: framealloc.Warn})
	a.SetBudget(framealloc.Budget{Hard: framealloc.MiB})
	a.Main().SetFrameBudget(6400)
	g := &game{}
	g.update = func() error {
		defer Frame().Tag("ai")()
		framealloc.Slice[byte](Frame(), 1600)
		return nil
	}
	l := newLoop(g, []Option{WithAllocator(a), WithPanel(ebiten.KeyF3, false)})
	t.Cleanup(func() {
		if err := errors.Join(l.close(), a.Close()); err != nil {
			t.Error(err)
		}
	})
	l.panel.pressed = func(ebiten.Key) bool { return false }
	return l, l.panel
}

// lay lays the panel out as Draw does, and returns its rectangles.
func lay(l *loop, width, height float32, look func(*Quads)) {
	l.draws.Frame(func(f *framealloc.Frame) { look(l.panel.lay(f, Fixed(), width, height)) })
}

func texts(p *panel) string {
	var b strings.Builder
	for _, line := range p.page.lines {
		b.WriteString(line.text)
		b.WriteByte('\n')
	}
	return b.String()
}

func TestPanelSaysWhatIs(t *testing.T) {
	l, p := withPanel(t)
	for range 3 {
		play(t, l, 1, true)
	}
	l.alloc.Reporter().Report(diag.Diagnostic{Code: diag.FA530, Message: "something is wrong in a way that needs more than one line to tell"})
	lay(l, 1000, 1000, func(*Quads) {})
	got := texts(p)
	for _, want := range []string{
		"\nWORKER             frame     most     held\nmain             1.6 KiB  1.6 KiB   64 KiB\n",
		"\nall workers      1.6 KiB           1.0 MiB\n",
		"\nTAG                frame     most   budget\n",
		"\nai               1.6 KiB  1.6 KiB  2.0 KiB\n",
		"\nDIAGNOSTICS 1\nFA530 something is wrong in a way that needs more than\n",
	} {
		if !strings.Contains("\n"+got, want) {
			t.Errorf("the panel says\n%s\nwant in it%s", got, want)
		}
	}
	for _, line := range p.page.lines {
		if strings.HasPrefix(line.text, "ai ") && (line.bar != 0.8 || line.mark != 0.5) {
			t.Errorf("the bar of tag ai is at %v of 0.8, its mark at %v of 0.5", line.bar, line.mark)
		}
		if strings.HasPrefix(line.text, "main ") && line.bar != 0.25 || strings.HasPrefix(line.text, "draw ") && line.bar >= 0 {
			t.Errorf("the bar of %q is at %v", line.text, line.bar)
		}
		if n := len([]rune(line.text)); n > pageColumns {
			t.Errorf("%d characters: %q", n, line.text)
		}
	}
}

func TestPanelStaysOnTheScreen(t *testing.T) {
	l, _ := withPanel(t)
	play(t, l, 1, true)
	for _, size := range [][2]float32{{1280, 720}, {640, 480}, {400, 240}} {
		lay(l, size[0], size[1], func(q *Quads) {
			if q.Len() < 100 {
				t.Errorf("on %v there are only %d rectangles", size, q.Len())
			}
			for _, v := range q.Vertices() {
				if v.DstX < 0 || v.DstY < 0 || v.DstX > size[0] || v.DstY > size[1] {
					t.Fatalf("on %v something is at %v, %v", size, v.DstX, v.DstY)
				}
			}
		})
	}
}

func TestPanelKey(t *testing.T) {
	l, p := withPanel(t)
	var asked ebiten.Key
	p.pressed = func(k ebiten.Key) bool { asked = k; return true }
	for _, want := range []bool{true, false, true} {
		if err := l.Update(); err != nil {
			t.Fatal(err)
		}
		if p.shown != want || asked != ebiten.KeyF3 {
			t.Errorf("after %v the panel is shown: %t, want %t", asked, p.shown, want)
		}
	}
	if loopOf(wrap(t, &game{}, WithoutPanel())).panel != nil {
		t.Error("there is a panel, which was to be left out")
	}
	if !loopOf(wrap(t, &game{}, WithPanel(ebiten.KeyP, true))).panel.shown {
		t.Error("the panel is not shown, which it was to be")
	}
}

// TestPanelMakesNoGarbage between the renewals of its text.
func TestPanelMakesNoGarbage(t *testing.T) {
	l, p := withPanel(t)
	for range 2 * graphTurns {
		play(t, l, 1, true)
	}
	p.meter.garbage = true
	lay(l, 1000, 1000, func(*Quads) {})
	var last int
	got := testing.AllocsPerRun(50, func() {
		p.meter.beginUpdate()
		p.meter.endUpdate()
		p.meter.beginDraw()
		p.meter.endDraw()
		p.meter.n += pageTurns - 1 - p.meter.n%pageTurns // no renewal
		f := l.draws.BeginFrame()
		last = p.lay(f, Fixed(), 1000, 1000).Len()
		l.draws.EndFrame()
	})
	if got != 0 || last == 0 {
		t.Errorf("%v allocations for %d rectangles", got, last)
	}
}

var sink []*[4]int

func TestMeterCountsGarbage(t *testing.T) {
	m := &meter{garbage: true}
	m.init()
	const each = 20_000 // far more than a span's worth
	make := func() {
		for range each {
			sink = append(sink[:0], new([4]int))
		}
	}
	for range 3 {
		m.beginUpdate()
		m.endUpdate()
		m.beginUpdate()
		make()
		m.endUpdate()
		m.beginDraw()
		m.endDraw()
	}
	turn := m.ago(0)
	if turn.updates != 2 || turn.inUpdate < each*3/4 || turn.inDraw > each/4 {
		t.Errorf("measured %+v for %d objects in Update", turn, each)
	}
	inUpdate, inDraw, _, _ := m.garbageMean()
	if inUpdate < each*3/4 || inDraw > each/4 {
		t.Errorf("means %v and %v", inUpdate, inDraw)
	}
}

// TestGarbageMeanLeavesOutWhatWasNotCounted: turns before the panel was shown are
// not turns without garbage.
func TestGarbageMeanLeavesOutWhatWasNotCounted(t *testing.T) {
	m := new(meter)
	for range 50 {
		m.endDraw()
	}
	if _, _, _, turns := m.garbageMean(); turns != 0 {
		t.Errorf("%d turns counted while the panel was hidden", turns)
	}
	for range 10 {
		m.turns[m.n%len(m.turns)] = turn{counted: true, inUpdate: 6, inDraw: 4, elsewhere: 2}
		m.n++
	}
	if inUpdate, inDraw, elsewhere, turns := m.garbageMean(); inUpdate != 6 || inDraw != 4 || elsewhere != 2 || turns != 10 {
		t.Errorf("means %v, %v, %v of %d turns, want 6, 4, 2 of 10", inUpdate, inDraw, elsewhere, turns)
	}
}

// TestPanelCountsBeforeItSays: just after it was opened it knows nothing yet of
// garbage, and does not show a zero.
func TestPanelCountsBeforeItSays(t *testing.T) {
	l, p := withPanel(t)
	says := func() string {
		p.page = nil
		lay(l, 1000, 1000, func(*Quads) {})
		return texts(p)
	}
	p.shown, p.meter = false, meter{}
	p.meter.init()
	for range 2 * pageTurns {
		play(t, l, 1, true)
	}
	if got := says(); !strings.Contains(got, "counting") || strings.Contains(got, "Update 0") {
		t.Errorf("it says, having counted nothing:\n%s", got)
	}
	p.meter.garbage = true
	for range pageTurns {
		play(t, l, 1, true)
	}
	if got := says(); strings.Contains(got, "counting") || !strings.Contains(got, "Update ") {
		t.Errorf("it says, having counted:\n%s", got)
	}
}

func TestMeterKeepsTheLastTurns(t *testing.T) {
	m := new(meter)
	for i := range graphTurns + 10 {
		m.now.updates = i
		m.endDraw()
	}
	for i, want := range map[int]int{0: graphTurns + 9, graphTurns - 1: 10, graphTurns: 0, -1: 0} {
		if got := m.ago(i).updates; got != want {
			t.Errorf("ago(%d) is turn %d, want %d", i, got, want)
		}
	}
}

func TestGraphLevels(t *testing.T) {
	for d, want := range map[time.Duration]float32{0: 0, graphTop / 2: graphHeight / 2, graphTop: graphHeight, time.Hour: graphHeight} {
		if got := level(d); got != want {
			t.Errorf("level(%v) is %v, want %v", d, got, want)
		}
	}
}
