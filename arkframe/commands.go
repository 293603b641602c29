package arkframe

import (
	"fmt"
	"sync/atomic"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// Commands is a list of changes to the world that are recorded now and applied at the
// frame's end, in the order in which they were recorded: what a system wants to do to
// entities while a query runs, when Ark lets nobody create or remove anything, or on
// another goroutine.
//
// The functions [Create], [Create2] and its siblings, [Add], [Set], [Remove],
// [Relate] and [RemoveEntity] record; [Commands.Do] records anything else. Recording
// never fails because of the state of the world, which nobody knows until then:
//
//   - A command for an entity that no longer lives when its turn comes is left out.
//   - Add overwrites a component that is there; Set and Remove of one that is not there
//     are left out.
//   - A relation whose target no longer lives gets the zero entity, as Ark does when a
//     target is removed.
//
// [Applied] counts these.
//
// The records are frame memory, in a frame of their own: what [framealloc.Frame.Sub] and
// rollbacks give back does not include them. Values are copied when they are recorded;
// what they point to must last until they are applied, and where it goes into a component,
// longer.
//
// A Commands belongs to one goroutine: the root, which [Frames.Commands] returns, to the
// world's; [Commands.Fork] gives others theirs. Recording panics with FA103 where nobody
// would apply it: between frames, and in a fork that has joined.
type Commands struct {
	frames *Frames
	frame  *framealloc.Frame // the systems', or the fork of it; nil: closed
	mem    *framealloc.Frame // where records are; nil: not yet
	list   list
	traced bool // note where commands are recorded

	forked atomic.Bool // given out by Fork, and not joined
	forks  []*Commands // made so far; the first used are out, or have records
	used   int
	split  split
}

// Commands returns the list that End applies. It is the same in every frame.
func (fs *Frames) Commands() *Commands { return &fs.commands }

// Frame returns the frame that goes with the list: the world's, or the fork of it, for
// the goroutine that the list belongs to. It panics with FA102 if there is none.
func (c *Commands) Frame() *framealloc.Frame {
	if c.frame == nil {
		panic(c.frames.outside("the frame of a command list was asked for"))
	}
	return c.frame
}

// Pending returns how many commands are recorded and not applied, those of forks included,
// which must have joined.
func (c *Commands) Pending() (n int) {
	for cmd := c.list.first; cmd != nil; cmd = cmd.after().next {
		n += cmd.count()
	}
	return n
}

// clear forgets the records and takes back the forks.
func (c *Commands) clear() {
	c.list = list{}
	for _, child := range c.forks[:c.used] {
		child.clear()
	}
	c.used = 0
}

// records returns the frame to record in, or panics when nobody would apply it.
func (c *Commands) records() *framealloc.Frame {
	if c == &c.frames.commands && !c.frames.live() || c.frame == nil {
		panic(c.closed())
	}
	if c.mem == nil {
		c.mem = c.frames.recorder.BeginFrame()
	}
	return c.mem
}

func (c *Commands) closed() *diag.Error {
	fs := c.frames
	d := diag.Diagnostic{
		Code: diag.FA103, Worker: fs.worker.Name(), Frame: fs.number, PC: diag.CallerPC(),
		Message: "an entity command was recorded in a fork that has joined",
		Help:    "call Join when the goroutine has recorded everything",
	}
	if c == &fs.commands {
		d.Message = "an entity command was recorded where the world is in no frame, so that nobody would apply it"
		d.Help = "record between the systems BeginFrame and EndFrame, within Step or Loop, or between Begin and End"
	}
	return diag.NewError(d, nil)
}

// record appends a command, which is memory of c.records().
func (c *Commands) record(cmd command) {
	l := cmd.after()
	if c.traced {
		l.pc = diag.CallerPC()
	}
	c.list.add(cmd, l)
}

// A command is one recorded change.
type command interface {
	// apply carries it out.
	apply(*applier)
	// describe says what it is to do, for a person.
	describe() string
	// count returns how many commands it stands for.
	count() int
	// after returns its link.
	after() *link
}

// A link is what every command begins with: its place in the list.
type link struct {
	next command
	pc   uintptr // where it was recorded, if traced
}

func (l *link) after() *link { return l }
func (l *link) count() int   { return 1 }

// A list is a queue of commands.
type list struct {
	first command
	last  *link
}

func (l *list) add(cmd command, at *link) {
	if l.first == nil {
		l.first = cmd
	} else {
		l.last.next = cmd
	}
	l.last = at
}

// drop removes the first command.
func (l *list) drop() { l.first = l.first.after().next }

// RemoveEntity records that an entity is removed.
func RemoveEntity[E Target](c *Commands, e E) {
	r := framealloc.New[removeEntity](c.records())
	r.entity = refOf(e)
	c.record(r)
}

type removeEntity struct {
	link
	entity ref
}

func (r *removeEntity) apply(a *applier) {
	if e, ok := a.alive(r.entity); ok {
		a.world.RemoveEntity(e)
		a.Done++
	}
}

func (r *removeEntity) describe() string { return "RemoveEntity, " + r.entity.String() }

// Do records a call of fn with the world, for what the other functions do not cover:
// batches, resources, custom events. Where fn is a literal that refers to variables
// around it, making it is garbage.
func (c *Commands) Do(fn func(*ecs.World)) {
	d := framealloc.New[do](c.records())
	d.fn = fn
	c.record(d)
}

type do struct {
	link
	fn func(*ecs.World)
}

func (d *do) apply(a *applier) {
	d.fn(a.world)
	a.Done++
}

func (d *do) describe() string { return "Do" }

// Create records that an entity without components is created. What it returns stands
// for the entity in later commands.
func Create(c *Commands) *Created {
	r := framealloc.New[create](c.records())
	c.record(r)
	return &r.made
}

type create struct {
	link
	made Created
}

func (r *create) apply(a *applier) {
	r.made.entity = a.world.NewEntity()
	a.Done++
}

func (r *create) describe() string { return "Create" }

// A Created stands for an entity that a command is going to create. It is frame memory,
// good until the frame ends.
type Created struct{ entity ecs.Entity }

// Entity returns the entity, or the zero entity as long as the command was not applied.
func (c *Created) Entity() ecs.Entity { return c.entity }

// A Target is what a command is about: an entity, or one that an earlier command
// creates.
type Target interface{ ecs.Entity | *Created }

// A ref is a Target as it is recorded.
type ref struct {
	entity ecs.Entity
	made   *Created // if not nil, the entity is what this has become
}

func refOf[E Target](e E) ref {
	var r ref
	switch e := any(&e).(type) { // of e itself, it would be garbage
	case *ecs.Entity:
		r.entity = *e
	case **Created:
		r.made = *e
	}
	return r
}

func (r ref) resolve() ecs.Entity {
	if r.made != nil {
		return r.made.entity
	}
	return r.entity
}

// String returns the entity as a person sees it.
func (r ref) String() string {
	e := r.resolve()
	if e.IsZero() {
		return "no entity"
	}
	return fmt.Sprintf("entity %d (generation %d)", e.ID(), e.Gen())
}
