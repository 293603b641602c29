package ebitenframe

import (
	"time"

	"github.com/framealloc/framealloc"
	"github.com/hajimehoshi/ebiten/v2"
)

// A page is what the panel says besides its graph: lines of text, some with a bar.
type page struct {
	mem   *framealloc.Frame
	lines []line
}

// A line is text with a bar on the right.
type line struct {
	text  string
	color Color
	bar   float32 // how full, 0 to 1; negative: no bar
	mark  float32 // where on the bar the soft threshold is; 0: nowhere
}

// The panel's measures in pixels, and its colors.
const (
	pageColumns = 54 // characters in a line
	nameColumns = 15 // of those, for a name
	barWidth    = 66
	pageMargin  = 8
	pageIndent  = 8
	lineHeight  = 14
	graphHeight = 64
	graphTurns  = pageColumns * fixedWidth // as many as the graph is wide
	pageWidth   = pageColumns*fixedWidth + 2*pageIndent
)

var (
	pageBack    = Color{0.04, 0.05, 0.08, 0.95}
	graphBack   = Color{0.10, 0.12, 0.17, 0.9}
	colorText   = Color{0.88, 0.90, 0.94, 1}
	colorDim    = Color{0.58, 0.64, 0.74, 1}
	colorHead   = Color{0.45, 0.78, 1, 1}
	colorUpdate = Color{0.35, 0.68, 1, 1}
	colorDraw   = Color{0.48, 0.87, 0.55, 1}
	colorGap    = Color{0.26, 0.29, 0.36, 1}
	colorGood   = Color{0.40, 0.80, 0.50, 1}
	colorSoft   = Color{0.98, 0.78, 0.30, 1}
	colorHard   = Color{1, 0.40, 0.36, 1}
	colorCycle  = Color{0.95, 0.45, 0.85, 1}
)

// newPage writes down how things are, in the memory of mem.
func newPage(mem *framealloc.Frame, p *panel) *page {
	g := framealloc.New[page](mem)
	g.mem = mem
	g.times(&p.meter)
	g.garbage(&p.meter)
	g.workers(p.loop)
	g.tags(p.loop.alloc)
	g.diagnostics(p)
	return g
}

func (g *page) text() *framealloc.Text { return framealloc.NewText(g.mem) }

func (g *page) add(text string, c Color) { g.addBar(text, c, -1, 0) }

func (g *page) addBar(text string, c Color, full, mark float32) {
	g.lines = framealloc.Append(g.mem, g.lines, line{text, c, full, mark})
}

func (g *page) times(m *meter) {
	var worst time.Duration
	for i := range graphTurns {
		t := m.ago(i)
		worst = max(worst, t.update+t.draw)
	}
	last := m.ago(0)
	g.add(g.text().Str("update ").Str(millis(g.mem, last.update)).Str("  draw ").Str(millis(g.mem, last.draw)).
		Str("  worst ").Str(millis(g.mem, worst)).Str(" of ").Int(graphTurns).String(), colorText)
	g.add(g.text().Float(ebiten.ActualFPS(), 'f', 1).Str(" frames/s  ").Float(ebiten.ActualTPS(), 'f', 1).Str(" ticks/s").String(), colorDim)
}

func (g *page) garbage(m *meter) {
	inUpdate, inDraw, elsewhere, turns := m.garbageMean()
	collections := 0
	for i := range graphTurns {
		collections += m.ago(i).collections
	}
	c := colorGood
	if inUpdate >= 0.5 {
		c = colorSoft
	}
	g.add("GARBAGE, heap objects a frame", colorHead)
	if turns < pageTurns { // too few for a mean that says anything
		g.add("counting", colorDim)
		g.add("", colorDim)
		return
	}
	g.add(g.text().Str("Update ").Float(inUpdate, 'f', 1).Str("   Draw ").Float(inDraw, 'f', 1).Str(" with Ebitengine's").String(), c)
	g.add(g.text().Str("engine and others ").Float(elsewhere, 'f', 0).Str("   collections ").Int(collections).String(), colorDim)
}

