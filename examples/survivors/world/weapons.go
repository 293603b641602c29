package world

import "math"

// The reach of the weapons, in units.
const (
	aimReach    = 300
	bladeOrbit  = 38
	bladeRadius = 8
	novaReach   = 130
	novaSpeed   = 3.5
)

// A nova is a ring that grows from the player; a radius of 0 means none.
type nova struct {
	Pos
	radius float32
}

// fire sends bolts to the nearest foes.
func (t *tick) fire() {
	p := &t.Player
	if p.reload -= 1; p.reload > 0 || p.Bolts == 0 {
		return
	}
	// The nearest foes, in order.
	var targets [maxBolts]*body
	var away [maxBolts]float32
	n := 0
	for i := range t.bodies {
		b := &t.bodies[i]
		dx, dy := b.pos.X-p.X, b.pos.Y-p.Y
		d := dx*dx + dy*dy
		if d > aimReach*aimReach || n == p.Bolts && d >= away[n-1] {
			continue
		}
		n = min(n+1, p.Bolts)
		j := n - 1
		for ; j > 0 && away[j-1] > d; j-- {
			targets[j], away[j] = targets[j-1], away[j-1]
		}
		targets[j], away[j] = b, d
	}
	if n == 0 {
		return
	}
	p.reload = p.Rate
	for i := range p.Bolts {
		b := targets[i%n]
		x, y := unit(b.pos.X-p.X, b.pos.Y-p.Y)
		if i >= n { // more bolts than foes: fan out
			sin, cos := math.Sincos(float64(i) * 0.2)
			x, y = x*float32(cos)-y*float32(sin), x*float32(sin)+y*float32(cos)
		}
		t.shots.add(Pos{p.X + x*9, p.Y - 3 + y*9}, Vel{x * 4.2, y * 4.2}, Shot{Life: 80, Pierce: int16(p.Pierce), Damage: p.Damage})
	}
}

// BladeAt returns where the player's blade i is, and how it is turned.
func (w *World) BladeAt(i int) (p Pos, angle float32) {
	a := float64(w.Ticks)*0.055 + 2*math.Pi*float64(i)/float64(w.Player.Blades)
	sin, cos := math.Sincos(a)
	return Pos{w.Player.X + bladeOrbit*float32(cos), w.Player.Y + bladeOrbit*float32(sin)}, float32(a) + math.Pi/2
}

// swing has the blades hit what they pass through.
func (t *tick) swing() {
	for i := range t.Player.Blades {
		at, _ := t.BladeAt(i)
		t.near(at, bladeRadius, func(b *body) {
			if b.foe.Guard > 0 {
				return
			}
			b.foe.Guard = 20
			x, y := unit(b.pos.X-t.Player.X, b.pos.Y-t.Player.Y)
			t.hit(b, t.Player.Damage*0.8, x*2.2, y*2.2)
		})
	}
}

// burst begins a nova when it is time, and lets it grow.
func (t *tick) burst() {
	n, p := &t.nova, &t.Player
	if p.Nova > 0 && t.Ticks%p.Nova == 0 {
		*n = nova{Pos: p.Pos, radius: 6}
		t.Shake = max(t.Shake, 2)
	}
	if n.radius == 0 {
		return
	}
	t.near(n.Pos, n.radius, func(b *body) {
		dx, dy := b.pos.X-n.X, b.pos.Y-n.Y
		if dx*dx+dy*dy < (n.radius-6)*(n.radius-6) {
			return // the ring has passed
		}
		x, y := unit(dx, dy)
		t.hit(b, p.Damage*1.5, x*4, y*4)
	})
	if n.radius += novaSpeed; n.radius > novaReach {
		n.radius = 0
	}
}
