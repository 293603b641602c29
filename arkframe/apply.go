package arkframe

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// Applied says what became of the commands of a frame.
type Applied struct {
	Done     int // carried out
	Dead     int // left out, because their entity no longer lived
	Missing  int // Set and Remove that were left out, because the component was not there
	Orphaned int // relations to a target that no longer lived: they got the zero entity
}

// Applied returns what became of the commands that were applied in the frame that the
// world is in or, between frames, in the last one.
func (fs *Frames) Applied() Applied { return fs.applier.Applied }

// Apply applies what was recorded so far, in the order of recording, with the commands of
// a fork where it was forked. End does it at the frame's end; in the middle of a frame it
// is for those who want the entities now, say from [Created.Entity]. What Ark's observers
// record meanwhile is applied, too, behind everything else. It returns the frame's sums.
//
// Apply waits for forks that run, whatever [framealloc.Config] says of those of frames,
// for nothing can be left of a list that is half recorded; it reports FA205 when that
// takes longer than a second. It panics with FA103 between frames, when a query keeps the
// world locked, when an observer calls it, and when Ark refuses a command, such as one that
// adds a relation component without a target. The command that was refused is dropped, and
// the others stay recorded. Mappers must be of this world: Ark does not say whose they are.
func (fs *Frames) Apply() Applied {
	c := &fs.commands
	if !fs.live() || fs.applier.running {
		panic(fs.cannotApply())
	}
	fs.forks.wait(fs)
	if c.list.first == nil {
		return fs.applier.Applied
	}
	fs.hold.release()
	defer fs.hold.take()
	if fs.world.IsLocked() {
		panic(fs.locked())
	}
	a := &fs.applier
	a.running = true
	defer a.finish(fs)
	a.drain(&c.list)
	a.current = nil
	c.clear()
	return a.Applied
}

func (fs *Frames) cannotApply() *diag.Error {
	d := diag.Diagnostic{
		Code: diag.FA103, Frame: fs.number, Worker: fs.worker.Name(), PC: diag.CallerPC(),
		Message: "entity commands were to be applied where the world is in no frame",
	}
	if fs.applier.running {
		d.Message = "entity commands were to be applied by a command, or an observer, while commands are applied"
		d.Help = "just record: it is applied behind what was recorded before"
	}
	return diag.NewError(d, nil)
}

func (fs *Frames) locked() *diag.Error {
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA103, Frame: fs.number, Worker: fs.worker.Name(), PC: diag.CallerPC(),
		Message: fmt.Sprintf("%d entity commands cannot be applied: a query keeps the world locked", fs.pending()),
		Help:    "run every query to its end, or close it (query.Close) where its loop is left early",
	}, nil)
}

// An applier carries out commands.
type applier struct {
	Applied   // in this frame, or the last one
	world     *ecs.World
	running   bool
	current   command // nil when it was carried out
	relations []ecs.Relation
}

// drain applies a list to its end, that which is recorded meanwhile included. A command
// leaves the list before its turn, so that none is applied twice where one panics; a
// fork, which may have others behind that one, when it is empty.
func (a *applier) drain(l *list) {
	for l.first != nil {
		a.current = l.first
		if s, ok := a.current.(*splice); ok {
			a.drain(&s.child.list)
			l.drop()
			continue
		}
		l.drop()
		a.current.apply(a)
	}
}

// finish is deferred. What Ark panics with says nothing about the command that it is about,
// which was recorded elsewhere; so it is made an error that does.
func (a *applier) finish(fs *Frames) {
	a.running = false
	if a.current == nil {
		return
	}
	defer func() { a.current = nil }()
	p := recover()
	if p == nil {
		return // runtime.Goexit
	}
	d := diag.Diagnostic{
		Code: diag.FA103, Frame: fs.number, Worker: fs.worker.Name(), PC: a.current.after().pc,
		Message: fmt.Sprintf("an entity command could not be carried out: %s: %v", a.current.describe(), p),
	}
	if d.PC == 0 {
		d.Note = "with framealloc.ModeDebug, this says where it was recorded"
	}
	cause, _ := p.(error)
	panic(diag.NewError(d, cause))
}

// alive returns the entity that a command is about, if it lives.
func (a *applier) alive(r ref) (ecs.Entity, bool) {
	e := r.resolve()
	if !a.world.Alive(e) {
		a.Dead++
		return e, false
	}
	return e, true
}

// target returns the target of a relation: the zero entity for one that does not live.
func (a *applier) target(r ref) ecs.Entity {
	e := r.resolve()
	if !e.IsZero() && !a.world.Alive(e) || r.made != nil && e.IsZero() {
		a.Orphaned++
		return ecs.Entity{}
	}
	return e
}

// targets returns relations as Ark wants them, good until it is called again.
func (a *applier) targets(list []Relation) []ecs.Relation {
	a.relations = a.relations[:0]
	for _, r := range list {
		a.relations = append(a.relations, ecs.RelIdx(r.index, a.target(r.target)))
	}
	return a.relations
}
