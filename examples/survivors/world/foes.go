package world

import (
	"math"

	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// Where foes appear, and from where on they are brought nearer, as distances from
// the player: just outside of the picture.
const (
	spawnNear = 370
	spawnFar  = 470
	tooFar    = 560
)

// wanted is how many foes there should be by now: few at first, then ever more.
func (w *World) wanted() int {
	seconds := w.Ticks / 60
	return min(maxFoes, max(w.Config.Foes, 20+3*seconds+seconds*seconds/18))
}

// toughness is how much more health and bite foes have by now than at the start.
func (w *World) toughness() float32 {
	minutes := float32(w.Ticks) / 3600
	return 1 + 0.3*minutes + 0.12*minutes*minutes
}

// spawn makes foes until there are enough, some a tick.
func (t *tick) spawn() {
	most := 12
	if t.Ticks <= 1 {
		most = t.Config.Foes // there from the start
	}
	for range min(most, t.wanted()-t.foes.n) {
		far := float32(spawnFar)
		near := float32(spawnNear)
		if t.Ticks <= 1 {
			near = 120
		}
		p, ok := t.placeAround(near, far)
		if !ok {
			continue
		}
		k := t.kindNow()
		t.foes.add(p, Vel{}, Foe{
			Kind: k, Health: kinds[k].health * t.toughness(),
			Phase: uint16(t.random.IntN(60)),
		})
	}
}

// kindNow draws a kind: the stronger ones come later.
func (w *World) kindNow() FoeKind {
	late := w.Ticks/60 + w.Config.Foes/20
	switch r := w.random.IntN(1000); {
	case r < 12 && late > 75:
		return Brute
	case r < 260 && late > 45:
		return Ghoul
	case r < 520 && late > 15:
		return Bat
	}
	return Slime
}

// placeAround returns an open place around the player.
func (w *World) placeAround(near, far float32) (Pos, bool) {
	for range 8 {
		sin, cos := math.Sincos(w.random.Float64() * 2 * math.Pi)
		d := near + (far-near)*w.random.Float32()
		p := Pos{w.Player.X + d*float32(cos), w.Player.Y + d*float32(sin)}
		if x, y := int(p.X)/Tile, int(p.Y)/Tile; p.X > 0 && p.Y > 0 && w.terrain.open(x, y) {
			return p, true
		}
	}
	return Pos{}, false
}

// moveFoes has every foe go for the player, around walls and each other.
func (t *tick) moveFoes() {
	endTag := t.m.Tag("paths")
	paths := newField(t.m, t.terrain, t.Player.Pos)
	endTag()
	t.gather()

	for i := range t.bodies {
		b := &t.bodies[i]
		k := &kinds[b.foe.Kind]
		x, y := paths.way(*b.pos)
		if t.Over {
			x, y = x*0.2, y*0.2
		}
		px, py := t.pushed(i)
		// Velocity eases towards where it wants to go, which also slows what a
		// hit has thrown back.
		b.vel.X += (x*k.speed - b.vel.X) * 0.15
		b.vel.Y += (y*k.speed - b.vel.Y) * 0.15
		b.pos.X += b.vel.X + px
		b.pos.Y += b.vel.Y + py
		t.terrain.keepOut(b.pos, min(b.radius, 7))
		b.foe.Phase++
		b.foe.Flash -= min(b.foe.Flash, 1)
		b.foe.Guard -= min(b.foe.Guard, 1)
		if dx, dy := b.pos.X-t.Player.X, b.pos.Y-t.Player.Y; dx*dx+dy*dy > tooFar*tooFar {
			if p, ok := t.placeAround(spawnNear, spawnFar); ok {
				*b.pos, *b.vel = p, Vel{}
			}
		}
	}
}

// pushed returns how far the neighbors push a foe away.
func (t *tick) pushed(i int) (px, py float32) {
	b := &t.bodies[i]
	tx, ty := tileAt(*b.pos)
	looked := 0
	for y := ty - 1; y <= ty+1; y++ {
		for x := tx - 1; x <= tx+1; x++ {
			for _, j := range t.onTile(x, y) {
				if int(j) == i {
					continue
				}
				o := &t.bodies[j]
				dx, dy, r := b.pos.X-o.pos.X, b.pos.Y-o.pos.Y, b.radius+o.radius
				d2 := dx*dx + dy*dy
				if d2 >= r*r {
					continue
				}
				if d2 < 0.01 { // one on the other: apart, any way
					dx, dy, d2 = float32(i%7)-3, float32(i%5)-2, 10
				}
				d := length(dx, dy)
				s := (r - d) / r * o.radius / b.radius * 0.5
				px, py = px+dx/d*s, py+dy/d*s
				if looked++; looked == 16 { // in a dense crowd that is enough
					return limit(px, py)
				}
			}
		}
	}
	return limit(px, py)
}

// limit shortens a vector to a length of 1.2.
func limit(x, y float32) (float32, float32) {
	if d := length(x, y); d > 1.2 {
		return x / d * 1.2, y / d * 1.2
	}
	return x, y
}

// hit takes health from a foe and throws it back.
func (t *tick) hit(b *body, damage, px, py float32) {
	b.foe.Health -= damage
	b.foe.Flash = 7
	give := 1 - kinds[b.foe.Kind].heavy
	b.vel.X, b.vel.Y = b.vel.X+px*give, b.vel.Y+py*give
	t.numbers.add(Pos{b.pos.X + t.random.Float32()*8 - 4, b.pos.Y - b.radius}, Vel{0, -0.6}, Number{Life: 32, Amount: int16(damage)})
	t.spray(*b.pos, 2, sparkHit, 1.2)
}

// bury removes the foes that have no health left, and leaves their gems.
func (t *tick) bury() {
	dead := mem.List[ecs.Entity](t.m, maxFoes)
	for i := range t.bodies {
		b := &t.bodies[i]
		if b.foe.Health > 0 {
			continue
		}
		dead = append(dead, b.entity)
		t.gems.add(*b.pos, Vel{}, Gem{Worth: kinds[b.foe.Kind].gem})
		t.spray(*b.pos, 6+int(b.radius/2), uint8(b.foe.Kind), 1.6)
	}
	t.Kills += len(dead)
	t.foes.remove(t.ecs, dead)
	t.bodies = nil // the components have moved
}
