package world

import (
	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// moveShots moves the bolts, which hit what they meet.
func (t *tick) moveShots() {
	defer t.m.Tag("shots")()
	spent := mem.List[ecs.Entity](t.m, maxShots)
	hits := mem.List[struct {
		b    *body
		vel  Vel
		shot Shot
	}](t.m, maxShots)
	shots := t.shots.filter.Query()
	for shots.Next() {
		pos, vel, shot := shots.Get()
		pos.X, pos.Y = pos.X+vel.X, pos.Y+vel.Y
		shot.Life--
		var struck *body
		t.near(*pos, 3, func(b *body) {
			if struck == nil && b.foe.Guard == 0 {
				struck = b
			}
		})
		if struck != nil && len(hits) < maxShots {
			struck.foe.Guard = 4 // not by the same bolt again
			hits = append(hits, struct {
				b    *body
				vel  Vel
				shot Shot
			}{struck, *vel, *shot})
			if shot.Pierce--; shot.Pierce < 0 {
				shot.Life = 0
			}
		}
		if x, y := tileAt(*pos); !t.terrain.open(x, y) {
			shot.Life = 0
		}
		if shot.Life <= 0 {
			spent = append(spent, shots.Entity())
		}
	}
	// Entities may be made and removed only now that the query is done.
	for _, h := range hits {
		x, y := unit(h.vel.X, h.vel.Y)
		t.hit(h.b, h.shot.Damage, x*1.6, y*1.6)
	}
	t.shots.remove(t.ecs, spent)
}
