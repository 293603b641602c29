package arkframe_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

func TestInstall(t *testing.T) {
	w := ecs.NewWorld()
	requirePanic(t, diag.FA101, func() { arkframe.Of(w) })
	fs := arkframe.Install(w)
	if arkframe.Of(w) != fs || fs.World() != w || ecs.GetResource[framealloc.Allocator](w) != fs.Allocator() {
		t.Error("resources")
	}
	if panicked(func() { arkframe.Install(w) }) == nil {
		t.Error("installed twice")
	}
	requirePanic(t, diag.FA102, func() { arkframe.Frame(w) })
	fs.Begin()
	if arkframe.Frame(w) != fs.Worker().ActiveFrame() || !fs.Active() {
		t.Error("frame")
	}
	fs.End()
	if err := errors.Join(fs.Close(), fs.Close()); err != nil {
		t.Error(err)
	}
	requirePanic(t, diag.FA101, func() { arkframe.Of(w) })
	requirePanic(t, diag.FA101, func() { fs.Begin() })
	if ecs.GetResource[framealloc.Allocator](w) != nil {
		t.Error("the allocator is still a resource")
	}
	requirePanic(t, diag.FA207, func() { fs.Allocator().NewWorker("late") }) // closed with the frames
}

// An allocator and a worker of one's own are used and left alone.
func TestInstallOnAWorker(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	worker := alloc.NewWorker("simulation")
	w := ecs.NewWorld()
	ecs.AddResource(w, alloc)
	fs := arkframe.Install(w, arkframe.WithWorker(worker))
	fs.Step(func(f *framealloc.Frame) {
		if f.Worker() != worker {
			t.Errorf("frame of %q", f.Worker().Name())
		}
		fs.Commands().Do(func(*ecs.World) {})
	})
	if fs.Recorder().Name() != "simulation commands" || fs.Recorder().Stats().Frames != 1 {
		t.Errorf("commands were recorded with %+v", fs.Recorder().Stats())
	}
	if err := fs.Close(); err != nil {
		t.Error(err)
	}
	if ecs.GetResource[framealloc.Allocator](w) != alloc || alloc.Worker("simulation") != worker || alloc.Worker("simulation commands") != nil {
		t.Error("closed too much, or too little")
	}
	if err := errors.Join(worker.Close(), alloc.Close()); err != nil {
		t.Error(err)
	}

	w = ecs.NewWorld()
	alloc = framealloc.NewAllocator(framealloc.Config{})
	fs = arkframe.Install(w, arkframe.WithAllocator(alloc))
	if fs.Worker() != alloc.Main() {
		t.Error("not the main worker")
	}
	if err := errors.Join(fs.Close(), alloc.Close()); err != nil {
		t.Error(err)
	}
}

// A world that is reset gets its resources back with the next frame.
func TestResetWorld(t *testing.T) {
	w, fs, diags := install(t)
	fs.Begin()
	arkframe.Create(fs.Commands())
	fs.Discard()
	w.Reset()
	fs.End()
	requirePanic(t, diag.FA101, func() { arkframe.Of(w) })
	fs.Step(func(*framealloc.Frame) {
		if arkframe.Of(w) != fs || ecs.GetResource[framealloc.Allocator](w) != fs.Allocator() {
			t.Error("resources")
		}
		arkframe.Create(fs.Commands())
	})
	if n := w.Stats().Entities.Used; n != 1 {
		t.Errorf("%d entities, want the 1 created after the reset", n)
	}
	diags.RequireNone()
}

func TestLoop(t *testing.T) {
	w, fs, diags := install(t)
	var numbers []uint64
	for f := range fs.Loop() {
		numbers = append(numbers, f.Number())
		arkframe.Create(fs.Commands())
		if len(numbers) == 3 {
			break
		}
	}
	if len(numbers) != 3 || numbers[0] != 1 || numbers[2] != 3 || fs.Active() {
		t.Errorf("frames %v", numbers)
	}
	func() {
		for range fs.Loop() {
			arkframe.Create(fs.Commands())
			return
		}
	}()
	if n := w.Stats().Entities.Used; n != 4 {
		t.Errorf("%d entities, want one of each of 4 frames, also the last", n)
	}
	diags.RequireNone()
}

// A turn that panics leaves no frame open, and no commands.
func TestPanickingTurn(t *testing.T) {
	w, fs, diags := install(t, arkframe.WithLockedWorld())
	oops := errors.New("oops")
	turns := map[string]func(){
		"Step": func() {
			fs.Step(func(*framealloc.Frame) { arkframe.Create(fs.Commands()); panic(oops) })
		},
		"Loop": func() {
			for range fs.Loop() {
				arkframe.Create(fs.Commands())
				panic(oops)
			}
		},
		"Within": func() {
			fs.Worker().Frame(func(f *framealloc.Frame) {
				fs.Within(f, func(*framealloc.Frame) { arkframe.Create(fs.Commands()); panic(oops) })
			})
		},
		"in a command": func() {
			fs.Step(func(*framealloc.Frame) {
				fs.Commands().Do(func(*ecs.World) { panic(oops) })
				arkframe.Create(fs.Commands())
			})
		},
	}
	for what, turn := range turns {
		if p, _ := panicked(turn).(error); !errors.Is(p, oops) {
			t.Errorf("%s: panicked with %v", what, p)
		}
		if fs.Active() || w.IsLocked() || fs.Commands().Pending() != 0 || fs.Recorder().ActiveFrame() != nil {
			t.Errorf("%s: left something behind", what)
		}
		if got := fs.Step(func(*framealloc.Frame) {}); got != (arkframe.Applied{}) {
			t.Errorf("%s: %+v applied in the next turn", what, got)
		}
	}
	if n := w.Stats().Entities.Used; n != 0 {
		t.Errorf("%d entities of turns that panicked", n)
	}
	diags.RequireNone()
}

