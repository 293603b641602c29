package diag

// Adapters that drive frames from an engine's loop.
var engineEntries = []Entry{
	{
		Code:     FA101,
		Name:     "engine adapter not registered",
		Category: CategoryEngine,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "The game asked for the engine's frame, but no adapter was put between the engine and the game.",
		Explanation: `An adapter such as ebitenframe or arkframe stands between the engine's loop and
the game, and begins and ends frames around each turn. Where the game was handed
to the engine directly, nobody does, and there is no frame to ask for.

The program would otherwise run on with a frame that never ends, and its memory
would grow until the machine swaps; so asking panics with this code.`,
		Detection: `Always on, at the first request for the adapter's frame.`,
		Help:      "start the game through the adapter: ebitenframe.Run(game) in place of ebiten.RunGame(game)",
		Bad: `func run(game ebiten.Game) error {
	return ebiten.RunGame(game) // game.Update asks for ebitenframe.Frame()
}
`,
		Good: `func run(game ebiten.Game) error {
	return ebitenframe.Run(game)
}
`,
	},
	{
		Code:     FA102,
		Name:     "engine frame hooks did not run",
		Category: CategoryEngine,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "An adapter is registered, but the engine did not call its hooks for this frame.",
		Explanation: `The adapter begins a frame in one of the engine's calls and ends it in another.
If one of them is missing, because a wrapper in front of the adapter swallows a
call, a scene was replaced by one that is not wrapped, or a system was removed
from the schedule, frames run into each other: memory that should have been
released stays, and everything taken since counts as one very long frame.

Some engines skip a call legitimately (a draw when the window is hidden). The
adapters know these and stay silent.`,
		Detection: `Each adapter counts its begin and end hooks and compares them once a turn.`,
		Help:      "wrap the outermost game, and call the embedded game's Update and Draw from every wrapper",
		Bad: `type debugGame struct {
	ebiten.Game
	paused bool
}

func (g *debugGame) Update() error {
	if g.paused {
		return nil // the wrapped game, and the adapter inside it, are not called
	}
	return g.Game.Update()
}

func run(game ebiten.Game) error {
	return ebiten.RunGame(&debugGame{Game: ebitenframe.Wrap(game)})
}
`,
		Good: `type debugGame struct {
	ebiten.Game
	paused bool
}

func (g *debugGame) Update() error {
	if g.paused {
		return nil
	}
	return g.Game.Update()
}

func run(game ebiten.Game) error {
	return ebitenframe.Run(&debugGame{Game: game}) // the adapter is outermost
}
`,
	},
	{
		Code:     FA103,
		Name:     "entity commands not applied",
		Category: CategoryEngine,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "Entity commands were recorded where nobody applies them, or could not be applied.",
		Explanation: `arkframe records changes to entities while systems run and applies them as the
frame ends, in its own End or EndFrame system. A frame that is ended in any other
way takes its commands with it: entities that should have died live on, and what
was spawned never appears. A command recorded between two frames, or in a fork that
has joined, has no frame that would apply it.

Applying needs a world that nobody has locked, and commands that Ark accepts. A query
whose loop was left early without Close keeps the world locked for good; a relation
component without a target is refused. Ark panics then, with a stack that shows where
commands are applied; the error with this code says which command it was.`,
		Detection: `Dropped commands are reported when the adapter next begins a frame, or closes.
Recording outside of a frame, applying in a locked world, and what Ark refuses panic.
In debug mode the place is that where the command was recorded.`,
		Help: "end the frame through arkframe (the EndFrame system, Step, Loop or End), and close every query whose loop is left early",
		Bad: `func turn(world *ecs.World, frames *arkframe.Frames) {
	frames.Begin()
	arkframe.RemoveEntity(frames.Commands(), world.NewEntity())
	frames.Allocator().EndFrame() // ends the frame, but knows nothing of commands
}
`,
		Good: `func turn(world *ecs.World, frames *arkframe.Frames) {
	frames.Begin()
	arkframe.RemoveEntity(frames.Commands(), world.NewEntity())
	frames.End()
}
`,
	},
}
