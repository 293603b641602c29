package view

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
)

// The pictures are drawn here, pixel by pixel: letters are colors of the palette,
// and a half is mirrored into a whole.
var palette = map[byte]color.RGBA{
	'k': {24, 20, 37, 255}, 'w': {240, 244, 255, 255}, 'W': {176, 190, 214, 255},
	'h': {38, 92, 168, 255}, 'H': {64, 140, 220, 255}, 's': {244, 204, 164, 255},
	'r': {140, 30, 56, 255}, 'R': {214, 60, 72, 255}, 'b': {126, 82, 50, 255}, 'l': {84, 56, 40, 255},
	'g': {48, 130, 76, 255}, 'G': {104, 200, 96, 255}, 'd': {30, 84, 62, 255}, 'L': {176, 236, 132, 255},
	'p': {74, 48, 116, 255}, 'P': {120, 82, 170, 255},
	'o': {156, 78, 36, 255}, 'O': {222, 128, 58, 255}, 'y': {255, 222, 110, 255}, 'Y': {214, 160, 60, 255},
	'c': {20, 110, 160, 255}, 'C': {70, 200, 240, 255},
}

const heroArt = `
........
.....hhh
....hHHH
...hHHHH
...hHkkk
...hksss
...hksks
...hHsss
....hHss
..yhhhhH
..hhHHHy
.shHHHHy
.shhHHHY
...hhHHH
...ll.l.
...kk.k.`

const slimeArt = `
........
........
........
........
......gg
....ggGG
...gGGLL
..gGGLLG
..gGGGGG
.gGGwwGG
.gGGwkGG
.gGGGGGG
.gGGGGkk
.dgGGGGG
..dddddd
........`

const batArt = `
........
..r.....
.rr.....
.rRr..rr
rrRRr.rR
rRRRRrRR
rRRRRRRR
rRrRRRyy
rr.rRRyk
r...rRRR
....rRRw
.....rRw
......rr
........
........
........`

const ghoulArt = `
.....ppp
....pPPP
...pPPPP
...pPkkk
..pPkwww
..pPwwkk
..pPwwkR
..pPkwww
...pPkwk
..ppPPkk
.pPPPPPP
.wpPPPPP
.wkpPPPP
..kpPPPP
...pPpPP
....p.pp`

const bruteArt = `
....kk..
...oooo.
..oOOOOO
..oOkkOO
..oOyROO
..oOOOOO
...oOwkw
.oooOkkk
oOOOoooo
oOOOObbb
oOOobbYb
oOo.bbbb
oOo.obbb
.ww.oOoo
...oOOo.
...kkkk.`

const gemArt = `
....
...C
..Cw
.CCw
cCCC
.cCC
..cC
...c`

const swordArt = `
.......w
......ww
......wW
......wW
......wW
......wW
......wW
......wW
......wW
......wW
....yyYY
.....YYY
......bb
......bl
......yy
........`

// drawing turns letters into a picture.
func drawing(half string) *image.RGBA {
	rows := strings.Split(strings.TrimPrefix(half, "\n"), "\n")
	w := len(rows[0])
	img := image.NewRGBA(image.Rect(0, 0, 2*w, len(rows)))
	for y, row := range rows {
		for x := range row {
			if c, ok := palette[row[x]]; ok {
				img.SetRGBA(x, y, c)
				img.SetRGBA(2*w-1-x, y, c)
			}
		}
	}
	return img
}

// outlined returns the picture with a dark line around it, a pixel larger on each
// side.
func outlined(src *image.RGBA) *image.RGBA {
	b := src.Bounds()
	img := image.NewRGBA(image.Rect(0, 0, b.Dx()+2, b.Dy()+2))
	for y := range b.Dy() + 2 {
		for x := range b.Dx() + 2 {
			if c := src.RGBAAt(x-1, y-1); c.A > 0 {
				img.SetRGBA(x, y, c)
				continue
			}
			for _, d := range [4]image.Point{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
				if src.RGBAAt(x-1+d.X, y-1+d.Y).A > 0 {
					img.SetRGBA(x, y, color.RGBA{16, 12, 28, 255})
				}
			}
		}
	}
	return img
}

// white returns the picture's silhouette, for those that were just hit.
func white(src *image.RGBA) *image.RGBA {
	img := image.NewRGBA(src.Bounds())
	for i := 0; i < len(src.Pix); i += 4 {
		if src.Pix[i+3] > 0 {
			copy(img.Pix[i:], []byte{255, 255, 255, 255})
		}
	}
	return img
}

