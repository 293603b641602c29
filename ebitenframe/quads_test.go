package ebitenframe

import (
	"image"
	"math"
	"testing"

	"github.com/framealloc/framealloc"
)

func corners(q *Quads) (c [4][4]float32) {
	for i, v := range q.Vertices()[len(q.Vertices())-4:] {
		c[i] = [4]float32{v.DstX, v.DstY, v.SrcX, v.SrcY}
	}
	return c
}

func TestQuadCorners(t *testing.T) {
	src := image.Rect(10, 20, 18, 24) // 8 by 4
	for name, tt := range map[string]struct {
		quad Quad
		want [4][4]float32 // upper left, upper right, lower left, lower right
	}{
		"size of its part": {Quad{X: 100, Y: 200, Src: src},
			[4][4]float32{{100, 200, 10, 20}, {108, 200, 18, 20}, {100, 204, 10, 24}, {108, 204, 18, 24}}},
		"scaled, centered": {Quad{X: 100, Y: 200, W: 16, H: 12, Src: src, Centered: true},
			[4][4]float32{{92, 194, 10, 20}, {108, 194, 18, 20}, {92, 206, 10, 24}, {108, 206, 18, 24}}},
		"mirrored": {Quad{X: 100, Y: 200, Src: src, Mirror: true},
			[4][4]float32{{100, 200, 18, 20}, {108, 200, 10, 20}, {100, 204, 18, 24}, {108, 204, 10, 24}}},
		"a quarter clockwise": {Quad{X: 100, Y: 200, W: 8, H: 4, Src: src, Centered: true, Angle: math.Pi / 2},
			[4][4]float32{{102, 196, 10, 20}, {102, 204, 18, 20}, {98, 196, 10, 24}, {98, 204, 18, 24}}},
	} {
		t.Run(name, func(t *testing.T) {
			a := framealloc.NewAllocator(framealloc.Config{})
			defer a.Close()
			a.Frame(func(f *framealloc.Frame) {
				q := NewQuads(f, 1)
				q.Add(tt.quad)
				got := corners(q)
				for i := range got {
					for j := range got[i] {
						if math.Abs(float64(got[i][j]-tt.want[i][j])) > 1e-4 {
							t.Fatalf("corners %v, want %v", got, tt.want)
						}
					}
				}
				if v := q.Vertices()[0]; v.ColorR != 1 || v.ColorA != 1 {
					t.Errorf("without a color it is %v, %v, %v, %v", v.ColorR, v.ColorG, v.ColorB, v.ColorA)
				}
			})
		})
	}
}

func TestQuadsGrow(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	grow := func(f *framealloc.Frame) {
		q := NewQuads(f, 0)
		const n = 3000
		for i := range n {
			q.Add(Quad{X: float32(i), W: 1, H: 1, Color: Color{0, 0, 0, 1}})
			framealloc.New[int](a.Main().ActiveFrame()) // so that it cannot grow in place
		}
		if q.Len() != n {
			t.Fatalf("%d rectangles, want %d", q.Len(), n)
		}
		indices := q.Indices()
		if len(indices) != 6*n {
			t.Fatalf("%d indices", len(indices))
		}
		for i := range n {
			if x := q.Vertices()[indices[6*i]].DstX; x != float32(i) {
				t.Fatalf("rectangle %d is at %v", i, x)
			}
			for _, v := range indices[6*i : 6*i+6] {
				if v/4 != uint32(i) {
					t.Fatalf("rectangle %d has corner %d", i, v)
				}
			}
		}
	}
	a.Frame(grow)
	a.Frame(func(*framealloc.Frame) { grow(nil) }) // on the heap
}

func TestFontPrints(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	a.Frame(func(f *framealloc.Frame) {
		font, q := Fixed(), NewQuads(f, 8)
		end := font.Print(q, "A b\nñ\u4e16", 10, 20, 2, Color{1, 0, 0, 1})
		if q.Len() != 3 { // neither the space nor what the font does not have
			t.Errorf("%d rectangles", q.Len())
		}
		if end != 10+2*2*fixedWidth {
			t.Errorf("the last line ends at %v", end)
		}
		if v := q.Vertices()[8]; v.DstX != 10 || v.DstY != 20+2*fixedHeight {
			t.Errorf("the second line begins at %v, %v", v.DstX, v.DstY)
		}
		if w, h := font.Size("ab\nabc\n", 2); w != 3*2*fixedWidth || h != 3*2*fixedHeight {
			t.Errorf("size %v by %v", w, h)
		}
		if got := font.cell('A'); got != image.Rect(6, 16, 12, 32) {
			t.Errorf("A is at %v", got)
		}
	})
}
