package arkframe_test

import (
	"fmt"
	"slices"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/mlange-42/ark/ecs"
)

// Components of the examples.
type (
	Position struct{ X, Y float64 }
	Velocity struct{ X, Y float64 }
	Health   struct{ Points int }
	Burning  struct{ Ticks int }
	Parent   struct{ ecs.RelationMarker }
)

// Move is a system that adds velocities to positions, on all cores.
type Move struct {
	frames *arkframe.Frames
	movers *ecs.Filter2[Position, Velocity]
}

func (s *Move) Initialize(w *ecs.World) {
	s.frames, s.movers = arkframe.Of(w), ecs.NewFilter2[Position, Velocity](w)
}

func (s *Move) Update(*ecs.World) {
	arkframe.Parallel2(s.frames.Commands(), s.movers, func(_ *arkframe.Commands, t arkframe.Table2[Position, Velocity]) {
		for i := range t.Entities {
			t.A[i].X += t.B[i].X
			t.A[i].Y += t.B[i].Y
		}
	})
}

func (s *Move) Finalize(*ecs.World) {}

// Collide is a system that hurts whoever is close to another, and removes the dead.
type Collide struct {
	frames *arkframe.Frames
	bodies *ecs.Filter2[Position, Health]
}

func (s *Collide) Initialize(w *ecs.World) {
	s.frames, s.bodies = arkframe.Of(w), ecs.NewFilter2[Position, Health](w)
}

func (s *Collide) Update(*ecs.World) {
	bodies := arkframe.Rows2(s.frames.Frame(), s.bodies) // to look at pairs
	slices.SortFunc(bodies, func(a, b arkframe.Row2[Position, Health]) int { return int(a.A.X - b.A.X) })
	for i, a := range bodies {
		for _, b := range bodies[i+1:] {
			if b.A.X-a.A.X > 1 {
				break
			}
			a.B.Points--
			b.B.Points--
		}
		if a.B.Points <= 0 {
			arkframe.RemoveEntity(s.frames.Commands(), a.Entity)
		}
	}
}

func (s *Collide) Finalize(*ecs.World) {}

// A world with systems: those that begin and end the frames stand around the others.
func Example() {
	world := ecs.NewWorld()
	systems := []arkframe.System{&arkframe.BeginFrame{}, &Move{}, &Collide{}, &arkframe.EndFrame{}}
	for _, s := range systems {
		s.Initialize(world)
	}

	ships := ecs.NewMap3[Position, Velocity, Health](world)
	for i := range 6 {
		ships.NewEntity(&Position{X: float64(10 * i)}, &Velocity{X: float64(-2 * i)}, &Health{Points: 2})
	}
	for turn := range 6 {
		for _, s := range systems {
			s.Update(world)
		}
		fmt.Printf("turn %d: %d ships, %+v\n", turn+1, world.Stats().Entities.Used, arkframe.Of(world).Applied())
	}

	for _, s := range systems {
		s.Finalize(world)
	}
	// Output:
	// turn 1: 6 ships, {Done:0 Dead:0 Missing:0 Orphaned:0}
	// turn 2: 6 ships, {Done:0 Dead:0 Missing:0 Orphaned:0}
	// turn 3: 6 ships, {Done:0 Dead:0 Missing:0 Orphaned:0}
	// turn 4: 6 ships, {Done:0 Dead:0 Missing:0 Orphaned:0}
	// turn 5: 0 ships, {Done:6 Dead:0 Missing:0 Orphaned:0}
	// turn 6: 0 ships, {Done:0 Dead:0 Missing:0 Orphaned:0}
}

// A loop of one's own.
func ExampleFrames_Loop() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	spawn := ecs.NewMap1[Position](world)
	filter := ecs.NewFilter1[Position](world)
	for frame := range frames.Loop() {
		fmt.Println("frame", frame.Number(), "sees", len(arkframe.Rows1(frame, filter)))
		arkframe.Create1(frames.Commands(), spawn, Position{X: 1})
		if frame.Number() == 3 {
			break
		}
	}
	// Output:
	// frame 1 sees 0
	// frame 2 sees 1
	// frame 3 sees 2
}

// One turn after the other, as an engine's callback wants it.
func ExampleFrames_Step() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	done := frames.Step(func(*framealloc.Frame) {
		e := arkframe.Create(frames.Commands())
		arkframe.RemoveEntity(frames.Commands(), e)
		arkframe.RemoveEntity(frames.Commands(), e)
	})
	fmt.Printf("%+v\n", done)
	// Output:
	// {Done:2 Dead:1 Missing:0 Orphaned:0}
}

