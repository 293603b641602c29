// Survivors is a game: one against thousands, until there are too many. It runs in
// a window and in a browser, and leaves nothing to the collector while it is
// played. With -heap, or the M key, what a tick and a picture need comes from the
// heap instead, to compare.
//
//	go run ./examples/survivors             # in a window
//	go run ./examples/survivors -serve      # in a browser
package main

import (
	"flag"
	"fmt"
	"log"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/ebitenframe"
	"github.com/framealloc/framealloc/examples/survivors/view"
	"github.com/framealloc/framealloc/examples/survivors/web"
	"github.com/framealloc/framealloc/examples/survivors/world"
	"github.com/hajimehoshi/ebiten/v2"
)

func main() {
	log.SetFlags(0)
	var (
		options settings
		serve   = flag.Bool("serve", false, "build the game for browsers and serve the page")
		address = flag.String("addr", "localhost:8080", "where to serve it")
		panel   = flag.Bool("panel", false, "show the memory panel from the start (F3)")
	)
	flag.BoolVar(&options.heap, "heap", false, "take temporary data from the heap (M)")
	flag.BoolVar(&options.auto, "auto", false, "play by itself, and never fall")
	flag.IntVar(&options.foes, "foes", 0, "how many foes there are at least, up to 3200")
	flag.IntVar(&options.upgrades, "upgrades", 0, "how many upgrades to begin with")
	flag.Uint64Var(&options.seed, "seed", 0, "of the ground and the game; 0: another each time")
	flag.StringVar(&options.shot, "shot", "", "write a picture to this file, and quit")
	flag.IntVar(&options.shotAt, "at", 600, "ticks after which to take the picture")
	flag.Parse()

	if *serve {
		log.Fatal(web.Serve(*address, func(url string) { fmt.Println("play at", url) }))
	}
	ebiten.SetWindowTitle("Heap Survivors")
	ebiten.SetWindowSize(view.Width, view.Height)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	err := ebitenframe.Run(newGame(options),
		ebitenframe.WithConfig(config()), ebitenframe.WithPanel(ebiten.KeyF3, *panel))
	if err != nil {
		log.Fatal(err)
	}
}

// config is the allocator's: with room for any tick and picture, so that not even
// the busiest makes frame memory grow.
func config() framealloc.Config {
	c := framealloc.HighPerformanceConfig()
	c.ChunkSize = 8 * framealloc.MiB
	return c
}

// settings are what flags say.
type settings struct {
	heap, auto     bool
	foes, upgrades int
	seed           uint64
	shot           string
	shotAt         int
}

func (s settings) world() world.Config {
	return world.Config{Seed: s.seed, Foes: s.foes, Upgrades: s.upgrades, Immortal: s.auto}
}
