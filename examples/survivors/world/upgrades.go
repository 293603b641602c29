package world

// Upgrade is what a new level brings.
type Upgrade uint8

// The upgrades.
const (
	MoreBolts Upgrade = iota
	FasterBolts
	PiercingBolts
	Stronger
	MoreBlades
	NovaOften
	Swifter
	Magnetic
	Healthier
	upgrades
)

// What upgrades may reach.
const (
	maxBolts  = 8
	maxBlades = 8
)

// String says what it does, for the player.
func (u Upgrade) String() string {
	return [...]string{
		MoreBolts: "One more bolt", FasterBolts: "Bolts fly more often", PiercingBolts: "Bolts go through one more foe",
		Stronger: "All weapons hit harder", MoreBlades: "One more blade circles you", NovaOften: "A shock wave, more and more often",
		Swifter: "You run faster", Magnetic: "Gems come from further away", Healthier: "More health, and some back",
	}[u%upgrades]
}

// possible reports whether there is more of it to have.
func (u Upgrade) possible(p *Player) bool {
	switch u {
	case MoreBolts:
		return p.Bolts < maxBolts
	case FasterBolts:
		return p.Rate > 10
	case PiercingBolts:
		return p.Pierce < 4
	case Stronger:
		return p.Damage < 60
	case MoreBlades:
		return p.Blades < maxBlades
	case NovaOften:
		return p.Nova == 0 || p.Nova > 60
	case Swifter:
		return p.Speed < 1.9
	case Magnetic:
		return p.Magnet < 130
	}
	return true
}

func (u Upgrade) apply(p *Player) {
	switch u {
	case MoreBolts:
		p.Bolts++
	case FasterBolts:
		p.Rate -= 4
	case PiercingBolts:
		p.Pierce++
	case Stronger:
		p.Damage *= 1.25
	case MoreBlades:
		p.Blades++
	case NovaOften:
		if p.Nova == 0 {
			p.Nova = 200
		} else {
			p.Nova -= 28
		}
	case Swifter:
		p.Speed += 0.15
	case Magnetic:
		p.Magnet += 22
	case Healthier:
		p.MaxHealth = min(p.MaxHealth+15, 250)
		p.Health = min(p.MaxHealth, p.Health+40)
	}
}

// offer draws three upgrades to choose from, different ones where there are.
func (w *World) offer() {
	w.Choosing = true
	n := 0
	first := w.random.IntN(int(upgrades))
	for i := range int(upgrades) {
		u := Upgrade((first + i*4) % int(upgrades)) // 4 and 9 have no divisor in common: all come up
		if n < len(w.Offer) && u.possible(&w.Player) {
			w.Offer[n] = u
			n++
		}
	}
	for ; n < len(w.Offer); n++ {
		w.Offer[n] = Healthier
	}
}

// choose takes one of those offered, 1 to 3.
func (w *World) choose(n int) {
	if n >= 1 && n <= len(w.Offer) {
		w.Offer[n-1].apply(&w.Player)
		w.Choosing = false
	}
}
