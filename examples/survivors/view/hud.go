package view

import (
	"math"

	"github.com/framealloc/framealloc/ebitenframe"
	"github.com/framealloc/framealloc/examples/survivors/mem"
)

// HUD is what the picture says besides the game itself.
type HUD struct {
	Title bool // show how to play
	Heap  bool // temporary data is on the heap

	FrameBytes  int // of frame memory that the last tick and draw took
	Collections int // of garbage, since the start
}

var (
	bright = ebitenframe.Color{R: 1, G: 0.98, B: 0.92, A: 1}
	faint  = ebitenframe.Color{R: 0.75, G: 0.80, B: 0.88, A: 0.9}
	gold   = ebitenframe.Color{R: 1, G: 0.84, B: 0.40, A: 1}
	red    = ebitenframe.Color{R: 0.92, G: 0.26, B: 0.30, A: 1}
	blue   = ebitenframe.Color{R: 0.30, G: 0.72, B: 1, A: 1}
	green  = ebitenframe.Color{R: 0.50, G: 0.92, B: 0.55, A: 1}
	shade  = ebitenframe.Color{R: 0.03, G: 0.03, B: 0.07, A: 0.82}
)

// print prints text with a shadow and returns where it ends.
func (l *layout) print(text string, x, y, scale float32, c ebitenframe.Color) float32 {
	l.font.Print(l.text, text, x+scale, y+scale, scale, ebitenframe.Color{A: 0.8 * c.A})
	return l.font.Print(l.text, text, x, y, scale, c)
}

// middle prints text about the middle of the picture.
func (l *layout) middle(text string, y, scale float32, c ebitenframe.Color) {
	w, _ := l.font.Size(text, scale)
	l.print(text, (Width-w)/2, y, scale, c)
}

// bar lays a bar that is full in part.
func (l *layout) bar(x, y, w, h, full float32, c ebitenframe.Color) {
	l.font.Rect(l.text, x-2, y-2, w+4, h+4, shade)
	l.font.Rect(l.text, x, y, w*min(1, max(0, full)), h, c)
}

func (l *layout) layHUD(h HUD) {
	p := &l.w.Player
	l.bar(4, 4, Width-8, 12, float32(p.Worth)/float32(p.Need), blue)
	end := l.print("Level ", 10, 24, 2, bright)
	l.print(mem.Itoa(l.m, p.Level), end, 24, 2, gold)
	l.bar(12, 66, 260, 16, p.Health/p.MaxHealth, red)
	end = l.print(mem.Itoa(l.m, int(math.Ceil(float64(p.Health)))), 20, 66, 1, bright)
	l.print(" health", end, 66, 1, bright)

	seconds := l.w.Ticks / 60
	l.clock(seconds, 22)
	kills := mem.Itoa(l.m, l.w.Kills)
	w, _ := l.font.Size(kills, 2)
	end = l.print(kills, Width-w-88, 24, 2, gold)
	l.print(" slain", end, 24, 2, bright)

	l.status(h)
	switch {
	case h.Title:
		l.title()
	case l.w.Over:
		l.over()
	case l.w.Choosing:
		l.choice()
	}
}

// clock prints minutes and seconds in the middle.
func (l *layout) clock(seconds int, y float32) {
	x := float32(Width/2 - 45)
	x = l.print(mem.Itoa(l.m, seconds/60), x, y, 3, bright)
	x = l.print(":", x, y, 3, bright)
	if seconds%60 < 10 {
		x = l.print("0", x, y, 3, bright)
	}
	l.print(mem.Itoa(l.m, seconds%60), x, y, 3, bright)
}

// status says at the bottom what the machine does for it.
func (l *layout) status(h HUD) {
	const y = Height - 22
	l.font.Rect(l.text, 0, y-4, Width, 26, shade)
	x := l.print(mem.Itoa(l.m, l.w.Foes()), 10, y, 1, gold)
	x = l.print(" foes   ", x, y, 1, faint)
	x = l.print(mem.Itoa(l.m, l.Sprites()), x, y, 1, gold)
	x = l.print(" sprites   ", x, y, 1, faint)
	if h.Heap {
		x = l.print("HEAP MODE", x, y, 1, red)
		x = l.print(": temporary data is left to the collector", x, y, 1, faint)
	} else {
		x = l.print("frame memory ", x, y, 1, faint)
		x = l.print(mem.Itoa(l.m, h.FrameBytes>>10), x, y, 1, green)
		x = l.print(" KiB a tick and picture; the game leaves nothing to the collector", x, y, 1, faint)
	}
	x = l.print("   collections so far ", x, y, 1, faint)
	l.print(mem.Itoa(l.m, h.Collections), x, y, 1, gold)
	l.print("M: heap or frames   F3: panel", Width-190, y, 1, faint)
}

func (l *layout) box(w, h float32) (x, y float32) {
	x, y = (Width-w)/2, (Height-h)/2
	l.font.Rect(l.text, x-3, y-3, w+6, h+6, ebitenframe.Color{R: 0.55, G: 0.65, B: 0.85, A: 0.9})
	l.font.Rect(l.text, x, y, w, h, ebitenframe.Color{R: 0.05, G: 0.06, B: 0.11, A: 0.94})
	return x, y
}

func (l *layout) title() {
	_, y := l.box(760, 330)
	l.middle("HEAP SURVIVORS", y+26, 6, gold)
	l.middle("They come for you from everywhere.", y+134, 2, bright)
	l.middle("Move: arrow keys, WASD, or hold the mouse", y+178, 2, faint)
	l.middle("Your weapons fire on their own. Gems raise your level.", y+212, 2, faint)
	l.middle("Press Enter, or click", y+272, 2, green)
}

func (l *layout) over() {
	_, y := l.box(640, 250)
	l.middle("YOU FELL", y+20, 6, red)
	w, _ := l.font.Size("00000 slain, level 00", 2)
	x := l.print(mem.Itoa(l.m, l.w.Kills), (Width-w)/2, y+132, 2, gold)
	x = l.print(" slain, level ", x, y+132, 2, bright)
	l.print(mem.Itoa(l.m, l.w.Player.Level), x, y+132, 2, gold)
	l.middle("Press Enter, or click, to try again", y+196, 2, green)
}

// choice offers what a new level brings.
func (l *layout) choice() {
	x, y := l.box(720, 300)
	l.middle("LEVEL UP", y+16, 4, gold)
	for i, u := range l.w.Offer {
		top := y + 96 + float32(i)*64
		l.font.Rect(l.text, x+30, top, 660, 54, ebitenframe.Color{R: 0.14, G: 0.17, B: 0.28, A: 1})
		l.print(mem.Itoa(l.m, i+1), x+48, top+8, 2, gold)
		l.print(u.String(), x+92, top+8, 2, bright)
	}
}

// ChoiceAt returns which of the offers is at a place on the screen, 1 to 3, or 0.
func ChoiceAt(x, y int) int {
	x -= (Width-720)/2 + 30
	y -= (Height-300)/2 + 96
	if x < 0 || x >= 660 || y < 0 || y >= 3*64 || y%64 >= 54 {
		return 0
	}
	return y/64 + 1
}
