package world

import (
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// moveGems draws gems to the player, who gets their worth.
func (t *tick) moveGems() {
	defer t.m.Tag("gems")()
	taken := mem.List[ecs.Entity](t.m, maxGems)
	p := &t.Player
	worth := 0
	gems := t.gems.filter.Query()
	for gems.Next() {
		pos, vel, gem := gems.Get()
		dx, dy := p.X-pos.X, p.Y-pos.Y
		d := length(dx, dy)
		if d < p.Magnet && !t.Over {
			gem.Drawn = true
		}
		switch {
		case d < 7 && !t.Over, d > 2*tooFar: // got it, or far behind
			taken = append(taken, gems.Entity())
			if d < 7 {
				worth += int(gem.Worth)
			}
		case gem.Drawn:
			x, y := unit(dx, dy)
			vel.X, vel.Y = vel.X*0.86+x*0.75, vel.Y*0.86+y*0.75
			pos.X, pos.Y = pos.X+vel.X, pos.Y+vel.Y
		}
	}
	t.gems.remove(t.ecs, taken)
	t.gain(worth)
}
