package ebitenframe

import (
	"image"
	"sync"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/ebitenutil"
)

// A Font is an image with a cell of one size for each character. Text printed with
// it is rectangles in frame memory: no garbage, where [ebitenutil.DebugPrint] and
// package text make an image or an entry in a cache for each piece.
type Font struct {
	// Image holds the cells in rows from the upper left, the character First in
	// front.
	Image *ebiten.Image
	// CellWidth and CellHeight are the size of a cell, in pixels.
	CellWidth, CellHeight int
	// First is the first cell's character; 0 stands for the space.
	First rune
	// White is a part of Image that is all white, for rectangles; empty if
	// there is none.
	White image.Rectangle
}

// The fixed font's cells, and how many there are in a row.
const (
	fixedWidth, fixedHeight = 6, 16
	fixedColumns            = 32
	fixedRunes              = 256 - ' '
)

// Fixed returns Ebitengine's debug font, 6 by 16 pixels, with the characters up
// to U+00FF.
var Fixed = sync.OnceValue(func() *Font {
	const rows = (fixedRunes + fixedColumns - 1) / fixedColumns
	img := ebiten.NewImage(fixedColumns*fixedWidth, (rows+1)*fixedHeight)
	for i := range int(fixedRunes) {
		cell := image.Rect(0, 0, fixedWidth, fixedHeight).Add(image.Pt(i%fixedColumns*fixedWidth, i/fixedColumns*fixedHeight))
		// DebugPrintAt begins a pixel further right than told.
		ebitenutil.DebugPrintAt(img.SubImage(cell).(*ebiten.Image), string(rune(' '+i)), cell.Min.X-1, cell.Min.Y)
	}
	white := image.Rect(0, rows*fixedHeight, fixedWidth, (rows+1)*fixedHeight)
	img.SubImage(white).(*ebiten.Image).Fill(image.White)
	return &Font{Image: img, CellWidth: fixedWidth, CellHeight: fixedHeight, First: ' ', White: white.Inset(2)}
})

// Size returns what text needs at the given scale, in pixels.
func (f *Font) Size(text string, scale float32) (width, height float32) {
	line, longest, lines := 0, 0, 1
	for _, r := range text {
		if r == '\n' {
			line, lines = 0, lines+1
			continue
		}
		line++
		longest = max(longest, line)
	}
	return float32(longest*f.CellWidth) * scale, float32(lines*f.CellHeight) * scale
}

// Print adds text to q with its upper left corner at x, y, and returns where the
// last line ends. Each pixel of the font becomes scale pixels. Characters that the
// font does not have are left blank. The collection must be drawn with f.Image.
func (f *Font) Print(q *Quads, text string, x, y, scale float32, c Color) (endX float32) {
	w, h := float32(f.CellWidth)*scale, float32(f.CellHeight)*scale
	at := x
	for _, r := range text {
		if r == '\n' {
			at, y = x, y+h
			continue
		}
		if src := f.cell(r); r != ' ' && !src.Empty() {
			q.Add(Quad{X: at, Y: y, W: w, H: h, Src: src, Color: c})
		}
		at += w
	}
	return at
}

// Rect adds a filled rectangle to q. It needs a font with White.
func (f *Font) Rect(q *Quads, x, y, w, h float32, c Color) {
	q.Add(Quad{X: x, Y: y, W: w, H: h, Src: f.White, Color: c})
}

// cell returns the character's part of the image, empty if it has none.
func (f *Font) cell(r rune) image.Rectangle {
	first := f.First
	if first == 0 {
		first = ' '
	}
	bounds := f.Image.Bounds()
	columns := bounds.Dx() / f.CellWidth
	i := int(r - first)
	if i < 0 {
		return image.Rectangle{}
	}
	at := bounds.Min.Add(image.Pt(i%columns*f.CellWidth, i/columns*f.CellHeight))
	cell := image.Rect(at.X, at.Y, at.X+f.CellWidth, at.Y+f.CellHeight)
	if !cell.In(bounds) || cell.Overlaps(f.White) {
		return image.Rectangle{}
	}
	return cell
}
