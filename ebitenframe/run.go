package ebitenframe

import (
	"errors"

	"github.com/framealloc/framealloc"
	"github.com/hajimehoshi/ebiten/v2"
)

// Run runs the game as [ebiten.RunGame] does, with frames. It returns when the
// game ends, with the game's error, and closes what it has made.
//
// Like ebiten.RunGame it must be called from the main goroutine, and once.
func Run(game ebiten.Game, opts ...Option) error {
	l := newLoop(game, opts)
	err := ebiten.RunGameWithOptions(l.outermost(), l.run)
	return errors.Join(err, l.close())
}

// Wrap returns a game that runs the given one with frames, to be handed to
// Ebitengine or to a wrapper of one's own. It has exactly those of Ebitengine's
// optional interfaces that game has: [ebiten.LayoutFer], [ebiten.FinalScreenDrawer].
//
// What it returns is meant to live as long as the program: its workers are not
// closed.
func Wrap(game ebiten.Game, opts ...Option) ebiten.Game { return newLoop(game, opts).outermost() }

// An Option changes how [Run] and [Wrap] work.
type Option func(*options)

type options struct {
	alloc  *framealloc.Allocator
	config framealloc.Config
	run    *ebiten.RunGameOptions
	panel  panelOptions
}

// WithAllocator has the frames taken from a: the tick frame from its main worker,
// the draw frame from a worker that is made for it. Nobody else may begin or end
// frames on the main worker then. Run does not close a.
func WithAllocator(a *framealloc.Allocator) Option { return func(o *options) { o.alloc = a } }

// WithConfig configures the allocator that Run or Wrap makes. It has no effect
// together with [WithAllocator].
func WithConfig(c framealloc.Config) Option { return func(o *options) { o.config = c } }

// WithRunOptions is what [Run] passes to [ebiten.RunGameWithOptions]. It has no
// effect on [Wrap].
func WithRunOptions(run *ebiten.RunGameOptions) Option { return func(o *options) { o.run = run } }

// WithPanel sets the key that shows and hides the panel, F3 unless told otherwise,
// and whether it is there from the start.
func WithPanel(key ebiten.Key, shown bool) Option {
	return func(o *options) { o.panel = panelOptions{key: key, shown: shown} }
}

// WithoutPanel leaves the panel out, and what it measures.
func WithoutPanel() Option { return func(o *options) { o.panel = panelOptions{none: true} } }
