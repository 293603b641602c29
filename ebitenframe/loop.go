package ebitenframe

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/hajimehoshi/ebiten/v2"
)

// A loop stands between Ebitengine and a game, and begins and ends frames around
// the game's turns. A turn of Ebitengine is Layout, Update 0 to n times, Draw,
// and DrawFinalScreen unless it is skipped; so nothing ends in DrawFinalScreen
// alone, and what it left open ends when the next turn begins.
//
// All of it happens on one goroutine at a time, but not always on the same.
type loop struct {
	options
	game   ebiten.Game
	draws  *framealloc.Worker // the draw frame's
	tick   *framealloc.Frame  // nil before the first Update
	draw   *framealloc.Frame  // nil outside of a turn's Draw
	inside callback
	final  bool  // the game draws the final screen
	owned  bool  // the allocator is the loop's own
	next   int64 // the tick that the next Update must be
	ticks  func() int64
	panel  *panel // nil: there is none
}

// A callback is where in the turn the game is.
type callback uint8

const (
	nowhere callback = iota
	inLayout
	inUpdate
	inDraw
)

func newLoop(game ebiten.Game, opts []Option) *loop {
	l := &loop{game: game, ticks: ebiten.Tick, next: -1}
	l.options.panel.key = ebiten.KeyF3
	for _, set := range opts {
		set(&l.options)
	}
	_, l.final = game.(ebiten.FinalScreenDrawer)
	if l.alloc == nil {
		l.alloc, l.owned = framealloc.NewAllocator(l.config), true
	}
	l.draws = l.alloc.NewWorker("draw")
	if !l.options.panel.none {
		l.panel = newPanel(l)
	}
	return l
}

// close ends the frames and gives back what the loop has made.
func (l *loop) close() error {
	l.claim()
	l.endDraw()
	if l.tick != nil {
		l.tick = nil
		l.alloc.EndFrame()
	}
	l.panel.close()
	if l.owned {
		return l.alloc.Close()
	}
	return l.draws.Close()
}

// enter notes that the game is called, so that Frame finds its frame; the
// function that it returns what to give back to.
func (l *loop) enter(c callback) (outer state) {
	outer = state{current.Swap(l), l.inside}
	l.inside = c
	l.claim()
	wired.Store(true)
	return outer
}

// claim takes the frames over from the goroutine of the callback before.
func (l *loop) claim() {
	if l.tick != nil {
		l.tick.Claim()
	}
	if l.draw != nil {
		l.draw.Claim()
	}
}

// leave undoes enter, also when the game panics: it is deferred.
func (l *loop) leave(outer state) {
	current.Store(outer.loop)
	l.inside = outer.inside
}

// state is what was going on before a callback: nothing, or that of another
// loop whose game is a wrapped one.
type state struct {
	loop   *loop
	inside callback
}

// Update is called by Ebitengine.
func (l *loop) Update() error {
	defer l.leave(l.enter(inUpdate))
	l.endDraw()
	l.countTick()
	l.beginTick()
	l.panel.beforeUpdate()
	end := l.tick.Phase("update")
	err := l.game.Update()
	end()
	l.panel.afterUpdate()
	return err
}

// Draw is called by Ebitengine.
func (l *loop) Draw(screen *ebiten.Image) {
	defer l.leave(l.enter(inDraw))
	l.checkTicks()
	l.beginDraw()
	l.panel.beforeDraw()
	end := l.draw.Phase("draw")
	l.game.Draw(screen)
	end()
	l.panel.afterDraw(screen)
	if !l.final {
		l.endDraw()
	}
}

// Layout is called by Ebitengine.
func (l *loop) Layout(outsideWidth, outsideHeight int) (width, height int) {
	defer l.leave(l.enter(inLayout))
	l.endDraw()
	return l.game.Layout(outsideWidth, outsideHeight)
}

func (l *loop) layoutF(outsideWidth, outsideHeight float64) (width, height float64) {
	defer l.leave(l.enter(inLayout))
	l.endDraw()
	return l.game.(ebiten.LayoutFer).LayoutF(outsideWidth, outsideHeight)
}

func (l *loop) drawFinalScreen(screen ebiten.FinalScreen, offscreen *ebiten.Image, geoM ebiten.GeoM) {
	defer l.leave(l.enter(inDraw))
	l.beginDraw()
	l.game.(ebiten.FinalScreenDrawer).DrawFinalScreen(screen, offscreen, geoM)
	l.endDraw()
}

// frame returns the frame that belongs to where the game is.
func (l *loop) frame() *framealloc.Frame {
	if l.inside == inUpdate {
		return l.tick
	}
	l.beginDraw() // in Layout there may be none yet
	return l.draw
}

func (l *loop) beginTick() {
	if l.tick != nil {
		l.alloc.EndFrame()
	}
	l.tick = l.alloc.BeginFrame()
}

func (l *loop) beginDraw() {
	if l.draw == nil {
		l.draw = l.draws.BeginFrame()
	}
}

func (l *loop) endDraw() {
	if l.draw != nil {
		l.draw = nil
		l.draws.EndFrame()
	}
}

// countTick compares Ebitengine's count of Updates with those that came here.
func (l *loop) countTick() {
	now := l.ticks()
	if l.next >= 0 && now > l.next {
		l.missed(now - l.next)
	}
	l.next = now + 1
}

// checkTicks does so in Draw.
func (l *loop) checkTicks() {
	if now := l.ticks(); l.next >= 0 && now > l.next {
		l.missed(now - l.next)
		l.next = now
	}
}

func (l *loop) missed(updates int64) {
	d := diag.Diagnostic{
		Code: diag.FA102, Worker: l.alloc.Main().Name(),
		Message: fmt.Sprintf("Ebitengine counted %d Updates that did not reach ebitenframe, since its last one", updates),
		Note:    "the tick frame was not ended by them: what it holds stays until the next Update that arrives",
		Help:    "wrap the outermost game, or have the wrapper in front call the wrapped game's Update each time",
	}
	if l.tick != nil {
		d.Frame = l.tick.Number()
	}
	l.alloc.Reporter().Report(d)
}
