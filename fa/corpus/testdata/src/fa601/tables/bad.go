// Package tables keeps values in tables of package handle.
package tables

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type node struct {
	p    *int
	s    []int
	name string
	next handle.Handle[node]
}

type game struct {
	alloc *framealloc.Allocator
	nodes *handle.Table[node]
	raw   *handle.Table[*int]
	texts *handle.Table[string]
	root  handle.Handle[node]
	cur   *node
}

func (g *game) newValue() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.root = g.nodes.NewValue(node{p: framealloc.New[int](f)}) // bad FA601
}

func (g *game) tryNewValue(f *framealloc.Frame) error {
	h, err := g.texts.TryNewValue(framealloc.Sprintf(f, "unit %d", 3)) // bad FA601
	if err != nil {
		return err
	}
	println(h.String())
	return nil
}

func (g *game) get() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.nodes.Get(g.root).p = framealloc.New[int](f) // bad FA601
}

func (g *game) variable() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	n := g.nodes.Get(g.nodes.New())
	n.s = framealloc.Slice[int](f, 3) // bad FA601
}

func (g *game) whole(f *framealloc.Frame) {
	fresh := node{name: framealloc.String(f, "new")}
	*g.nodes.Get(g.root) = fresh // bad FA601
}

func (g *game) lookup() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.New[int](f)
	if n, ok := g.nodes.Lookup(g.root); ok {
		n.p = p // bad FA601
	}
}

func (g *game) copied() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.New[int](f)
	copy(g.raw.Slice(g.raw.NewSlice(3)), []*int{p}) // bad FA601
}

func (g *game) lookupSlice(h handle.Handle[*int]) {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	if s, ok := g.raw.LookupSlice(h); ok {
		s[0] = framealloc.New[int](f) // bad FA601
	}
}

func (g *game) pinned(f *framealloc.Frame) {
	g.raw.Pin(g.raw.New())[0] = framealloc.New[int](f) // bad FA601
}

func (g *game) resized(h handle.Handle[*int]) error {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.raw.Resize(h, 8)[7] = framealloc.New[int](f) // bad FA601
	s, err := g.raw.TryResize(h, 9)
	if err != nil {
		return err
	}
	s[8] = framealloc.New[int](f) // bad FA601
	return nil
}

func (g *game) appended(h handle.Handle[*int], f *framealloc.Frame) {
	s := g.raw.Slice(h)
	_ = append(s[:0], framealloc.New[int](f)) // bad FA601
}

func (g *game) all() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.New[int](f)
	for _, n := range g.nodes.All() {
		n.p = p // bad FA601
	}
}

func (g *game) planned() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	for h, n := range g.nodes.All() {
		if n.p == nil {
			g.nodes.Free(h)
			continue
		}
		n.s = framealloc.Slice[int](f, 3) // bad FA601
	}
}

func (g *game) slices() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	for _, s := range g.raw.Slices() {
		s[0] = framealloc.New[int](f) // bad FA601
	}
}

// The table is the function's own, and of all its frames.
func loop(a *framealloc.Allocator) {
	nodes := handle.NewTable[node](a, handle.Config{Name: "nodes"})
	for range 100 {
		f := a.BeginFrame()
		nodes.NewValue(node{p: framealloc.New[int](f)}) // bad FA601
		a.EndFrame()
	}
}

func scope(a *framealloc.Allocator) {
	nodes := handle.NewTable[node](a, handle.Config{})
	for range 100 {
		a.Frame(func(f *framealloc.Frame) {
			nodes.NewValue(node{p: framealloc.New[int](f)}) // bad FA601
		})
	}
}

func (g *game) add(p *int) handle.Handle[node] { return g.nodes.NewValue(node{p: p}) }

func (g *game) node(h handle.Handle[node]) *node { return g.nodes.Get(h) }

func put[T any](t *handle.Table[T], v T) handle.Handle[T] { return t.NewValue(v) }

func (g *game) helpers() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.New[int](f)
	h := g.add(p)      // bad FA601
	g.node(h).p = p    // bad FA601
	put(g.raw, p)      // bad FA601
	link(g.node(h), p) // bad FA601
}

func link(n *node, p *int) { n.p = p }

// Another value is freed.
func (g *game) replace() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.nodes.Free(g.root)
	g.root = g.nodes.NewValue(node{p: framealloc.New[int](f)}) // bad FA601
}
