package world

import (
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// A tick is what one Step works with, and forgets at its end. Its lists have the
// size of the most there may be, so that no tick takes more memory than another.
type tick struct {
	*World
	m      mem.Mem
	bodies []body  // the foes
	starts []int32 // of each tile's part of order; one more at the end
	order  []int32 // indices of bodies, tile by tile
}

// A body is a foe with pointers to its components, good until foes are made or
// removed.
type body struct {
	entity ecs.Entity
	pos    *Pos
	vel    *Vel
	foe    *Foe
	radius float32
}

func newTick(w *World, m mem.Mem) *tick {
	t := mem.New[tick](m)
	t.World, t.m = w, m
	return t
}

// gather collects the foes and sorts them by tile.
func (t *tick) gather() {
	defer t.m.Tag("broad phase")()
	t.bodies = mem.List[body](t.m, maxFoes)
	foes := t.foes.filter.Query()
	for foes.Next() {
		pos, vel, foe := foes.Get()
		t.bodies = append(t.bodies, body{foes.Entity(), pos, vel, foe, kinds[foe.Kind].radius})
	}

	// Count, add up, place: a counting sort.
	t.starts = mem.Slice[int32](t.m, Size*Size+1)
	tiles := mem.Slice[int32](t.m, maxFoes)
	for i := range t.bodies {
		x, y := tileAt(*t.bodies[i].pos)
		tiles[i] = int32(y*Size + x)
		t.starts[tiles[i]+1]++
	}
	for i := range Size * Size {
		t.starts[i+1] += t.starts[i]
	}
	next := mem.Slice[int32](t.m, Size*Size)
	copy(next, t.starts)
	t.order = mem.Slice[int32](t.m, maxFoes)[:len(t.bodies)]
	for i := range t.bodies {
		at := &next[tiles[i]]
		t.order[*at] = int32(i)
		*at++
	}
}

// onTile returns the indices of the bodies on a tile.
func (t *tick) onTile(x, y int) []int32 {
	if x < 0 || y < 0 || x >= Size || y >= Size {
		return nil
	}
	i := y*Size + x
	return t.order[t.starts[i]:t.starts[i+1]]
}

// near calls fn for each living foe that touches a circle.
func (t *tick) near(p Pos, radius float32, fn func(*body)) {
	reach := radius + 12 // the largest foe, and a step since they were sorted
	x0, y0 := tileAt(Pos{p.X - reach, p.Y - reach})
	x1, y1 := tileAt(Pos{p.X + reach, p.Y + reach})
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			for _, i := range t.onTile(x, y) {
				b := &t.bodies[i]
				dx, dy, r := b.pos.X-p.X, b.pos.Y-p.Y, radius+b.radius
				if b.foe.Health > 0 && dx*dx+dy*dy < r*r {
					fn(b)
				}
			}
		}
	}
}
