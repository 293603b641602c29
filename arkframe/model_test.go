package arkframe_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/framealloc/framealloc/arkframe"
	"github.com/mlange-42/ark/ecs"
)

// FuzzCommands records random commands, in lists and forks of lists, and does the same to
// the plainest model of a world: a map. After every Apply both must be equal, and the
// counts of what was left out.
func FuzzCommands(f *testing.F) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		steps := make([]byte, 40*(1+seed))
		for i := range steps {
			steps[i] = byte(random.Uint32())
		}
		f.Add(steps, seed%3 == 0)
	}
	f.Fuzz(func(t *testing.T, steps []byte, locked bool) {
		var opts []arkframe.Option
		if locked {
			opts = append(opts, arkframe.WithLockedWorld())
		}
		w, fs, diags := install(t, opts...)
		d := &driver{
			steps: steps[:min(len(steps), 2000)], world: w, frames: fs, mod: model{alive: map[int]*body{}},
			spawn: ecs.NewMap2[pos, name](w), spawnRel: ecs.NewMap2[vel, childOf](w),
			poss: ecs.NewMap[pos](w), names: ecs.NewMap[name](w), frozen: ecs.NewMap[frozen](w), parents: ecs.NewMap[childOf](w),
		}
		for len(d.steps) > 0 {
			fs.Begin()
			d.mod.applied = arkframe.Applied{}
			for again := true; again; again = d.n(4) == 0 {
				flush := d.fill(fs.Commands(), 0)
				if again && d.n(8) == 0 {
					fs.Discard()
					d.forget()
				} else {
					fs.Apply()
					flush()
				}
				d.compare(t)
			}
			d.forget()
			if got := fs.End(); got != d.mod.applied {
				t.Fatalf("applied %+v, want %+v", got, d.mod.applied)
			}
		}
		diags.RequireNone()
	})
}

// A driver makes commands out of bytes. Entities go by numbers, in the order in which
// their creation was recorded.
type driver struct {
	steps  []byte
	world  *ecs.World
	frames *arkframe.Frames
	mod    model

	spawn    *ecs.Map2[pos, name]
	spawnRel *ecs.Map2[vel, childOf]
	poss     *ecs.Map[pos]
	names    *ecs.Map[name]
	frozen   *ecs.Map[frozen]
	parents  *ecs.Map[childOf]

	known   []ecs.Entity        // by number
	created []*arkframe.Created // by number less len(known): recorded in this frame
}

// forget ends the time of the numbers of this frame as Created; they are entities now.
func (d *driver) forget() {
	for _, c := range d.created {
		d.known = append(d.known, c.Entity())
	}
	d.created = nil
}

// n returns a number below most.
func (d *driver) n(most int) int {
	if len(d.steps) == 0 {
		return 1 % most
	}
	b := int(d.steps[0])
	d.steps = d.steps[1:]
	return b % most
}

// fill records into a list and returns what that is for the model.
func (d *driver) fill(c *arkframe.Commands, depth int) (apply func()) {
	var ops []func()
	for range d.n(12) {
		if depth < 3 && d.n(8) == 0 {
			child := c.Fork()
			ops = append(ops, d.fill(child, depth+1))
			child.Join()
			continue
		}
		ops = append(ops, d.command(c))
	}
	return func() {
		for _, op := range ops {
			op()
		}
	}
}

// command records a command and returns what it is for the model.
func (d *driver) command(c *arkframe.Commands) func() {
	m, number, x := &d.mod, len(d.known)+len(d.created), float64(d.n(100))
	text := fmt.Sprint("name ", x)
	switch d.n(8) {
	case 0:
		d.created = append(d.created, arkframe.Create(c))
		return func() { m.create(number, body{}) }
	case 1:
		d.created = append(d.created, arkframe.Create2(c, d.spawn, pos{X: x}, name{&text}))
		return func() { m.create(number, body{pos: &x, name: text}) }
	case 2:
		parent := d.n(number + 1)
		if parent < len(d.known) {
			d.created = append(d.created, arkframe.Create2(c, d.spawnRel, vel{}, childOf{Rank: int(x)}, arkframe.Rel(1, d.known[parent])))
		} else if parent < number {
			d.created = append(d.created, arkframe.Create2(c, d.spawnRel, vel{}, childOf{Rank: int(x)}, arkframe.Rel(1, d.created[parent-len(d.known)])))
		} else { // to none
			d.created = append(d.created, arkframe.Create2(c, d.spawnRel, vel{}, childOf{Rank: int(x)}, arkframe.Rel(1, ecs.Entity{})))
			parent = none
		}
		parent = d.meant(parent)
		return func() { m.create(number, body{related: true, rank: int(x), parent: m.target(parent)}) }
	}
	if number == 0 {
		c.Do(func(*ecs.World) {})
		return func() { m.applied.Done++ }
	}
	about, other := d.n(number), d.n(number)
	if about < len(d.known) {
		if other < len(d.known) {
			return record(d, c, about, d.known[about], other, d.known[other], text, x)
		}
		return record(d, c, about, d.known[about], other, d.created[other-len(d.known)], text, x)
	}
	e := d.created[about-len(d.known)]
	if other < len(d.known) {
		return record(d, c, about, e, other, d.known[other], text, x)
	}
	return record(d, c, about, e, other, d.created[other-len(d.known)], text, x)
}

