package view

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"

	"github.com/framealloc/framealloc/examples/survivors/world"
)

// An atlas is one image with all pictures, so that a layer is one draw call.
type atlas struct {
	image *image.RGBA

	standing [world.Looks]part // by world.Look
	grass    [8]image.Rectangle
	stone    [2]image.Rectangle
	gem      image.Rectangle
	sword    image.Rectangle
	halo     image.Rectangle
	shadow   image.Rectangle
	ring     image.Rectangle
	vignette image.Rectangle
	white    image.Rectangle
}

// A part is a picture and its silhouette.
type part struct{ plain, white image.Rectangle }

const atlasSize = 512

// newAtlas draws everything.
func newAtlas() *atlas {
	a := &atlas{image: image.NewRGBA(image.Rect(0, 0, atlasSize, atlasSize))}
	p := packer{atlas: a}
	random := rand.New(rand.NewPCG(11, 5))

	for look, art := range [...]string{
		world.Slime: slimeArt, world.Bat: batArt, world.Ghoul: ghoulArt, world.Brute: bruteArt,
		world.LookPlayer: heroArt,
	} {
		img := outlined(drawing(art))
		a.standing[look] = part{p.add(img), p.add(white(img))}
	}
	crown := outlined(tree(random))
	a.standing[world.LookTree] = part{p.add(crown), p.add(white(crown))}
	for i := range a.grass {
		a.grass[i] = p.add(grass(random, []int{0, 0, 0, 1, 2, 3, 1, 0}[i], []int{0, 0, 0, 0, 0, 0, 1, 2}[i]))
	}
	for i := range a.stone {
		a.stone[i] = p.add(stone(random))
	}
	a.gem = p.add(outlined(drawing(gemArt)))
	a.sword = p.add(outlined(drawing(swordArt)))
	a.halo = p.add(soft(32, color.RGBA{255, 255, 255, 255}, 2))
	a.shadow = p.add(soft(32, color.RGBA{0, 0, 0, 150}, 0.6))
	a.ring = p.add(ring(128))
	a.vignette = p.add(vignette(64, 36))
	all := image.NewRGBA(image.Rect(0, 0, 4, 4))
	draw.Draw(all, all.Bounds(), image.White, image.Point{}, draw.Src)
	a.white = p.add(all).Inset(1)
	return a
}

// A packer puts pictures into the atlas, row by row, a pixel apart.
type packer struct {
	atlas     *atlas
	x, y, row int
}

func (p *packer) add(img *image.RGBA) image.Rectangle {
	size := img.Bounds().Size()
	if p.x+size.X+1 > atlasSize {
		p.x, p.y, p.row = 0, p.y+p.row+1, 0
	}
	at := image.Rect(p.x, p.y, p.x+size.X, p.y+size.Y)
	if !at.In(p.atlas.image.Bounds()) {
		panic("view: the atlas is full")
	}
	draw.Draw(p.atlas.image, at, img, image.Point{}, draw.Src)
	p.x, p.row = p.x+size.X+1, max(p.row, size.Y)
	return at
}