func (g *page) workers(l *loop) {
	a := l.alloc
	g.add(g.row("WORKER", "frame", "most", "held"), colorHead)
	for _, w := range a.Workers() {
		s := w.Stats()
		full, mark := float32(-1), float32(0)
		if w == a.Main() || w == l.draws { // the others' budgets are their goroutines' to ask for
			full, mark = fill(s.LastFrameBytes, frameBudget(w))
		}
		g.addBar(g.row(w.Name(), size(g.mem, s.LastFrameBytes), size(g.mem, s.HighWater), size(g.mem, s.Capacity)), colorText, full, mark)
	}
	if b := a.Budget(); b.Hard > 0 {
		sum := 0
		for _, w := range a.Workers() {
			sum += w.Stats().LastFrameBytes
		}
		g.usage("all workers", sum, 0, b)
	}
}

func (g *page) tags(a *framealloc.Allocator) {
	budgets := a.TagBudgets()
	g.add(g.row("TAG", "frame", "most", "budget"), colorHead)
	for _, t := range a.TagStats() {
		if t.Path == "" {
			t.Path = "(none)"
		}
		g.usage(t.Path, t.LastFrameBytes, t.HighWater, budgets[t.Path])
	}
}

// usage adds a line with bytes used, the most ever used, and a budget's bar.
func (g *page) usage(name string, used, most int, b framealloc.Budget) {
	limit := limitOf(b)
	var peak, budget string
	if most > 0 {
		peak = size(g.mem, most)
	}
	if limit > 0 {
		budget = size(g.mem, limit)
	}
	full, mark := fill(used, b)
	g.addBar(g.row(name, size(g.mem, used), peak, budget), colorText, full, mark)
}

// frameBudget returns the limit of a worker's frames: its budget, or the
// configured one.
func frameBudget(w *framealloc.Worker) framealloc.Budget {
	b := w.Budget()
	if most := w.Allocator().Config().MaxFrameBytes; limitOf(b) == 0 {
		b.Hard = most
	}
	return b
}

// limitOf is what a budget's bar is full at; 0: it has none.
func limitOf(b framealloc.Budget) int {
	if b.Hard > 0 {
		return b.Hard
	}
	return b.Soft
}

// fill returns how full a budget's bar is and where its mark stands.
func fill(used int, b framealloc.Budget) (full, mark float32) {
	limit := float32(limitOf(b))
	if limit == 0 {
		return -1, 0
	}
	return min(1, float32(used)/limit), min(1, float32(b.Soft)/limit)
}

// row writes a table's row: a name, and columns that end below each other.
func (g *page) row(name, a, b, c string) string {
	t := g.text().Str(clip(name, nameColumns)).Col(nameColumns)
	return t.Right(9).Str(a).Right(9).Str(b).Right(9).Str(c).String()
}

func (g *page) diagnostics(p *panel) {
	list, n, total := p.recent()
	g.add(g.text().Str("DIAGNOSTICS ").Int(total).String(), colorHead)
	if n == 0 {
		g.add("none", colorDim)
	}
	for _, d := range list[:n] {
		text := g.text().Str(string(d.Code)).Byte(' ').Str(d.Message).String()
		g.add(framealloc.String(g.mem, clip(text, pageColumns)), colorSoft)
	}
}

// clip returns the first n characters of text, or less.
func clip(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// size writes a number of bytes in at most 8 characters.
func size(f *framealloc.Frame, n int) string {
	t := framealloc.NewText(f)
	switch {
	case n >= 10*framealloc.MiB:
		return t.Int(n / framealloc.MiB).Str(" MiB").String()
	case n >= framealloc.MiB:
		return t.Float(float64(n)/framealloc.MiB, 'f', 1).Str(" MiB").String()
	case n >= 10*framealloc.KiB:
		return t.Int(n / framealloc.KiB).Str(" KiB").String()
	case n >= framealloc.KiB:
		return t.Float(float64(n)/framealloc.KiB, 'f', 1).Str(" KiB").String()
	}
	return t.Int(n).Str(" B").String()
}

func millis(f *framealloc.Frame, d time.Duration) string {
	return framealloc.NewText(f).Float(float64(d.Microseconds())/1000, 'f', 2).Str(" ms").String()
}
