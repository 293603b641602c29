package world

// Player is who plays.
type Player struct {
	Pos
	Left              bool // faces left
	Walks             bool
	Health, MaxHealth float32
	Hurt              int // ticks until the next bite counts
	Level             int
	Worth, Need       int // of gems, for the next level

	// What upgrades change.
	Speed, Magnet float32
	Bolts, Pierce int
	Rate          int // ticks between bolts
	Damage        float32
	Blades        int
	Nova          int // ticks between novas; 0: none

	reload int
}

func newPlayer() Player {
	return Player{
		Pos: Pos{extent / 2, extent / 2}, Health: 100, MaxHealth: 100, Level: 1, Need: 4,
		Speed: 1.15, Magnet: 42, Bolts: 1, Rate: 26, Damage: 10,
	}
}

func (w *World) movePlayer(in Input) {
	p := &w.Player
	x, y := in.X, in.Y
	if d := length(x, y); d > 1 {
		x, y = x/d, y/d
	}
	p.X, p.Y = p.X+x*p.Speed, p.Y+y*p.Speed
	w.terrain.keepOut(&p.Pos, 5)
	p.Walks = x != 0 || y != 0
	if x != 0 {
		p.Left = x < 0
	}
}

// bite lets the strongest foe that touches the player bite, at times.
func (t *tick) bite() {
	p := &t.Player
	if p.Hurt > 0 {
		p.Hurt--
		return
	}
	worst := float32(0)
	t.near(p.Pos, 4, func(b *body) { worst = max(worst, kinds[b.foe.Kind].bite) })
	if worst == 0 {
		return
	}
	p.Hurt = 26
	t.Shake = max(t.Shake, 3)
	t.spray(p.Pos, 10, sparkHurt, 1.5)
	if t.Immortal {
		return
	}
	if p.Health -= worst * t.toughness(); p.Health <= 0 {
		p.Health = 0
		t.Over = true
		t.Shake = 8
		t.spray(p.Pos, 120, sparkHurt, 3)
	}
}

// gain adds the worth of gems, and raises the level when there is enough.
func (w *World) gain(worth int) {
	p := &w.Player
	p.Worth += worth
	if p.Worth < p.Need || w.Over {
		return
	}
	p.Worth -= p.Need
	p.Level++
	p.Need = 3 + p.Level*4 + p.Level*p.Level/2
	p.Health = min(p.MaxHealth, p.Health+8)
	w.spray(p.Pos, 40, sparkHit, 2.5)
	w.offer()
}
