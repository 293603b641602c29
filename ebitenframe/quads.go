package ebitenframe

import (
	"image"
	"math"
	"slices"

	"github.com/framealloc/framealloc"
	"github.com/hajimehoshi/ebiten/v2"
)

// Color is a color with straight alpha, each part from 0 to 1. The zero Color
// stands for no change: white, opaque.
type Color struct{ R, G, B, A float32 }

// A Quad is a rectangle to draw, or a parallelogram.
type Quad struct {
	X, Y  float32 // of the upper left corner, or with Centered of the middle
	W, H  float32 // size on the screen, in pixels; 0 means that of Src
	Angle float32 // in radians, clockwise about the middle
	// Src is the part of the image, in its coordinates.
	Src image.Rectangle
	// Centered says that X, Y is the middle.
	Centered bool
	// Mirror flips the image's part left to right.
	Mirror bool
	Color  Color
}

// Quads collects rectangles with parts of one image, and draws them with one call.
// Its vertices and indices are frame memory, which Ebitengine copies while it
// draws: a Quads is gone with its frame, and what it drew is not.
type Quads struct {
	frame    *framealloc.Frame
	vertices []ebiten.Vertex
}

// NewQuads returns an empty collection with room for n rectangles; more make it
// move within the frame. n is a guess: last frame's number will do. With a nil
// frame it is heap memory, to compare the two.
func NewQuads(frame *framealloc.Frame, n int) *Quads {
	if frame == nil {
		return &Quads{vertices: make([]ebiten.Vertex, 0, 4*n)}
	}
	q := framealloc.New[Quads](frame)
	q.frame = frame
	q.vertices = framealloc.SliceUninit[ebiten.Vertex](frame, 4*n)[:0]
	return q
}

// Len returns the number of rectangles added.
func (q *Quads) Len() int { return len(q.vertices) / 4 }

// Vertices returns the corners of the rectangles, four each: upper left, upper
// right, lower left, lower right. They may be changed until they are drawn.
func (q *Quads) Vertices() []ebiten.Vertex { return q.vertices }

// Add adds a rectangle. It is drawn over those before.
func (q *Quads) Add(d Quad) {
	sx0, sy0 := float32(d.Src.Min.X), float32(d.Src.Min.Y)
	sx1, sy1 := float32(d.Src.Max.X), float32(d.Src.Max.Y)
	if d.W == 0 {
		d.W = sx1 - sx0
	}
	if d.H == 0 {
		d.H = sy1 - sy0
	}
	if d.Mirror {
		sx0, sx1 = sx1, sx0
	}
	if d.Color == (Color{}) {
		d.Color = Color{1, 1, 1, 1}
	}
	// The middle, and the vectors from it to the right and lower edge.
	x, y, ux, uy, vx, vy := d.X, d.Y, d.W/2, float32(0), float32(0), d.H/2
	if !d.Centered {
		x, y = x+ux, y+vy
	}
	if d.Angle != 0 {
		sin, cos := math.Sincos(float64(d.Angle))
		ux, uy, vx, vy = ux*float32(cos), ux*float32(sin), -vy*float32(sin), vy*float32(cos)
	}
	v := q.extend()
	c := d.Color
	v[0] = ebiten.Vertex{DstX: x - ux - vx, DstY: y - uy - vy, SrcX: sx0, SrcY: sy0, ColorR: c.R, ColorG: c.G, ColorB: c.B, ColorA: c.A}
	v[1] = ebiten.Vertex{DstX: x + ux - vx, DstY: y + uy - vy, SrcX: sx1, SrcY: sy0, ColorR: c.R, ColorG: c.G, ColorB: c.B, ColorA: c.A}
	v[2] = ebiten.Vertex{DstX: x - ux + vx, DstY: y - uy + vy, SrcX: sx0, SrcY: sy1, ColorR: c.R, ColorG: c.G, ColorB: c.B, ColorA: c.A}
	v[3] = ebiten.Vertex{DstX: x + ux + vx, DstY: y + uy + vy, SrcX: sx1, SrcY: sy1, ColorR: c.R, ColorG: c.G, ColorB: c.B, ColorA: c.A}
}

// extend makes room for four vertices and returns them.
func (q *Quads) extend() []ebiten.Vertex {
	n := len(q.vertices)
	if n+4 > cap(q.vertices) {
		if q.frame == nil {
			q.vertices = slices.Grow(q.vertices, 4)
		} else {
			q.vertices = framealloc.Grow(q.frame, q.vertices, max(64, n))
		}
	}
	q.vertices = q.vertices[:n+4]
	return q.vertices[n : n+4 : n+4]
}

// Indices returns the indices of the vertices' triangles, in the same memory.
func (q *Quads) Indices() []uint32 {
	var indices []uint32
	if q.frame == nil {
		indices = make([]uint32, 6*q.Len())
	} else {
		indices = framealloc.SliceUninit[uint32](q.frame, 6*q.Len())
	}
	for i := range q.Len() {
		v := uint32(4 * i)
		copy(indices[6*i:], []uint32{v, v + 1, v + 2, v + 1, v + 3, v + 2})
	}
	return indices
}

// Draw draws the rectangles onto dst, with their parts of img. options may be nil.
func (q *Quads) Draw(dst, img *ebiten.Image, options *ebiten.DrawTrianglesOptions) {
	if q.Len() > 0 {
		dst.DrawTriangles32(q.vertices, q.Indices(), img, options)
	}
}