// Within a frame of somebody else's, commands are applied and the frame stays open.
func TestWithin(t *testing.T) {
	w, fs, diags := install(t)
	other := fs.Allocator().NewWorker("tick")
	defer other.Close()
	tick := other.BeginFrame()
	got := fs.Within(tick, func(f *framealloc.Frame) {
		if f != tick || fs.Frame() != tick || fs.Commands().Frame() != tick {
			t.Error("another frame")
		}
		requirePanic(t, diag.FA002, func() { fs.Enter(tick) })
		arkframe.Create(fs.Commands())
	})
	if got.Done != 1 || w.Stats().Entities.Used != 1 || !tick.Active() || fs.Active() {
		t.Errorf("%+v", got)
	}
	other.EndFrame()
	requirePanic(t, diag.FA001, func() { fs.Enter(tick) })
	diags.RequireNone()
}

// A locked world refuses direct changes from Begin to End, applies commands, and is
// unlocked between frames.
func TestLockedWorld(t *testing.T) {
	w, fs, diags := install(t, arkframe.WithLockedWorld())
	for range 200 { // more often than there are locks
		e := w.NewEntity()
		fs.Begin()
		if panicked(func() { w.RemoveEntity(e) }) == nil {
			t.Fatal("an entity was removed")
		}
		arkframe.RemoveEntity(fs.Commands(), e)
		if fs.Apply(); w.Alive(e) || !w.IsLocked() {
			t.Fatal("not applied, or not locked again")
		}
		fs.End()
	}
	fs.Begin()
	fs.Drop()
	if w.IsLocked() {
		t.Error("locked after Drop")
	}
	diags.RequireNone()
}

// Who ends the frame past arkframe is told, also how many commands that cost.
func TestFrameEndedByOthers(t *testing.T) {
	end := map[string]func(fs *arkframe.Frames){
		"ended":                 func(fs *arkframe.Frames) { fs.Worker().EndFrame() },
		"ended and begun again": func(fs *arkframe.Frames) { fs.Worker().EndFrame(); fs.Worker().BeginFrame() },
	}
	for what, end := range end {
		for commands, code := range map[int]diag.Code{0: diag.FA102, 2: diag.FA103} {
			w, fs, diags := install(t, arkframe.WithLockedWorld())
			fs.Begin()
			if commands > 0 {
				arkframe.Create(fs.Commands())
				child := fs.Commands().Fork()
				arkframe.Create(child)
				child.Join()
			}
			end(fs)
			requirePanic(t, diag.FA103, func() { arkframe.Create(fs.Commands()) })
			requirePanic(t, diag.FA102, func() { fs.Frame() })
			requirePanic(t, diag.FA103, func() { fs.Apply() })
			got := fs.End()
			diags.Require(code)
			d := diags.Diagnostics()[0]
			if got.Done != 0 || w.Stats().Entities.Used != 0 || w.IsLocked() || d.Frame != 1 || strings.Contains(d.Message, "2 entity commands") != (commands > 0) {
				t.Errorf("%s: %+v, %v", what, got, d)
			}
			if fs.Worker().ActiveFrame() != nil {
				fs.Worker().EndFrame()
			}
			fs.Begin() // as if nothing had happened
			arkframe.Create(fs.Commands())
			if got := fs.End(); got.Done != 1 {
				t.Errorf("%s: %+v", what, got)
			}
			diags.Require(code)
		}
	}
}

// So is a frame of somebody else's that ends while the world is in it.
func TestEnteredFrameEndedEarly(t *testing.T) {
	w, fs, diags := install(t)
	other := fs.Allocator().NewWorker("tick")
	defer other.Close()
	fs.Enter(other.BeginFrame())
	arkframe.Create(fs.Commands())
	other.EndFrame()
	if got := fs.End(); got.Done != 0 || w.Stats().Entities.Used != 0 || fs.Active() {
		t.Errorf("%+v", got)
	}
	diags.Require(diag.FA103)
}

func TestMisuse(t *testing.T) {
	w, fs, diags := install(t)
	requirePanic(t, diag.FA102, func() { fs.End() })
	requirePanic(t, diag.FA102, func() { fs.Commands().Frame() })
	requirePanic(t, diag.FA103, func() { fs.Apply() })
	e := requirePanic(t, diag.FA103, func() { arkframe.RemoveEntity(fs.Commands(), ecs.Entity{}) })
	if !strings.Contains(e.Error(), "frames_test.go") {
		t.Errorf("%v has no place", e)
	}
	fs.Drop() // does nothing
	fs.Begin()
	requirePanic(t, diag.FA002, func() { fs.Begin() })

	// A query that was left open.
	q := ecs.NewFilter0(w).Query()
	if got := fs.Apply(); got.Done != 0 { // nothing to apply: no harm
		t.Errorf("%+v", got)
	}
	arkframe.Create(fs.Commands())
	requirePanic(t, diag.FA103, func() { fs.End() })
	q.Close()
	if got := fs.End(); got.Done != 1 {
		t.Errorf("%+v after the query was closed", got)
	}
	diags.RequireNone()
}

func TestCloseInAFrame(t *testing.T) {
	w := ecs.NewWorld()
	fs := arkframe.Install(w, arkframe.WithLockedWorld())
	fs.Begin()
	arkframe.Create(fs.Commands())
	if err := fs.Close(); !errors.Is(err, diag.FA002) || !strings.Contains(err.Error(), "1 entity commands") {
		t.Errorf("closed with %v", err)
	}
	if w.IsLocked() || w.Stats().Entities.Used != 0 {
		t.Error("left something behind")
	}
}
