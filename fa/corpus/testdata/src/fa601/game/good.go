package game

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"fa601/accepted"
	"fa601/cache"
	"fa601/world"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
	"github.com/framealloc/framealloc/group"
)

// good FA601: copied before it is stored
func (g *Game) Copies() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.Slice[world.Vec3](f, 8)
	g.trail = append(g.trail[:0], p...)
	g.title = strings.Clone(framealloc.Sprintf(f, "%d", 3))
	lastPath = slices.Clone(p)
}

// good FA601: linked inside of the frame
func (g *Game) Links(f *framealloc.Frame) int {
	var head *world.Unit
	for range 10 {
		head = world.Link(head, framealloc.New[world.Unit](f))
	}
	n := 0
	for u := head; u != nil; u = u.Next {
		n++
	}
	return n
}

// good FA601: returned to the caller, who owns the frame
func nearest(f *framealloc.Frame, all []world.Unit) []*world.Unit {
	found := framealloc.SliceCap[*world.Unit](f, 0, len(all))
	for i := range all {
		found = append(found, &all[i])
	}
	return found
}

// good FA601: the elements are the world's, only the list is the frame's
func (g *Game) Elements(f *framealloc.Frame, all []world.Unit) {
	list := nearest(f, all)
	v := framealloc.NewVec[*world.Unit](f, len(list))
	for _, u := range list {
		v.Push(u)
	}
	if v.Len() > 0 {
		world.Selected = v.At(0)
		g.hits = append(g.hits, list[0])
	}
}

// good FA601: sorting and printing keep nothing
func (g *Game) Std(f *framealloc.Frame) {
	p := framealloc.Slice[world.Vec3](f, 8)
	sort.Slice(p, func(i, j int) bool { return p[i].X < p[j].X })
	fmt.Println(p, framealloc.String(f, "x"))
	g.trail = append(g.trail, p[0])
}

// good FA601: a scope that copies a number out
func (g *Game) Numbers() float32 {
	var best float32
	g.alloc.Frame(func(f *framealloc.Frame) {
		p := framealloc.Slice[world.Vec3](f, 4)
		best = p[0].X
	})
	return best
}

// good FA601: a frame's context holds the frame beside its memory
type scratchpad struct {
	frame *framealloc.Frame
	list  []world.Vec3
}

func (s *scratchpad) grow(n int) { s.list = framealloc.Slice[world.Vec3](s.frame, n) }

// good FA601: a struct on the stack, filled by a helper
func (g *Game) Stack(f *framealloc.Frame) float32 {
	var u world.Unit
	route(f, &u, 4)
	return world.Sum(u.Path).X
}

func route(f *framealloc.Frame, u *world.Unit, n int) { u.Path = framealloc.Slice[world.Vec3](f, n) }

// good FA601: the field is cleared before the frame ends
func (g *Game) Cleared() {
	f := g.alloc.BeginFrame()
	g.trail = framealloc.Slice[world.Vec3](f, 4)
	g.draw()
	g.trail = nil
	g.alloc.EndFrame()
}

func (g *Game) draw() {}

// good FA601: memory of a group may live on
func (g *Game) LoadLevel(level *group.Group) {
	u := framealloc.New[world.Unit](level.Frame())
	g.world.Add(u)
	world.Select(u)
}

// good FA601: a cache that copies
func (g *Game) Copying(c *cache.Copied, f *framealloc.Frame) { c.Put("x", framealloc.Bytes(f, 10)) }

// good FA601: errors of Try twins are not memory
var lastErr error

func (g *Game) Tries(f *framealloc.Frame) error {
	p, err := framealloc.TrySlice[world.Vec3](f, 1000)
	if err != nil {
		lastErr = err
		return errors.Join(lastErr, err)
	}
	_ = p
	return nil
}

// good FA601: a transfer may be sent
func (g *Game) Hand(f *framealloc.Frame, out chan<- *framesync.Transfer[[]world.Vec3]) {
	out <- framesync.NewTransfer(f, framealloc.Slice[world.Vec3](f, 3))
}

// good FA601: a channel of this function's own
func (g *Game) Own(f *framealloc.Frame) int {
	results := make(chan []world.Vec3, 4)
	var wg sync.WaitGroup
	for range 4 {
		p := framealloc.Slice[world.Vec3](f, 3)
		wg.Go(func() { results <- p })
	}
	wg.Wait()
	close(results)
	n := 0
	for p := range results {
		n += len(p)
	}
	return n
}

// good FA601: reading from the cache, not putting into it
func (g *Game) Reads(f *framealloc.Frame) {
	b := framealloc.Bytes(f, 10)
	copy(b, g.lru.Get("key"))
	g.title = string(b)
}

// good FA601: a reason was given
func (g *Game) Ignored(f *framealloc.Frame) {
	//fa:ignore FA601 the selection is replaced before each frame begins
	world.Selected = framealloc.New[world.Unit](f)
}

// good FA601: parallel results live as long as the parent's frame
func (g *Game) Parallel(f *framealloc.Frame) float32 {
	parts := framealloc.Slice[[]world.Vec3](f, 4)
	framealloc.Parallel(f, 4, func(f *framealloc.Frame, i int) {
		parts[i] = framealloc.Slice[world.Vec3](f, 16)
	})
	return parts[0][0].X
}

// good FA601: a worklist of frame objects in a frame object
type node struct {
	children []*node
	parent   *node
}

func build(f *framealloc.Frame, parent *node, depth int) *node {
	n := framealloc.New[node](f)
	n.parent = parent
	if depth > 0 {
		n.children = framealloc.Append(f, n.children, build(f, n, depth-1))
	}
	return n
}

func (g *Game) Tree(f *framealloc.Frame) int { return len(build(f, nil, 3).children) }

// good FA601: where it is stored, a directive says why this is right.
func (g *Game) Shown(d *accepted.Debug) {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	d.Show(framealloc.New[accepted.Path](f))
	_ = accepted.Find(f, d)
}
