// Package game plays with frame memory, and lets it escape.
package game

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"fa601/accepted"
	"fa601/cache"
	"fa601/world"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/group"
)

var (
	lastPath  []world.Vec3
	anything  any
	names     = map[string]*world.Unit{}
	current   atomic.Pointer[world.Unit]
	bufferers sync.Pool
	paths     = make(chan []world.Vec3, 4)
)

type Game struct {
	alloc *framealloc.Allocator
	world *world.World
	trail []world.Vec3
	title string
	lru   cache.LRU[string, []byte]
	store cache.Store
	hits  []*world.Unit
	view  struct{ visible []*world.Unit }
}

// A global.
func (g *Game) Global() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	lastPath = framealloc.Slice[world.Vec3](f, 8) // bad FA601
}

// A global interface.
func (g *Game) Interface(f *framealloc.Frame) {
	u := framealloc.New[world.Unit](f)
	anything = u // bad FA601
}

// A field of the receiver, of a frame that ends right here.
func (g *Game) Field() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	p := framealloc.Slice[world.Vec3](f, 8)
	g.trail = p[2:] // bad FA601
}

// A string.
func (g *Game) String() {
	g.alloc.Frame(func(f *framealloc.Frame) {
		g.title = framealloc.Sprintf(f, "frame %d", f.Number()) // bad FA601
	})
}

// A map of a package.
func (g *Game) Map(f *framealloc.Frame, name string) {
	names[name] = framealloc.New[world.Unit](f) // bad FA601
}

// A slice of something that lives on.
func (g *Game) Append() {
	f := g.alloc.BeginFrame()
	g.view.visible = append(g.view.visible, framealloc.New[world.Unit](f)) // bad FA601
	g.alloc.EndFrame()
}

// Through a method in another package.
func (g *Game) Method() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	u := framealloc.New[world.Unit](f)
	g.world.Add(u) // bad FA601
}

// Through a generic function in another package, two calls deep.
func (g *Game) Generic() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	u := framealloc.New[world.Unit](f)
	u.Name = "scout"
	g.world.Index(u) // bad FA601
}

// Through a function that makes it global.
func (g *Game) Callee(f *framealloc.Frame) {
	world.Select(framealloc.New[world.Unit](f)) // bad FA601
}

// Through a method of a generic type.
func (g *Game) LRU() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	g.lru.Put("key", framealloc.Bytes(f, 100)) // bad FA601
}

// Through an interface whose contract says that it keeps its argument.
func (g *Game) Contract(f *framealloc.Frame) {
	g.store.Put("key", framealloc.Bytes(f, 100)) // bad FA601
}

// Returned from the function that ends the frame.
func (g *Game) Return() []world.Vec3 {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	return framealloc.Slice[world.Vec3](f, 3) // bad FA601
}

// Returned, inside of a struct, from a helper's result.
type answer struct {
	path []world.Vec3
	ok   bool
}

func (g *Game) ReturnInside() *answer {
	f := g.alloc.BeginFrame()
	a := &answer{path: world.Waypoints(f, 3)}
	g.alloc.EndFrame()
	return a // bad FA601
}

// Out of the scope.
func (g *Game) Scope() float32 {
	var best []world.Vec3
	g.alloc.Frame(func(f *framealloc.Frame) {
		best = framealloc.Slice[world.Vec3](f, 4) // bad FA601
		best[0].X = 1
	})
	return best[0].X
}

// Out of a part of the frame.
func (g *Game) Sub(f *framealloc.Frame) float32 {
	var nearest *world.Unit
	f.Sub(func(s *framealloc.Frame) {
		nearest = framealloc.New[world.Unit](s) // bad FA601
	})
	return nearest.Path[0].X
}

// Sent to whoever listens.
func (g *Game) Send(f *framealloc.Frame) {
	paths <- framealloc.Slice[world.Vec3](f, 4) // bad FA601
}

// Kept by the standard library.
func (g *Game) Atomic(f *framealloc.Frame) {
	current.Store(framealloc.New[world.Unit](f)) // bad FA601
}

func (g *Game) SyncPool(f *framealloc.Frame) {
	bufferers.Put(framealloc.NewBuffer(f)) // bad FA601
}

// Into memory of a group, which lives on.
func (g *Game) Level(level *group.Group) {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	u := framealloc.New[world.Unit](level.Frame())
	u.Path = framealloc.Slice[world.Vec3](f, 3) // bad FA601
}

// A slice of a slice, through a helper that returns one of its arguments.
func (g *Game) Chosen() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	a := framealloc.Slice[world.Vec3](f, 3)
	b := make([]world.Vec3, 3)
	c := world.Longest(a, b)
	lastPath = c[1:] // bad FA601
}

// The elements of a vector live where the vector does.
func (g *Game) Vector() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	v := framealloc.NewVec[world.Vec3](f, 16)
	v.Push(world.Vec3{X: 1})
	g.trail = v.Slice() // bad FA601
}

// A local struct that escapes later.
func (g *Game) Later() {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	u := &world.Unit{Name: "late"}
	u.Path = framealloc.Slice[world.Vec3](f, 3)
	world.Selected = u // bad FA601
}

// Nobody calls this: the unit may be anybody's.
func Plan(f *framealloc.Frame, u *world.Unit, n int) {
	path := framealloc.Slice[world.Vec3](f, n)
	u.Path = path // bad FA601
}

// A context keeps it.
type key struct{}

func (g *Game) Ctx(ctx context.Context, f *framealloc.Frame) {
	m := names
	m["x"] = framealloc.New[world.Unit](f) // bad FA601
	_ = ctx
}

// A closure in a helper decides where it goes.
func (g *Game) ForEach(f *framealloc.Frame) {
	each(3, func(i int) {
		lastPath = framealloc.Slice[world.Vec3](f, i) // bad FA601
	})
}

func each(n int, fn func(int)) {
	for i := range n {
		fn(i)
	}
}

// Parts of a string are the string.
func (g *Game) Trimmed(f *framealloc.Frame) {
	name := strings.TrimSpace(framealloc.String(f, " scout "))
	first, _, _ := strings.Cut(name, "-")
	anything = first // bad FA601
}

// Parts of a slice, in a slice.
func (g *Game) Split(f *framealloc.Frame) {
	parts := bytes.Fields(framealloc.Bytes(f, 100))
	anything = parts[0] // bad FA601
}

// What is stored beside an accepted place.
func (g *Game) Printed(d *accepted.Debug, n int) {
	f := g.alloc.BeginFrame()
	defer g.alloc.EndFrame()
	d.Print(framealloc.Sprintf(f, "%d", n)) // bad FA601
}
