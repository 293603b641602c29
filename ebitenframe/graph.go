package ebitenframe

import "time"

// lay adds the page and the graph of m to q, in the upper left of a screen.
func (g *page) lay(q *Quads, font *Font, m *meter, width, height float32) {
	shown := len(g.lines)
	h := float32(lineHeight*(shown+1) + graphHeight + 3*pageIndent)
	for h > height-2*pageMargin && shown > 0 { // a low screen: leave out the last lines
		shown--
		h -= lineHeight
	}
	x, y := float32(pageMargin), float32(pageMargin)
	font.Rect(q, x, y, pageWidth, h, pageBack)
	x, y = x+pageIndent, y+pageIndent/2

	font.Print(q, "framealloc", x, y-1, 1, colorHead)
	end := font.Print(q, "update", x+96, y-1, 1, colorUpdate)
	end = font.Print(q, "draw", end+12, y-1, 1, colorDraw)
	end = font.Print(q, "interval", end+12, y-1, 1, colorDim)
	font.Print(q, "collection", end+12, y-1, 1, colorCycle)
	y += lineHeight + 2
	layGraph(q, font, m, x, y)
	y += graphHeight + pageIndent/2

	for _, l := range g.lines[:shown] {
		font.Print(q, l.text, x, y-1, 1, l.color)
		if l.bar >= 0 {
			layBar(q, font, l, x+pageColumns*fixedWidth-barWidth, y+3)
		}
		y += lineHeight
	}
}

// layBar adds a budget's bar.
func layBar(q *Quads, font *Font, l line, x, y float32) {
	const h = lineHeight - 5
	font.Rect(q, x, y, barWidth, h, colorGap)
	c := colorGood
	switch {
	case l.bar >= 1:
		c = colorHard
	case l.bar > 0.8 || l.mark > 0 && l.bar > l.mark:
		c = colorSoft
	}
	font.Rect(q, x, y, barWidth*l.bar, h, c)
	if l.mark > 0 && l.mark < 1 {
		font.Rect(q, x+barWidth*l.mark, y-1, 1, h+2, colorText)
	}
}

// graphTop is the time at the graph's upper edge: two frames at 60 a second.
const graphTop = time.Second / 30

// layGraph adds the frame-time graph: a column a turn, the newest on the right. In
// each, from below: the game's Updates, its Draw, and dim what the rest of the
// interval took. A collection is a tick at the top.
func layGraph(q *Quads, font *Font, m *meter, x, y float32) {
	font.Rect(q, x, y, graphTurns, graphHeight, graphBack)
	for i := range min(m.n, graphTurns) {
		t := m.ago(i)
		at := x + float32(graphTurns-1-i)
		interval, update, both := level(t.interval), level(t.update), level(t.update+t.draw)
		if interval > both {
			font.Rect(q, at, y+graphHeight-interval, 1, interval-both, colorGap)
		}
		if both > update {
			font.Rect(q, at, y+graphHeight-both, 1, both-update, colorDraw)
		}
		if update > 0 {
			font.Rect(q, at, y+graphHeight-update, 1, update, colorUpdate)
		}
		if t.collections > 0 {
			font.Rect(q, at, y, 1, 6, colorCycle)
		}
	}
	font.Rect(q, x, y+graphHeight-level(graphTop/2), graphTurns, 1, Color{1, 1, 1, 0.35})
	font.Print(q, "16.7 ms", x+2, y+graphHeight-level(graphTop/2)-14, 1, colorDim)
}

// level is how high a time stands in the graph, in pixels.
func level(d time.Duration) float32 {
	return graphHeight * float32(min(d, graphTop)) / float32(graphTop)
}
