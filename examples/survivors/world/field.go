package world

import (
	"math"

	"github.com/framealloc/framealloc/examples/survivors/mem"
)

// A field leads from everywhere to one tile, around what stands in the way. It is
// made anew each tick, and lives in the tick's memory.
type field struct {
	terrain *Terrain
	goal    Pos
	dist    []uint16 // steps from each tile to the goal's, plus 1; 0: no way
	sight   []uint8  // whether the goal can be seen from a tile
}

// Whether the goal can be seen.
const (
	notLooked uint8 = iota
	seen
	hidden
)

// newField walks outwards from the goal, breadth first.
func newField(m mem.Mem, t *Terrain, goal Pos) *field {
	f := mem.New[field](m)
	f.terrain, f.goal = t, goal
	f.dist = mem.Slice[uint16](m, Size*Size)
	f.sight = mem.Slice[uint8](m, Size*Size)
	queue := mem.List[int32](m, Size*Size)
	x, y := tileAt(goal)
	f.dist[y*Size+x] = 1
	queue = append(queue, int32(y*Size+x))
	for len(queue) > 0 {
		at := int(queue[0])
		queue = queue[1:]
		for _, step := range [4]int{-1, 1, -Size, Size} {
			// (The edge is never open: no step leaves the map.)
			if next := at + step; f.dist[next] == 0 && t.blocks[next] == Open {
				f.dist[next] = f.dist[at] + 1
				queue = append(queue, int32(next))
			}
		}
	}
	return f
}

// way returns the direction to go from p, of length 1.
func (f *field) way(p Pos) (x, y float32) {
	tx, ty := tileAt(p)
	if f.sees(tx, ty) {
		return unit(f.goal.X-p.X, f.goal.Y-p.Y)
	}
	best, bx, by := uint16(math.MaxUint16), tx, ty
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			nx, ny := tx+dx, ty+dy
			if nx < 0 || ny < 0 || nx >= Size || ny >= Size {
				continue
			}
			if dx != 0 && dy != 0 && (!f.terrain.open(nx, ty) || !f.terrain.open(tx, ny)) {
				continue // not around a corner
			}
			if d := f.dist[ny*Size+nx]; d > 0 && d < best {
				best, bx, by = d, nx, ny
			}
		}
	}
	if bx == tx && by == ty {
		return unit(f.goal.X-p.X, f.goal.Y-p.Y)
	}
	return unit(float32(bx*Tile+Tile/2)-p.X, float32(by*Tile+Tile/2)-p.Y)
}

// sees reports whether nothing stands between a tile and the goal. It looks once
// a tile.
func (f *field) sees(tx, ty int) bool {
	s := &f.sight[ty*Size+tx]
	if *s == notLooked {
		*s = hidden
		if f.clear(Pos{float32(tx*Tile + Tile/2), float32(ty*Tile + Tile/2)}) {
			*s = seen
		}
	}
	return *s == seen
}

// clear walks from p to the goal in steps of half a tile.
func (f *field) clear(p Pos) bool {
	dx, dy := f.goal.X-p.X, f.goal.Y-p.Y
	steps := int(length(dx, dy)/(Tile/2)) + 1
	dx, dy = dx/float32(steps), dy/float32(steps)
	for range steps {
		p.X, p.Y = p.X+dx, p.Y+dy
		if x, y := tileAt(p); !f.terrain.open(x, y) {
			return false
		}
	}
	return true
}

func length(x, y float32) float32 { return float32(math.Sqrt(float64(x*x + y*y))) }

// unit returns the direction of a vector, of length 1 or 0.
func unit(x, y float32) (float32, float32) {
	d := length(x, y)
	if d < 1e-4 {
		return 0, 0
	}
	return x / d, y / d
}
