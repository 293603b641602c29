// Package arkframe gives a world of the entity-component system Ark
// (github.com/mlange-42/ark) its frames: memory for what a turn of the world needs only
// that long, and commands that change entities at the turn's end.
//
//	world := ecs.NewWorld()
//	frames := arkframe.Install(world)
//	defer frames.Close()
//	for range frames.Loop() {
//		for _, s := range systems {
//			s.Update(world)
//		}
//	}
//
// [Install] makes the frames a resource of the world, and their allocator another. A
// system asks for them once:
//
//	func (s *Collide) Initialize(w *ecs.World) { s.frames = arkframe.Of(w) }
//
//	func (s *Collide) Update(w *ecs.World) {
//		bodies := arkframe.Rows2(s.frames.Frame(), s.filter)
//		…
//		arkframe.RemoveEntity(s.frames.Commands(), bodies[i].Entity)
//	}
//
// # Who begins and ends the frames
//
// Whoever runs the world. In a loop of one's own it is [Frames.Loop], [Frames.Step], or
// [Frames.Begin] and [Frames.End]. A scheduler of systems with Initialize, Update and
// Finalize, such as that of ark-tools, gets [BeginFrame] as its first system and
// [EndFrame] as its last; this package imports no scheduler. Where another adapter has a
// frame already, as ebitenframe in Update, the world enters it: [Frames.Within].
//
// # Queries into frame memory
//
// [Rows2] collects pointers, [Copy2] values, [Tables2] the columns of the world's own
// storage, [Entities] entities alone; for one to eight components there are siblings with
// the number in their names, as with Ark's filters.
//
// Pointers and columns lead into Ark's storage, where entities move when any is created or
// removed, or changes its components: what was collected before must not be used after.
// The collector keeps the memory, so that nothing is corrupted; but it may be another
// entity's, or nobody's. A frame that leaves such changes to commands has no "after" until
// its end, and [WithLockedWorld] has Ark enforce that.
//
// # On several goroutines
//
// [Parallel2] and its siblings divide the entities of a query among goroutines, each with a
// fork of the frame, and with commands of its own that are applied in the order of the
// entities, whatever the number of goroutines. [Commands.Parallel] does so for indices, and
// [Commands.Fork] for goroutines that one starts oneself.
//
// # Commands
//
// See [Commands] for what is recorded, when it is applied, and what happens to commands for
// entities that have died. They are frame memory: in the steady state, none of this makes
// garbage.
//
// # Mistakes
//
// [Of] panics with FA101 where there are no frames. FA102 is reported when the EndFrame
// system was missing or somebody else has ended the frame, and is what asking for a frame
// between frames panics with. Commands that were dropped, that nobody would apply, or that
// Ark refuses are FA103.
package arkframe

//go:generate go run ./internal/arity .
