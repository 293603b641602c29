package ebitenframe

import (
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

type panelOptions struct {
	none  bool
	key   ebiten.Key
	shown bool
}

// A panel shows in the game what its memory does. It measures itself, too: its
// text lives in a scratch, its rectangles in the draw frame under the tag
// "panel (F3)".
//
// The methods that the loop calls each turn do nothing on a nil panel.
type panel struct {
	loop  *loop
	shown bool
	meter meter
	page  *page               // what it says, renewed some times a second
	text  *framealloc.Scratch // what page points to
	quads int                 // in the last picture

	pressed func(ebiten.Key) bool
	stop    func() // takes the panel off the reporter
	mu      sync.Mutex
	heard   [panelDiagnostics]diag.Diagnostic // a ring
	reports int                               // ever heard
}

const (
	panelTag         = "panel (F3)"
	panelDiagnostics = 4
	pageTurns        = 20 // turns between renewals of the page
)

func newPanel(l *loop) *panel {
	p := &panel{loop: l, shown: l.options.panel.shown, pressed: inpututil.IsKeyJustPressed}
	p.meter.init()
	p.meter.garbage = p.shown
	p.stop = l.alloc.Reporter().AddSink(p)
	return p
}

func (p *panel) close() {
	if p != nil {
		p.stop()
	}
}

// Report keeps a diagnostic to show. It is called from any goroutine.
func (p *panel) Report(d diag.Diagnostic) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard[p.reports%len(p.heard)] = d
	p.reports++
}

// recent returns the last diagnostics, the newest first, and how many there were.
func (p *panel) recent() (list [panelDiagnostics]diag.Diagnostic, n, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n = min(p.reports, len(p.heard))
	for i := range n {
		list[i] = p.heard[(p.reports-1-i)%len(p.heard)]
	}
	return list, n, p.reports
}

func (p *panel) beforeUpdate() {
	if p == nil {
		return
	}
	if p.pressed(p.loop.options.panel.key) {
		p.shown = !p.shown
		p.page = nil
		p.meter.garbage, p.meter.objects = p.shown, 0
	}
	p.meter.beginUpdate()
}

func (p *panel) afterUpdate() {
	if p != nil {
		p.meter.endUpdate()
	}
}

func (p *panel) beforeDraw() {
	if p != nil {
		p.meter.beginDraw()
	}
}

// afterDraw shows the panel over what the game has drawn.
func (p *panel) afterDraw(screen *ebiten.Image) {
	if p == nil {
		return
	}
	p.meter.endDraw()
	if !p.shown {
		return
	}
	frame := p.loop.draw
	defer frame.Tag(panelTag)()
	font := Fixed()
	size := screen.Bounds().Size()
	p.lay(frame, font, float32(size.X), float32(size.Y)).Draw(screen, font.Image, nil)
}

// lay returns the panel's rectangles for a screen of the given size.
func (p *panel) lay(frame *framealloc.Frame, font *Font, width, height float32) *Quads {
	if p.page == nil || p.meter.n%pageTurns == 0 {
		p.renew()
	}
	q := NewQuads(frame, p.quads+64)
	p.page.lay(q, font, &p.meter, width, height)
	p.quads = q.Len()
	return q
}

// renew writes the page anew.
func (p *panel) renew() {
	if p.text == nil {
		p.text = p.loop.draws.Scratch(panelTag)
	}
	p.text.Reset()
	p.page = newPage(p.text.Frame(), p)
}
