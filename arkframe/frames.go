package arkframe

import (
	"errors"
	"fmt"
	"iter"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// Frames is an Ark world's frames, and its resource: a system finds it with [Of],
// or with ecs.NewResource[arkframe.Frames](world). [Install] makes one.
//
// A turn of the world is one frame: it begins before the first system and ends
// after the last one, when the commands that were recorded in it have been applied.
// Who lists systems puts [BeginFrame] and [EndFrame] around them; who writes the
// loop calls [Frames.Step], ranges over [Frames.Loop], or calls Begin and End.
//
// Frames belongs to the goroutine that owns its worker and runs the world.
type Frames struct {
	world     *ecs.World
	self      ecs.Resource[Frames]
	alloc     ecs.Resource[framealloc.Allocator]
	worker    *framealloc.Worker
	recorder  *framealloc.Worker // whose frames hold the commands
	closes    bool               // closes the allocator, which is its own
	offers    bool               // made the allocator a resource
	bySystems bool               // installed by BeginFrame, closed by EndFrame

	frame    *framealloc.Frame // nil between frames
	number   uint64            // of the frame
	borrowed bool              // somebody else begins and ends it
	commands Commands
	forks    forkCount
	applier  applier
	hold     hold
}

// An Option changes what [Install] makes.
type Option func(*options)

type options struct {
	config framealloc.Config
	worker *framealloc.Worker
	locked bool
}

// WithConfig configures the allocator that Install makes. It has no effect together
// with [WithAllocator] and [WithWorker].
func WithConfig(c framealloc.Config) Option { return func(o *options) { o.config = c } }

// WithAllocator has the frames begun on the main worker of a, which Close then
// leaves open.
func WithAllocator(a *framealloc.Allocator) Option { return WithWorker(a.Main()) }

// WithWorker has the frames begun on w: each of several worlds that run at a time,
// on goroutines of their own, has a worker. Close leaves w open.
func WithWorker(w *framealloc.Worker) Option { return func(o *options) { o.worker = w } }

// WithLockedWorld keeps the world locked from the beginning of each frame to its end,
// except while commands are applied. Creating or removing entities and components
// directly then panics, with Ark's words, so that the pointers that [Rows2] and
// [Tables2] return are good until commands are applied. So does the first mention of a
// component type: make filters and mappers before.
func WithLockedWorld() Option { return func(o *options) { o.locked = true } }

// Install gives a world frames: it makes a [Frames], adds it to the world as a
// resource, and its allocator as another unless the world has one. It panics, with
// Ark's words, if the world has a Frames already.
func Install(w *ecs.World, opts ...Option) *Frames {
	var o options
	for _, set := range opts {
		set(&o)
	}
	fs := &Frames{world: w, self: ecs.NewResource[Frames](w), alloc: ecs.NewResource[framealloc.Allocator](w), worker: o.worker}
	if fs.worker == nil {
		fs.worker, fs.closes = framealloc.NewAllocator(o.config).Main(), true
	}
	fs.self.Add(fs)
	fs.offer()
	fs.recorder = fs.worker.Allocator().NewWorker(fs.worker.Name() + " commands")
	fs.commands.frames = fs
	fs.applier.world = w
	if o.locked {
		fs.hold.filter = ecs.NewFilter0(w)
	}
	return fs
}

// offer makes the allocator a resource, too, for systems that know nothing of this
// package.
func (fs *Frames) offer() {
	if !fs.alloc.Has() {
		fs.alloc.Add(fs.Allocator())
		fs.offers = true
	}
}

// Of returns the world's frames. It panics with FA101 if it has none.
func Of(w *ecs.World) *Frames {
	fs := ecs.GetResource[Frames](w)
	if fs == nil {
		panic(diag.NewError(diag.Diagnostic{
			Code: diag.FA101, PC: diag.CallerPC(),
			Message: "the Ark world has no frames",
			Help:    "call arkframe.Install(world) before systems are initialized, or put an &arkframe.BeginFrame{} before all other systems",
		}, nil))
	}
	return fs
}

// Frame returns the frame that the world is in. It is short for Of(w).Frame(), and
// panics as those do. Of goes through a map: systems keep what it returns.
func Frame(w *ecs.World) *framealloc.Frame { return Of(w).Frame() }

// World returns the world.
func (fs *Frames) World() *ecs.World { return fs.world }

// Allocator returns the allocator that the frames are taken from.
func (fs *Frames) Allocator() *framealloc.Allocator { return fs.worker.Allocator() }

// Worker returns the worker on which the frames are begun.
func (fs *Frames) Worker() *framealloc.Worker { return fs.worker }

// Recorder returns the worker whose frames hold the recorded commands: its figures
// and its budget are theirs. Its name is that of Worker with " commands" behind it. In
// programs that give their workers budgets it wants one, too (FA203).
func (fs *Frames) Recorder() *framealloc.Worker { return fs.recorder }

// Frame returns the frame that the world is in. It panics with FA102 between
// frames.
func (fs *Frames) Frame() *framealloc.Frame {
	if !fs.live() {
		panic(fs.outside("arkframe was asked for the frame"))
	}
	return fs.frame
}

// Active reports whether the world is in a frame.
func (fs *Frames) Active() bool { return fs.live() }

// live reports whether a frame was begun and nobody ended it past this package.
func (fs *Frames) live() bool {
	return fs.frame != nil && fs.frame.Active() && fs.frame.Number() == fs.number
}

// outside says that there is no frame to do something in.
func (fs *Frames) outside(what string) *diag.Error {
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA102, Severity: diag.SeverityError, Worker: fs.worker.Name(), PC: diag.CallerPC(),
		Message: what + " where the world is in none",
		Help:    "use it between the systems BeginFrame and EndFrame, within Step or Loop, or between Begin and End",
	}, nil)
}

