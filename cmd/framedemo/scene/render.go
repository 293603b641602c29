package scene

import (
	"image/color"
	"math"

	"github.com/framealloc/framealloc/cmd/framedemo/pixelfont"
)

// A vertex is one of the mesh on the screen: depth is 1/z, larger is nearer.
type vertex struct {
	x, y, depth, shade float32
	inside             bool
}

// A triangle is one that faces the viewer, with its box on the screen.
type triangle struct {
	v                      [3]*vertex
	left, top, right, down int32
	hue                    [3]float32
}

// A binned lists a triangle in a tile that it touches.
type binned struct {
	triangle *triangle
	next     *binned
}

const (
	tile        = 32
	tilesAcross = (width + tile - 1) / tile
	tilesDown   = (height + tile - 1) / tile
)

// draw transforms the instances, bins their triangles by tile, and fills tile by
// tile, nearest first by depth; then the maze seen from above.
func (w *world) draw() {
	w.clear()
	bins := w.mem.Bins(tilesAcross * tilesDown)
	w.drawn = 0
	turn := float64(w.frame) * 0.02
	w.place(bins, turn, -0.02, -0.02, 1.75, [3]float32{1, 0.93, 0.84})
	w.place(bins, -turn*1.3+1, 1.0, 0.62, 3.4, [3]float32{0.62, 0.84, 1})
	w.place(bins, turn*0.7+4, 1.05, -0.55, 3.0, [3]float32{1, 0.68, 0.6})
	for t, first := range bins {
		x, y := int32(t%tilesAcross*tile), int32(t/tilesAcross*tile)
		for b := first; b != nil; b = b.next {
			w.fill(b.triangle, x, y, min(x+tile, width), min(y+tile, height))
		}
	}
	w.drawMaze()
}

func (w *world) clear() {
	pix := w.image.Pix
	for y := range height {
		shade := uint8(26 + y*22/height)
		row := pix[y*width*4 : (y+1)*width*4]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = shade/2+6, shade/2+12, shade, 255
		}
	}
	clear(w.depth)
}

// place transforms one bunny and bins the triangles that face the viewer.
func (w *world) place(bins []*binned, turn float64, x, y, z float32, hue [3]float32) {
	sin, cos := math.Sincos(turn)
	s, c := float32(sin), float32(cos)
	vertices := w.mem.Vertices(len(w.mesh.positions))
	for i, p := range w.mesh.positions {
		px, pz := c*p[0]+s*p[2]+x, c*p[2]-s*p[0]+z
		n := w.mesh.normals[i]
		nx, nz := c*n[0]+s*n[2], c*n[2]-s*n[0]
		light := -0.45*nx + 0.6*n[1] - 0.66*nz
		vertices[i] = vertex{
			x: (px/pz*0.9 + 0.64) * height, y: (0.5 - (p[1]+y)/pz*0.9) * height, depth: 1 / pz,
			shade: 0.18 + 0.82*max(0, light), inside: pz > 0.1,
		}
	}
	for _, t := range w.mesh.triangles {
		a, b, c := &vertices[t[0]], &vertices[t[1]], &vertices[t[2]]
		if !a.inside || !b.inside || !c.inside || (b.x-a.x)*(c.y-a.y)-(b.y-a.y)*(c.x-a.x) <= 0 {
			continue
		}
		left, right := int32(min(a.x, b.x, c.x)), int32(max(a.x, b.x, c.x))+1
		top, down := int32(min(a.y, b.y, c.y)), int32(max(a.y, b.y, c.y))+1
		if right <= 0 || down <= 0 || left >= width || top >= height {
			continue
		}
		tri := w.mem.Triangle()
		*tri = triangle{[3]*vertex{a, b, c}, max(left, 0), max(top, 0), min(right, width), min(down, height), hue}
		w.drawn++
		for ty := tri.top / tile; ty <= (tri.down-1)/tile; ty++ {
			for tx := tri.left / tile; tx <= (tri.right-1)/tile; tx++ {
				e := w.mem.Binned()
				bin := &bins[ty*tilesAcross+tx]
				*e = binned{tri, *bin}
				*bin = e
			}
		}
	}
}

// fill draws the part of a triangle that lies in a tile (Pineda 1988).
func (w *world) fill(t *triangle, left, top, right, down int32) {
	a, b, c := t.v[0], t.v[1], t.v[2]
	area := (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
	for y := max(top, t.top); y < min(down, t.down); y++ {
		for x := max(left, t.left); x < min(right, t.right); x++ {
			px, py := float32(x)+0.5, float32(y)+0.5
			wa := ((b.x-px)*(c.y-py) - (b.y-py)*(c.x-px)) / area
			wb := ((c.x-px)*(a.y-py) - (c.y-py)*(a.x-px)) / area
			wc := 1 - wa - wb
			if wa < 0 || wb < 0 || wc < 0 {
				continue
			}
			depth := wa*a.depth + wb*b.depth + wc*c.depth
			i := int(y)*width + int(x)
			if depth <= w.depth[i] {
				continue
			}
			w.depth[i] = depth
			shade := 245 * (wa*a.shade + wb*b.shade + wc*c.shade)
			pix := w.image.Pix[i*4 : i*4+3]
			pix[0], pix[1], pix[2] = uint8(shade*t.hue[0]), uint8(shade*t.hue[1]), uint8(shade*t.hue[2])
		}
	}
}

// drawMaze draws the maze from above, two pixels a cell, and a dot an agent.
func (w *world) drawMaze() {
	const left, top = 12, height - 2*mazeSize - 12
	for c, wall := range w.maze {
		shade := color.RGBA{22, 27, 38, 255}
		if wall {
			shade = color.RGBA{70, 82, 108, 255}
		}
		x, y := left+c%mazeSize*2, top+c/mazeSize*2
		for k := range 4 {
			w.image.SetRGBA(x+k%2, y+k/2, shade)
		}
	}
	for i := range w.agents {
		a := &w.agents[i]
		shade := color.RGBA{255, 214, 102, 255}
		if a.at < len(a.path) {
			shade = color.RGBA{255, 120, 84, 255}
		}
		w.image.SetRGBA(left+int(a.x*2), top+int(a.y*2), shade)
	}
}

// drawHUD writes the figures of the frame.
func (w *world) drawHUD() {
	white := color.RGBA{235, 240, 250, 255}
	grey := color.RGBA{150, 164, 190, 255}
	pixelfont.Draw(w.image, 12, 12, 3, white, w.mem.Line("frame", w.frame, -1))
	pixelfont.Draw(w.image, 12, 34, 2, grey, w.mem.Line("agents", len(w.agents), -1))
	pixelfont.Draw(w.image, 12, 50, 2, grey, w.mem.Line("contacts", w.met, -1))
	pixelfont.Draw(w.image, 12, 66, 2, grey, w.mem.Line("paths", searches, w.found))
	pixelfont.Draw(w.image, 12, 82, 2, grey, w.mem.Line("triangles", w.drawn, -1))
}
