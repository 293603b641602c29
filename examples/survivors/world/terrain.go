package world

import "math/rand/v2"

// Size is the terrain's width and height in tiles, Tile a tile's in units.
const (
	Size   = 128
	Tile   = 16
	extent = Size * Tile
)

// Block is what stands on a tile.
type Block uint8

// The blocks.
const (
	Open Block = iota
	Stone
	Tree
)

// Terrain is the ground with what stands on it.
type Terrain struct{ blocks [Size * Size]Block }

// newTerrain returns ground with ruins and woods, and none of them in the middle.
func newTerrain(seed uint64) *Terrain {
	t, random := new(Terrain), rand.New(rand.NewPCG(seed, 2))
	for range 70 { // ruins: straight walls with gaps
		x, y := random.IntN(Size), random.IntN(Size)
		dx := random.IntN(2)
		for i := range 3 + random.IntN(9) {
			if random.IntN(6) > 0 {
				t.set(x+i*dx, y+i*(1-dx), Stone)
			}
		}
	}
	for range 160 { // woods
		x, y := random.IntN(Size), random.IntN(Size)
		for range 1 + random.IntN(5) {
			t.set(x+random.IntN(3), y+random.IntN(3), Tree)
		}
	}
	for i := range Size { // the edge
		for _, e := range [2]int{0, Size - 1} {
			t.blocks[i*Size+e], t.blocks[e*Size+i] = Tree, Tree
		}
	}
	return t
}

func (t *Terrain) set(x, y int, b Block) {
	dx, dy := x-Size/2, y-Size/2
	if x > 0 && y > 0 && x < Size-1 && y < Size-1 && dx*dx+dy*dy > 36 {
		t.blocks[y*Size+x] = b
	}
}

// At returns what stands on a tile. Outside there are trees.
func (t *Terrain) At(x, y int) Block {
	if x < 0 || y < 0 || x >= Size || y >= Size {
		return Tree
	}
	return t.blocks[y*Size+x]
}

func (t *Terrain) open(x, y int) bool { return t.At(x, y) == Open }

// tileAt returns the tile that a place is on, kept within the terrain.
func tileAt(p Pos) (x, y int) {
	return min(max(int(p.X)/Tile, 0), Size-1), min(max(int(p.Y)/Tile, 0), Size-1)
}

// keepOut moves a circle out of the blocks around it.
func (t *Terrain) keepOut(p *Pos, radius float32) {
	tx, ty := tileAt(*p)
	for y := ty - 1; y <= ty+1; y++ {
		for x := tx - 1; x <= tx+1; x++ {
			if t.open(x, y) {
				continue
			}
			// The nearest point of the block.
			nx := min(max(p.X, float32(x*Tile)), float32((x+1)*Tile))
			ny := min(max(p.Y, float32(y*Tile)), float32((y+1)*Tile))
			dx, dy := p.X-nx, p.Y-ny
			d := length(dx, dy)
			switch {
			case d >= radius:
			case d > 0.01:
				p.X, p.Y = nx+dx/d*radius, ny+dy/d*radius
			default: // inside: out at the top
				p.Y = float32(y*Tile) - radius
			}
		}
	}
	p.X = min(max(p.X, Tile+radius), extent-Tile-radius)
	p.Y = min(max(p.Y, Tile+radius), extent-Tile-radius)
}
