// Package streams uses data that comes and goes.
package streams

import (
	"context"
	"slices"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

type tile struct {
	heights []float32
	name    string
}

type game struct {
	alloc   *framealloc.Allocator
	pixels  *stream.Entry[byte]
	tiles   *stream.Entry[tile]
	terrain *stream.Stream[tile]
	last    []byte
	cur     *tile
	best    []float32
	sum     int
}

var shown []byte

func (g *game) keeps() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	if p, ok := g.pixels.Use(f); ok {
		g.last = p[:16] // bad FA601
		shown = p       // bad FA601
	}
	if ts, ok := g.tiles.Use(f); ok {
		g.cur = &ts[0] // bad FA601
	}
}

func (g *game) used(f *framealloc.Frame) []byte {
	p, _ := g.pixels.Use(f)
	return p
}

func (g *game) helper() []byte {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.last = g.used(f) // bad FA601
	return g.used(f)   // bad FA601
}

// What a part of the frame uses goes with the frame.
func (g *game) part() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	f.Sub(func(f *framealloc.Frame) {
		if p, ok := g.pixels.Use(f); ok {
			shown = p // bad FA601
		}
	})
}

func (g *game) fill() error {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	ts, err := g.tiles.Begin()
	if err != nil {
		return err
	}
	ts[0].heights = framealloc.Slice[float32](f, 8) // bad FA601
	t := &ts[1]
	t.name = framealloc.Sprintf(f, "tile %d", 1) // bad FA601
	return g.tiles.Finish()
}

// A load with a frame of its own.
func (g *game) load(w *framealloc.Worker) *stream.Entry[tile] {
	return g.terrain.Entry("hills", 4, stream.Low, func(_ context.Context, _ *stream.Entry[tile], dst []tile) error {
		f := w.BeginFrame()
		defer w.EndFrame()
		dst[0].heights = framealloc.Slice[float32](f, 8) // bad FA601
		return nil
	})
}

// good FA601: the data is used within the frame, and copied
func (g *game) draws() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p, ok := g.pixels.Use(f)
	if !ok {
		p = framealloc.Bytes(f, 16)
	}
	for _, b := range p {
		g.sum += int(b)
	}
	g.last = append(g.last[:0], p...)
	shown = slices.Clone(p)
	list := framealloc.SliceCap[[]byte](f, 0, 4)
	list = append(list, p)
	g.sum += len(list)
}

// good FA601: what the data refers to is on the heap
func (g *game) refers(f *framealloc.Frame) {
	if ts, ok := g.tiles.Use(f); ok {
		g.best = ts[0].heights
		t := ts[1]
		g.best = t.heights
		shown = []byte(t.name)
	}
}

// good FA601: a rollback and the end of a part leave it to the frame
func (g *game) parts() int {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	var p []byte
	f.Sub(func(f *framealloc.Frame) {
		p, _ = g.pixels.Use(f)
	})
	return len(p) + int(p[0])
}

// good FA601: a fill of memory that is the program's
func (g *game) fills(name string) error {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	ts, err := g.tiles.Begin()
	if err != nil {
		return err
	}
	hs := framealloc.Slice[float32](f, 8)
	ts[0] = tile{heights: slices.Clone(hs), name: name}
	copy(ts[0].heights, hs)
	g.cur = &ts[0]
	return g.tiles.Finish()
}

// good FA601: the entry and its stream live on
func (g *game) entries(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	g.terrain = stream.New[tile](a, stream.Config{Budget: 1 << 20})
	g.tiles = g.terrain.Entry(framealloc.Sprintf(f, "tile %d", 3), 4, stream.Low, loadTile)
	for e := range g.terrain.All() {
		g.tiles = e
		e.Request()
	}
	if g.pixels != nil {
		g.pixels.Evict()
	}
}

func loadTile(_ context.Context, e *stream.Entry[tile], dst []tile) error {
	for i := range dst {
		dst[i].heights = make([]float32, 16)
	}
	return nil
}
