package world

// The components. Lengths are in units, of which a tile has 16 and the screen two
// pixels each; times are in ticks, of which a second has 60.

// Pos is where something is.
type Pos struct{ X, Y float32 }

// Vel is how far it moves in a tick.
type Vel struct{ X, Y float32 }

// Foe makes an enemy of an entity.
type Foe struct {
	Kind   FoeKind
	Health float32
	Flash  uint8  // ticks for which it still shows a hit
	Guard  uint8  // ticks for which blades cannot hit it again
	Phase  uint16 // of its gait
}

// FoeKind is what an enemy is.
type FoeKind uint8

// The kinds, from the weakest on.
const (
	Slime FoeKind = iota
	Bat
	Ghoul
	Brute
	foeKinds
)

// A kindOf says what the foes of a kind have in common.
type kindOf struct {
	speed, radius, health, bite float32
	heavy                       float32 // how little a hit pushes it, 0 to 1
	gem                         int32   // what its gem is worth
}

var kinds = [foeKinds]kindOf{
	Slime: {speed: 0.42, radius: 5.5, health: 9, bite: 4, heavy: 0.2, gem: 1},
	Bat:   {speed: 0.78, radius: 4.5, health: 5, bite: 3, heavy: 0, gem: 1},
	Ghoul: {speed: 0.55, radius: 5.5, health: 22, bite: 7, heavy: 0.4, gem: 3},
	Brute: {speed: 0.36, radius: 10, health: 160, bite: 15, heavy: 0.9, gem: 25},
}

// Shot is a bolt on its way.
type Shot struct {
	Life   int16
	Pierce int16 // foes that it may still go through
	Damage float32
}

// Gem is what a foe leaves.
type Gem struct {
	Worth int32
	Drawn bool // flies to the player
}

// Spark is a particle.
type Spark struct {
	Life, Span int16
	Look       uint8 // an index into the view's colors
	Size       float32
}

// Number floats up from a hit.
type Number struct {
	Life   int16
	Amount int16
}