// Begin begins the world's next frame on the worker. It panics with FA002 when one
// is active.
func (fs *Frames) Begin() *framealloc.Frame {
	fs.mustBeOpen()
	fs.abandoned()
	fs.enter(fs.worker.BeginFrame(), false)
	return fs.frame
}

// Enter has the world's next frame be f, which somebody else has begun and will end:
// the tick frame of ebitenframe, for one. End, then, applies the commands and leaves
// f open. It panics with FA001 when f is not active, and with FA002 when the world is
// in a frame.
func (fs *Frames) Enter(f *framealloc.Frame) {
	fs.mustBeOpen()
	fs.abandoned()
	if fs.frame != nil || !f.Active() {
		d := diag.Diagnostic{Code: diag.FA001, Worker: f.Worker().Name(), Frame: f.Number(), PC: diag.CallerPC(),
			Message: "an Ark world was to enter a frame that is not active"}
		if fs.frame != nil {
			d.Code, d.Message = diag.FA002, fmt.Sprintf("an Ark world was to enter a frame while it is in frame %d of worker %q", fs.number, fs.worker.Name())
		}
		panic(diag.NewError(d, nil))
	}
	fs.enter(f, true)
}

func (fs *Frames) enter(f *framealloc.Frame, borrowed bool) {
	if !fs.self.Has() { // the world was reset
		fs.self.Add(fs)
		fs.offer()
	}
	fs.frame, fs.number, fs.borrowed = f, f.Number(), borrowed
	fs.applier.Applied = Applied{}
	fs.commands.frame = f
	fs.commands.traced = fs.Allocator().Modes()&framealloc.ModeDebug != 0
	fs.hold.take()
}

// mustBeOpen panics after Close.
func (fs *Frames) mustBeOpen() {
	if fs.recorder == nil {
		panic(diag.NewError(diag.Diagnostic{
			Code: diag.FA101, Worker: fs.worker.Name(), PC: diag.CallerPC(),
			Message: "a frame was begun for an Ark world whose frames are closed",
			Help:    "call Close after the last frame, and Install for new ones",
		}, nil))
	}
}

// abandoned notices a frame that was ended past this package, and lets go of it.
func (fs *Frames) abandoned() {
	if fs.frame != nil && !fs.live() {
		fs.giveUp("was ended past arkframe", "end it with the EndFrame system or with frames.End(), and not with the allocator's EndFrame")
	}
}

// giveUp ends a frame that its owner has not ended as it should, and says so.
func (fs *Frames) giveUp(why, help string) {
	d := diag.Diagnostic{
		Code: diag.FA102, Frame: fs.number, Worker: fs.worker.Name(), PC: diag.CallerPC(),
		Message: fmt.Sprintf("frame %d, in which the Ark world was, %s", fs.number, why),
		Help:    help,
	}
	if n := fs.pending(); n > 0 {
		d.Code = diag.FA103
		d.Message += fmt.Sprintf("; the %d entity commands recorded in it are dropped", n)
	}
	fs.close()
	fs.Allocator().Reporter().Report(d)
}

// pending waits for forks and counts what they and the root have recorded.
func (fs *Frames) pending() int {
	fs.forks.wait(fs)
	return fs.commands.Pending()
}

// End applies the recorded commands and ends the frame that Begin began; one that was
// entered stays open. It returns what became of the frame's commands.
//
// It panics as [Frames.Apply] does, and with FA102 between frames; the frame then
// stays active.
func (fs *Frames) End() Applied {
	if !fs.live() {
		if fs.frame == nil {
			panic(fs.outside("a frame was to be ended"))
		}
		fs.abandoned()
		return fs.applier.Applied
	}
	fs.Apply()
	fs.close()
	return fs.applier.Applied
}

