package world

// Bot plays: it keeps away from foes, goes for gems, and takes the first upgrade.
// For demonstrations and tests.
func Bot(w *World) Input {
	p := &w.Player
	var x, y float32
	foes := w.foes.filter.Query()
	for foes.Next() {
		pos, _, _ := foes.Get()
		dx, dy := p.X-pos.X, p.Y-pos.Y
		if d2 := dx*dx + dy*dy; d2 < 80*80 {
			s := 40 / (d2 + 30)
			x, y = x+dx*s, y+dy*s
		}
	}
	best := float32(240 * 240)
	var gx, gy float32
	gems := w.gems.filter.Query()
	for gems.Next() {
		pos, _, gem := gems.Get()
		dx, dy := pos.X-p.X, pos.Y-p.Y
		if d2 := dx*dx + dy*dy; d2 < best && !gem.Drawn {
			best, gx, gy = d2, dx, dy
		}
	}
	gx, gy = unit(gx, gy)
	// Towards the middle when near the edge, and a little sideways always.
	cx, cy := unit(extent/2-p.X, extent/2-p.Y)
	if d := length(extent/2-p.X, extent/2-p.Y); d > extent/4 {
		x, y = x+cx*4, y+cy*4
	}
	x, y = unit(x+gx*6-cy, y+gy*6+cx)
	return Input{X: x, Y: y, Choice: 1}
}