// grass returns a tile of meadow; some have tufts, some flowers.
func grass(random *rand.Rand, tufts, flowers int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for y := range 16 {
		for x := range 16 {
			d := uint8(random.IntN(7))
			img.SetRGBA(x, y, color.RGBA{40 + d, 66 + d, 52 + d, 255})
		}
	}
	for range tufts {
		x, y := 1+random.IntN(14), 3+random.IntN(12)
		for _, p := range []image.Point{{0, 0}, {0, -1}, {-1, -2}, {1, -1}} {
			img.SetRGBA(x+p.X, y+p.Y, color.RGBA{64, 108, 66, 255})
		}
	}
	for range flowers {
		x, y := 2+random.IntN(12), 2+random.IntN(12)
		c := []color.RGBA{{222, 196, 120, 255}, {188, 150, 206, 255}, {214, 220, 232, 255}}[random.IntN(3)]
		for _, p := range []image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			img.SetRGBA(x+p.X, y+p.Y, c)
		}
		img.SetRGBA(x, y, color.RGBA{230, 150, 70, 255})
	}
	return img
}

// stone returns a block with a top and a front, 22 pixels high.
func stone(random *rand.Rand) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 16, 22))
	for y := range 22 {
		for x := range 16 {
			d := uint8(random.IntN(10))
			c := color.RGBA{112 + d, 118 + d, 132 + d, 255} // top
			if y >= 12 {
				c = color.RGBA{70 + d, 72 + d, 90 + d, 255}
				if y%5 == 1 || (x+y/5*4)%8 == 0 {
					c = color.RGBA{50, 50, 68, 255}
				}
			} else if x == 0 || y == 0 {
				c = color.RGBA{150, 158, 170, 255}
			} else if y == 11 || x == 15 {
				c = color.RGBA{88, 92, 108, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// tree returns a round crown on a trunk, 28 by 34 pixels.
func tree(random *rand.Rand) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 28, 34))
	for y := 22; y < 33; y++ {
		for x := 11; x < 17; x++ {
			c := palette['l']
			if x < 13 {
				c = palette['b']
			}
			img.SetRGBA(x, y, c)
		}
	}
	leaf := func(cx, cy, r float64) {
		for y := range 28 {
			for x := range 28 {
				dx, dy := float64(x)-cx, float64(y)-cy
				if dx*dx+dy*dy > r*r {
					continue
				}
				light := (-dx-1.6*dy)/r + random.Float64()*0.9
				c := color.RGBA{26, 62, 58, 255}
				switch {
				case light > 1.25:
					c = color.RGBA{86, 150, 84, 255}
				case light > 0.2:
					c = color.RGBA{48, 104, 74, 255}
				}
				img.SetRGBA(x, y, c)
			}
		}
	}
	leaf(8.5, 16.5, 8)
	leaf(19, 16.5, 8)
	leaf(13.5, 18, 8.5)
	leaf(13.5, 9.5, 9)
	return img
}

// soft returns a disc that fades out: a glow, a shadow, a spark.
func soft(size int, c color.RGBA, power float64) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	m := float64(size-1) / 2
	for y := range size {
		for x := range size {
			d := math.Hypot(float64(x)-m, float64(y)-m) / (float64(size) / 2)
			a := math.Pow(max(0, 1-d), power)
			img.SetRGBA(x, y, scaled(c, a))
		}
	}
	return img
}

// ring returns a circle that fades out inwards.
func ring(size int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	m := float64(size-1) / 2
	for y := range size {
		for x := range size {
			d := math.Hypot(float64(x)-m, float64(y)-m) / m
			if d <= 1 {
				img.SetRGBA(x, y, scaled(color.RGBA{255, 255, 255, 255}, math.Pow(d, 9)*min(1, (1-d)*m)))
			}
		}
	}
	return img
}

// vignette returns darkness that grows towards the edges.
func vignette(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			dx, dy := float64(x)/float64(w-1)*2-1, float64(y)/float64(h-1)*2-1
			d := min(1, (dx*dx+dy*dy)/2)
			img.SetRGBA(x, y, color.RGBA{0, 0, 0, uint8(190 * d * d)})
		}
	}
	return img
}

// scaled is a color with premultiplied alpha a.
func scaled(c color.RGBA, a float64) color.RGBA {
	return color.RGBA{uint8(float64(c.R) * a), uint8(float64(c.G) * a), uint8(float64(c.B) * a), uint8(float64(c.A) * a)}
}
