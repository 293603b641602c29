// Package world is the game without a screen: a player, a horde, and what happens
// between them in a tick. What outlives a tick is in an entity-component system;
// what does not comes from a frame.
package world

import (
	"math/rand/v2"

	"github.com/framealloc/framealloc/examples/survivors/mem"
	"github.com/mlange-42/ark/ecs"
)

// The most there may be of each. Storage for all of them is made at the start.
const (
	maxFoes    = 3200
	maxShots   = 400
	maxGems    = 1200
	maxSparks  = 3000
	maxNumbers = 160
)

// Config says how a game goes.
type Config struct {
	Seed uint64
	// Foes is how many there are at least; there are more as time passes.
	Foes int
	// Upgrades is how many the player begins with.
	Upgrades int
	// Immortal players are for tests and demonstrations.
	Immortal bool
}

// Input is what the player wants.
type Input struct {
	X, Y   float32 // direction, of length 0 to 1
	Choice int     // 1 to 3: an upgrade
}

// A World is a game in progress.
type World struct {
	Config
	Player   Player
	Ticks    int // since the start, pauses left out
	Kills    int
	Over     bool
	Offer    [3]Upgrade // to choose from, while Choosing
	Shake    float32    // how much the picture shakes
	Choosing bool

	terrain *Terrain
	random  *rand.Rand
	nova    nova

	ecs     *ecs.World
	foes    kind[Foe]
	shots   kind[Shot]
	gems    kind[Gem]
	sparks  kind[Spark]
	numbers kind[Number]
}

// New returns a game at its beginning.
func New(c Config) *World {
	w := &World{Config: c, ecs: ecs.NewWorld(maxFoes), random: rand.New(rand.NewPCG(c.Seed, 1))}
	w.terrain = newTerrain(c.Seed)
	w.foes = newKind[Foe](w.ecs, maxFoes)
	w.shots = newKind[Shot](w.ecs, maxShots)
	w.gems = newKind[Gem](w.ecs, maxGems)
	w.sparks = newKind[Spark](w.ecs, maxSparks)
	w.numbers = newKind[Number](w.ecs, maxNumbers)
	w.ecs.RemoveEntities(ecs.NewFilter0(w.ecs).Batch(), nil)
	w.Player = newPlayer()
	for i := range c.Upgrades {
		if u := Upgrade(i % int(upgrades)); u.possible(&w.Player) {
			u.apply(&w.Player)
		}
	}
	return w
}

// Terrain returns the ground.
func (w *World) Terrain() *Terrain { return w.terrain }

// Foes returns how many enemies there are.
func (w *World) Foes() int { return w.foes.n }

// Entities returns how many there are of all kinds.
func (w *World) Entities() int { return w.foes.n + w.shots.n + w.gems.n + w.sparks.n + w.numbers.n }

// Step advances the game by a tick. What it needs only for that long it takes
// from m.
func (w *World) Step(m mem.Mem, in Input) {
	if w.Choosing {
		w.choose(in.Choice)
		return
	}
	if !w.Over {
		w.Ticks++
		w.movePlayer(in)
	}
	t := newTick(w, m)
	t.spawn()
	t.moveFoes()
	if !w.Over {
		t.fire()
		t.swing()
		t.burst()
		t.bite()
	}
	t.moveShots()
	t.bury()
	t.moveGems()
	t.moveSparks()
	w.Shake *= 0.9
}

// A kind is the entities that share a component of type T besides where they are
// and go.
type kind[T any] struct {
	n      int
	max    int
	make   *ecs.Map3[Pos, Vel, T]
	filter *ecs.Filter3[Pos, Vel, T]
}

func newKind[T any](w *ecs.World, most int) kind[T] {
	k := kind[T]{max: most, make: ecs.NewMap3[Pos, Vel, T](w), filter: ecs.NewFilter3[Pos, Vel, T](w)}
	k.make.NewBatch(most, new(Pos), new(Vel), new(T)) // so that storage grows once; New removes them
	return k
}

// add makes an entity, unless there are too many already.
func (k *kind[T]) add(p Pos, v Vel, t T) {
	if k.n < k.max {
		k.n++
		k.make.NewEntity(&p, &v, &t)
	}
}

// remove removes entities. It must not be called during a query.
func (k *kind[T]) remove(w *ecs.World, list []ecs.Entity) {
	for _, e := range list {
		w.RemoveEntity(e)
	}
	k.n -= len(list)
}
