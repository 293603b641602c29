package main

import (
	"testing"

	"github.com/framealloc/framealloc"
)

// turns plays a number of ticks, each with a picture laid out, and no window.
func turns(alloc *framealloc.Allocator, draws *framealloc.Worker, g *game, n int) {
	for range n {
		tick := alloc.BeginFrame()
		g.advance(tick, controls{})
		draw := draws.BeginFrame()
		g.lay(draw)
		g.drawBytes = draw.Used()
		draws.EndFrame()
		alloc.EndFrame()
	}
}

// TestNoGarbage: neither a tick nor the preparation of a picture makes anything on
// the heap, with thousands of sprites. In heap mode the same game makes plenty.
func TestNoGarbage(t *testing.T) {
	alloc := framealloc.NewAllocator(config())
	defer alloc.Close()
	draws := alloc.NewWorker("draw")
	g := newGame(settings{auto: true, foes: 3200, upgrades: 40, seed: 4})
	turns(alloc, draws, g, 400)

	const n = 200
	if got := testing.AllocsPerRun(1, func() { turns(alloc, draws, g, n/2) }); got != 0 { // it runs twice
		t.Errorf("%v heap allocations in %d frames", got, n/2)
	}
	tick := alloc.BeginFrame()
	g.advance(tick, controls{})
	draw := draws.BeginFrame()
	sprites := g.lay(draw).Sprites()
	draws.EndFrame()
	alloc.EndFrame()
	if sprites < 4000 {
		t.Errorf("only %d sprites", sprites)
	}

	bytes := g.tickBytes + g.drawBytes
	g.heap = true
	onHeap := testing.AllocsPerRun(1, func() { turns(alloc, draws, g, n/2) })
	if onHeap < 10*n/2 {
		t.Errorf("in heap mode there are only %v allocations in %d frames", onHeap, n/2)
	}
	t.Logf("%d sprites; %d KiB of frame memory a frame; in heap mode %.0f heap allocations a frame",
		sprites, bytes>>10, onHeap/(n/2))
}

// TestScreens lays out every screen: title, play, a choice, the end.
func TestScreens(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	draws := alloc.NewWorker("draw")
	g := newGame(settings{seed: 2})
	if !g.title {
		t.Fatal("it does not begin with the title")
	}
	step := func(c controls) {
		alloc.Frame(func(f *framealloc.Frame) {
			g.advance(f, c)
			draws.Frame(func(f *framealloc.Frame) {
				if n := g.lay(f).Sprites(); n < 500 {
					t.Fatalf("only %d sprites", n)
				}
			})
		})
	}
	step(controls{})
	step(controls{start: true})
	if g.title || g.world.Player.Level != 1 || g.world.Config.Immortal {
		t.Fatalf("it did not start: %+v", g.world.Config)
	}
	chosen := false
	for range 60 * 60 * 5 {
		if g.world.Choosing {
			chosen = true
			step(controls{})
			step(controls{})
			if !g.world.Choosing {
				t.Fatal("it went on without a choice")
			}
		}
		var c controls
		c.input.X = 1
		if g.ticks%400 < 200 {
			c.input.X = -1
		}
		c.input.Choice = 1
		step(c)
		if g.world.Over {
			break
		}
	}
	if !g.world.Over || !chosen {
		t.Fatalf("after five minutes: over %t, chosen %t: %+v", g.world.Over, chosen, g.world.Player)
	}
	step(controls{})
	step(controls{start: true})
	if g.world.Over || g.world.Kills > 20 {
		t.Error("it does not begin again")
	}
	step(controls{heap: true})
	if !g.heap {
		t.Error("M does not change over")
	}
}