// record records a command about an entity that there may be.
func record[E, F arkframe.Target](d *driver, c *arkframe.Commands, about int, e E, other int, target F, text string, x float64) func() {
	m := &d.mod
	switch d.n(7) {
	case 0:
		arkframe.RemoveEntity(c, e)
		return func() { m.on(about, func(*body) { m.remove(about) }) }
	case 1:
		arkframe.Add(c, d.poss, e, pos{X: x})
		return func() { m.on(about, func(b *body) { b.pos = &x }) }
	case 2:
		arkframe.Add(c, d.names, e, name{&text})
		return func() { m.on(about, func(b *body) { b.name = text }) }
	case 3:
		arkframe.Set(c, d.poss, e, pos{X: x})
		return func() { m.having(about, func(b *body) bool { return b.pos != nil }, func(b *body) { b.pos = &x }) }
	case 4:
		arkframe.Remove(c, d.names, e)
		return func() { m.having(about, func(b *body) bool { return b.name != "" }, func(b *body) { b.name = "" }) }
	case 5:
		if int(x)%2 == 0 {
			arkframe.Add(c, d.frozen, e, frozen{})
			return func() { m.on(about, func(b *body) { b.frozen = true }) }
		}
		arkframe.Remove(c, d.frozen, e)
		return func() { m.having(about, func(b *body) bool { return b.frozen }, func(b *body) { b.frozen = false }) }
	default:
		arkframe.Relate(c, d.parents, e, childOf{Rank: int(x)}, target)
		other = d.meant(other)
		return func() {
			m.on(about, func(b *body) { b.related, b.rank, b.parent = true, int(x), m.target(other) })
		}
	}
}

// meant returns the number of a target as it is recorded: an entity whose creation was
// discarded in an earlier frame is the zero entity now, and that means no target.
func (d *driver) meant(number int) int {
	if number >= 0 && number < len(d.known) && d.known[number].IsZero() {
		return none
	}
	return number
}

// A model is a world, by numbers of entities.
type model struct {
	alive   map[int]*body
	applied arkframe.Applied
}

// A body is an entity's components.
type body struct {
	pos     *float64
	name    string // "": none
	frozen  bool
	related bool
	rank    int
	parent  int // number of the target, or none
}

const none = -1

func (m *model) create(number int, b body) {
	m.alive[number] = &b
	m.applied.Done++
}

func (m *model) remove(number int) {
	delete(m.alive, number)
	for b := range maps.Values(m.alive) {
		if b.related && b.parent == number {
			b.parent = none
		}
	}
}

// on does something to an entity that lives.
func (m *model) on(number int, do func(*body)) {
	m.having(number, func(*body) bool { return true }, do)
}

// having does something to an entity that has what it takes.
func (m *model) having(number int, has func(*body) bool, do func(*body)) {
	switch b := m.alive[number]; {
	case b == nil:
		m.applied.Dead++
	case !has(b):
		m.applied.Missing++
	default:
		do(b)
		m.applied.Done++
	}
}

// target returns what a relation to a number becomes.
func (m *model) target(number int) int {
	if number == none || m.alive[number] != nil {
		return number
	}
	m.applied.Orphaned++
	return none
}

// compare compares the world with the model, entity by entity.
func (d *driver) compare(t *testing.T) {
	t.Helper()
	entity := func(number int) ecs.Entity {
		if number < len(d.known) {
			return d.known[number]
		}
		return d.created[number-len(d.known)].Entity()
	}
	for number := range len(d.known) + len(d.created) {
		e, b := entity(number), d.mod.alive[number]
		if d.world.Alive(e) != (b != nil) {
			t.Fatalf("entity %d: alive %v", number, b == nil)
		}
		if b == nil {
			continue
		}
		if p := d.poss.Get(e); (p != nil) != (b.pos != nil) || p != nil && p.X != *b.pos {
			t.Fatalf("entity %d: position %v, want %v", number, p, b.pos)
		}
		if n := d.names.Get(e); (n != nil) != (b.name != "") || n != nil && *n.Text != b.name {
			t.Fatalf("entity %d: name %v, want %q", number, n, b.name)
		}
		if has := d.frozen.Has(e); has != b.frozen {
			t.Fatalf("entity %d: frozen %v", number, has)
		}
		r := d.parents.Get(e)
		if (r != nil) != b.related {
			t.Fatalf("entity %d: relation %v", number, r)
		}
		if r == nil {
			continue
		}
		var want ecs.Entity
		if b.parent != none {
			want = entity(b.parent)
		}
		if got := d.parents.GetRelation(e); r.Rank != b.rank || got != want {
			t.Fatalf("entity %d: rank %d of %v, want %d of %v", number, r.Rank, got, b.rank, want)
		}
	}
	if n := d.world.Stats().Entities.Used; n != len(d.mod.alive) {
		t.Fatalf("%d entities in the world, want %d", n, len(d.mod.alive))
	}
}
