package tables

import (
	"slices"
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

// good FA601: handles are kept, in fields, in other values and in frame memory
func (g *game) handles() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	h := g.nodes.New()
	g.root = h
	g.nodes.Get(h).next = g.nodes.New()
	path := framealloc.Slice[handle.Handle[node]](f, 2)
	path[0], path[1] = h, g.nodes.Get(h).next
	g.root = path[1]
}

// good FA601: a table's values are no frame memory
func (g *game) pointers() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	n := g.nodes.Get(g.root)
	g.cur = n
	seen := framealloc.SliceCap[*node](f, 0, 8)
	for _, n := range g.nodes.All() {
		if len(seen) < cap(seen) {
			seen = append(seen, n)
		}
	}
	g.cur = seen[0]
	g.nodes.Get(n.next).p = n.p
}

// good FA601: a value is copied into frame memory, and back out of it
func (g *game) copies() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	n := framealloc.NewValue(f, *g.nodes.Get(g.root))
	n.name = "seen"
	all := framealloc.Clone(f, g.raw.Slice(g.raw.NewSlice(3)))
	*all[0] = 1
	text := framealloc.Sprintf(f, "unit %d", 3)
	g.nodes.NewValue(node{name: strings.Clone(text), s: slices.Clone(framealloc.Slice[int](f, 3))})
	i := framealloc.New[int](f)
	*g.nodes.Get(g.root).p = *i
}

// good FA601: appending to a table's slice copies it
func (g *game) appends(h handle.Handle[*int]) int {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	s := append(g.raw.Slice(h), framealloc.New[int](f))
	s[0] = framealloc.New[int](f)
	list, _ := g.raw.LookupSlice(h)
	for range 3 {
		list = append(list, framealloc.New[int](f))
	}
	return len(s) + len(list)
}

// good FA601: what is freed before the frame ends
func (g *game) frees() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.New[int](f)
	h := g.nodes.NewValue(node{p: p})
	defer g.nodes.Free(h)
	g.nodes.Get(h).s = framealloc.Slice[int](f, 3)

	h2, err := g.nodes.TryNewValue(node{p: p})
	if err != nil {
		return
	}
	defer func() { g.nodes.Free(h2) }()

	h3 := g.add(p)
	g.root = h3
	g.nodes.Free(g.root)

	hs := framealloc.SliceCap[handle.Handle[*int]](f, 0, 3)
	for range 3 {
		hs = append(hs, g.raw.NewValue(p))
	}
	for _, h := range hs {
		g.raw.Free(h)
	}
}

// good FA601: everything is freed before the frame ends
func (g *game) clears() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.raw.NewValue(framealloc.New[int](f))
	g.raw.NewValue(framealloc.New[int](f))
	g.raw.Clear()
}

// good FA601: what is taken out again before the frame ends
func (g *game) takesOut() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.nodes.Get(g.root).p = framealloc.New[int](f)
	n := g.nodes.Get(g.root)
	n.s = framealloc.Slice[int](f, 3)
	use(n)
	n.s = nil
	g.nodes.Get(g.root).p = nil
	s := framealloc.Slice[int](f, 3)
	for _, n := range g.nodes.All() {
		n.s = s
		use(n)
		n.s = nil
	}
	for h, n := range g.nodes.All() {
		n.p = framealloc.New[int](f)
		g.nodes.Free(h)
	}
}

func use(n *node) { println(n.p, n.s) }

// good FA601: a table that is made in the frame, and goes with the function
func (g *game) local() int {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	nodes := handle.NewTable[node](f, handle.Config{})
	h := nodes.NewValue(node{p: framealloc.New[int](f)})
	nodes.Get(h).s = framealloc.Slice[int](f, 3)
	return len(nodes.Get(h).s) + count(f)
}

func count(f *framealloc.Frame) int {
	names := handle.NewTable[string](f, handle.Config{})
	names.NewValue(framealloc.Sprintf(f, "unit %d", 3))
	return names.Len()
}

type event struct {
	who  handle.Handle[node]
	name string
	p    *int
}

// good FA601: the event is in frame memory, what it refers to is not
func (g *game) events() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	e := framealloc.New[event](f)
	e.who = g.root
	e.p = new(int)
	g.apply(e)
}

func (g *game) apply(e *event) {
	g.nodes.Get(e.who).next = e.who
	g.nodes.Get(e.who).p = e.p
}

// good FA601: memory of a scratch pool is not the frame's
func (g *game) scratch(s *framealloc.Scratch) {
	g.nodes.Get(g.root).s = framealloc.Slice[int](s.Frame(), 3)
}