// In a frame that another adapter has begun, such as ebitenframe's in Update.
func ExampleFrames_Within() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	world := ecs.NewWorld()
	frames := arkframe.Install(world, arkframe.WithAllocator(alloc))
	defer frames.Close()

	tick := alloc.BeginFrame() // by the other adapter
	frames.Within(tick, func(frame *framealloc.Frame) { arkframe.Create(frames.Commands()) })
	fmt.Println(world.Stats().Entities.Used, "entity,", "frame still active:", tick.Active())
	alloc.EndFrame()
	// Output:
	// 1 entity, frame still active: true
}

// Commands during a query.
func ExampleCommands() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	foes, burning := ecs.NewMap2[Position, Health](world), ecs.NewMap[Burning](world)
	sparks := ecs.NewMap2[Position, Parent](world)
	filter, fires := ecs.NewFilter2[Position, Health](world), ecs.NewFilter1[Burning](world)
	for i := range 5 {
		foes.NewEntity(&Position{X: float64(i)}, &Health{Points: 10 * i})
	}

	frames.Step(func(frame *framealloc.Frame) {
		cmds := frames.Commands()
		q := filter.Query()
		for q.Next() { // the world is locked
			e := q.Entity()
			pos, health := q.Get()
			switch {
			case health.Points == 0:
				arkframe.RemoveEntity(cmds, e)
			case health.Points < 30:
				arkframe.Add(cmds, burning, e, Burning{Ticks: 5})
				arkframe.Create2(cmds, sparks, *pos, Parent{}, arkframe.Rel(1, e))
			}
		}
		fmt.Println("before:", len(arkframe.Rows1(frame, fires)), "burn,", world.Stats().Entities.Used, "entities")
		frames.Apply()
		fmt.Println("after: ", len(arkframe.Rows1(frame, fires)), "burn,", world.Stats().Entities.Used, "entities")
	})
	// Output:
	// before: 0 burn, 5 entities
	// after:  2 burn, 6 entities
}

// A goroutine of one's own, with commands of its own.
func ExampleCommands_Fork() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	frames.Step(func(*framealloc.Frame) {
		cmds := frames.Commands()
		say := func(c *arkframe.Commands, what string) { c.Do(func(*ecs.World) { fmt.Println(what) }) }
		say(cmds, "before the fork")
		child := cmds.Fork()
		go func() {
			defer child.Join()
			say(child, "in the fork")
		}()
		say(cmds, "after the fork")
	})
	// Output:
	// before the fork
	// in the fork
	// after the fork
}

// Copies are good until the frame ends, whatever happens to the world.
func ExampleCopy2() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	ships := ecs.NewMap2[Position, Health](world)
	for i := range 3 {
		ships.NewEntity(&Position{X: float64(i)}, &Health{Points: 100})
	}
	filter := ecs.NewFilter2[Position, Health](world)
	frames.Step(func(frame *framealloc.Frame) {
		before := arkframe.Copy2(frame, filter)
		world.RemoveEntities(filter.Batch(), nil)
		for i := range before.Entities {
			fmt.Println(before.A[i], before.B[i], world.Alive(before.Entities[i]))
		}
	})
	// Output:
	// {0 0} {100} false
	// {1 0} {100} false
	// {2 0} {100} false
}

// All cores work on the world's own columns; commands come in the order of the entities.
func ExampleParallel2() {
	world := ecs.NewWorld()
	frames := arkframe.Install(world)
	defer frames.Close()

	ships := ecs.NewMap2[Position, Velocity](world)
	for i := range 1000 {
		ships.NewEntity(&Position{X: float64(i)}, &Velocity{X: 1})
	}
	filter := ecs.NewFilter2[Position, Velocity](world)
	done := frames.Step(func(*framealloc.Frame) {
		arkframe.Parallel2(frames.Commands(), filter, leaveAt900)
	})
	fmt.Println(done.Done, "removed,", world.Stats().Entities.Used, "left")
	// Output:
	// 100 removed, 900 left
}

func leaveAt900(c *arkframe.Commands, t arkframe.Table2[Position, Velocity]) {
	for i, e := range t.Entities {
		if t.A[i].X += t.B[i].X; t.A[i].X > 900 {
			arkframe.RemoveEntity(c, e)
		}
	}
}