// Drop ends the frame as End does, but drops the recorded commands instead of
// applying them: for a turn that failed. Between frames it does nothing.
func (fs *Frames) Drop() {
	if fs.frame != nil {
		fs.close()
	}
}

// Discard drops the commands that are recorded and not applied; the frame goes on. Call it
// before [ecs.World.Reset], after which Ark cannot tell the entities of old commands from
// new ones. It waits for forks that run.
func (fs *Frames) Discard() {
	fs.forks.wait(fs)
	fs.commands.clear()
}

// close lets go of the frame and ends it, if it is still there and ours to end.
func (fs *Frames) close() {
	ends := fs.live() && !fs.borrowed
	fs.leave()
	if ends {
		fs.worker.EndFrame()
	}
}

// leave takes the world out of the frame. Commands not applied are gone.
func (fs *Frames) leave() {
	fs.hold.release()
	fs.forks.wait(fs)
	fs.commands.clear()
	fs.commands.frame, fs.commands.mem = nil, nil
	if fs.recorder.ActiveFrame() != nil {
		fs.recorder.EndFrame()
	}
	fs.frame = nil
}

// Step runs fn in a frame: the body of a loop that one writes oneself. It applies the
// commands that fn recorded, and returns what became of them. When fn panics, they are
// dropped, and the frame is ended all the same.
func (fs *Frames) Step(fn func(*framealloc.Frame)) Applied {
	fs.Begin()
	defer fs.unlessEnded(fs.frame, fs.number)
	fn(fs.frame)
	return fs.finish()
}

// Within is Step in a frame that somebody else has begun and will end. See
// [Frames.Enter].
func (fs *Frames) Within(f *framealloc.Frame, fn func(*framealloc.Frame)) Applied {
	fs.Enter(f)
	defer fs.unlessEnded(f, fs.number)
	fn(f)
	return fs.finish()
}

// finish ends the frame unless that was done already.
func (fs *Frames) finish() Applied {
	if fs.frame != nil {
		return fs.End()
	}
	return fs.applier.Applied
}

// unlessEnded is deferred: it ends the frame of a turn that panicked.
func (fs *Frames) unlessEnded(f *framealloc.Frame, number uint64) {
	if fs.frame == f && fs.number == number {
		fs.Drop()
	}
}

// Loop returns an endless sequence of frames. Each ends, and its commands are applied,
// when the body of the loop has run, also when that breaks out or returns:
//
//	for frame := range frames.Loop() {
//		for _, s := range systems {
//			s.Update(world)
//		}
//		if over {
//			break
//		}
//	}
//
// When the body panics, the frame is ended and its commands are dropped.
func (fs *Frames) Loop() iter.Seq[*framealloc.Frame] {
	return func(yield func(*framealloc.Frame) bool) {
		for fs.turn(yield) {
		}
	}
}

func (fs *Frames) turn(yield func(*framealloc.Frame) bool) (more bool) {
	fs.Begin()
	defer fs.unlessEnded(fs.frame, fs.number)
	more = yield(fs.frame)
	fs.finish()
	return more
}

// Close takes the resources out of the world and closes what Install made. A frame
// that the world is in is ended without its commands, and reported by an error that
// matches diag.FA002. Closing twice does nothing.
func (fs *Frames) Close() error {
	if fs.recorder == nil {
		return nil
	}
	var unended error
	if fs.frame != nil {
		unended = diag.NewError(diag.Diagnostic{
			Code: diag.FA002, Frame: fs.number, Worker: fs.worker.Name(), PC: diag.CallerPC(),
			Message: fmt.Sprintf("an Ark world's frames were closed in frame %d, with %d entity commands recorded", fs.number, fs.pending()),
			Help:    "call End before Close",
		}, nil)
		fs.close()
	}
	if fs.self.Get() == fs {
		fs.self.Remove()
	}
	if fs.offers && fs.alloc.Get() == fs.Allocator() {
		fs.alloc.Remove()
	}
	err := fs.recorder.Close()
	fs.recorder = nil
	if fs.closes {
		err = errors.Join(err, fs.Allocator().Close())
	}
	return errors.Join(unended, err)
}

// A hold keeps the world locked, if that is wanted: an open query does.
type hold struct {
	filter *ecs.Filter0 // nil: not wanted
	query  ecs.Query0
	taken  bool
}

func (h *hold) take() {
	if h.filter != nil {
		h.query, h.taken = h.filter.Query(), true
	}
}

func (h *hold) release() {
	if h.taken {
		h.query.Close()
		h.taken = false
	}
}
