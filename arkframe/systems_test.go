package arkframe_test

import (
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// An app runs systems as ark-tools does: each phase for all systems in order.
type app struct {
	world   *ecs.World
	systems []arkframe.System
}

func (a *app) all(call func(s arkframe.System, w *ecs.World)) {
	for _, s := range a.systems {
		call(s, a.world)
	}
}

// spawner is a system that creates an entity an update.
type spawner struct {
	frames *arkframe.Frames
	seen   []uint64 // frames
}

func (s *spawner) Initialize(w *ecs.World) { s.frames = arkframe.Of(w) }
func (s *spawner) Update(w *ecs.World) {
	s.seen = append(s.seen, arkframe.Frame(w).Number())
	arkframe.Create(s.frames.Commands())
}
func (s *spawner) Finalize(w *ecs.World) { arkframe.Of(w) }

func TestSystems(t *testing.T) {
	diags := diag.NewCollector(t)
	s := new(spawner)
	a := app{ecs.NewWorld(), []arkframe.System{
		&arkframe.BeginFrame{Options: []arkframe.Option{arkframe.WithConfig(framealloc.Config{Reporter: diags.Reporter()})}},
		s, &arkframe.EndFrame{},
	}}
	a.all(arkframe.System.Initialize)
	for i := range 3 {
		a.all(arkframe.System.Update)
		if n := a.world.Stats().Entities.Used; n != i+1 || s.seen[i] != uint64(i+1) {
			t.Errorf("%d entities after update %d, in frame %d", n, i, s.seen[i])
		}
	}
	alloc := s.frames.Allocator()
	a.all(arkframe.System.Finalize)
	requirePanic(t, diag.FA101, func() { arkframe.Of(a.world) })
	requirePanic(t, diag.FA207, func() { alloc.NewWorker("late") })
	diags.RequireNone()
}

// Frames that were installed by hand stay open when systems are finalized.
func TestSystemsOnInstalledFrames(t *testing.T) {
	w, fs, diags := install(t)
	a := app{w, []arkframe.System{new(arkframe.BeginFrame), new(spawner), new(arkframe.EndFrame)}}
	a.all(arkframe.System.Initialize)
	a.all(arkframe.System.Update)
	a.all(arkframe.System.Finalize)
	if arkframe.Of(w) != fs || fs.Applied().Done != 1 {
		t.Error("other frames")
	}
	fs.Step(func(*framealloc.Frame) {})
	diags.RequireNone()
}

// In another adapter's frame.
func TestSystemsInAFrameOfOthers(t *testing.T) {
	w, fs, diags := install(t)
	var tick *framealloc.Frame
	a := app{w, []arkframe.System{&arkframe.BeginFrame{In: func() *framealloc.Frame { return tick }}, new(spawner), new(arkframe.EndFrame)}}
	a.all(arkframe.System.Initialize)
	worker := fs.Worker()
	for range 3 {
		tick = worker.BeginFrame()
		a.all(arkframe.System.Update)
		if !tick.Active() || fs.Active() || fs.Applied().Done != 1 {
			t.Error("not applied, or ended")
		}
		worker.EndFrame()
	}
	a.all(arkframe.System.Finalize)
	diags.RequireNone()
}

func TestMissingSystems(t *testing.T) {
	// No EndFrame: each Update ends the frame before, and drops its commands.
	w, fs, diags := install(t)
	s := new(spawner)
	a := app{w, []arkframe.System{new(arkframe.BeginFrame), s}}
	a.all(arkframe.System.Initialize)
	for range 3 {
		a.all(arkframe.System.Update)
	}
	fs.Drop()
	if len(diags.Of(diag.FA103)) != 2 || s.seen[2] != 3 || w.Stats().Entities.Used != 0 {
		t.Errorf("%v", diags.Diagnostics())
	}
	diags.Require(diag.FA103)

	// The same without commands.
	w, fs, diags = install(t)
	a = app{w, []arkframe.System{new(arkframe.BeginFrame)}}
	a.all(arkframe.System.Initialize)
	a.all(arkframe.System.Update)
	a.all(arkframe.System.Update)
	fs.Drop()
	diags.Require(diag.FA102)

	// No BeginFrame.
	w, _, diags = install(t)
	a = app{w, []arkframe.System{new(arkframe.EndFrame)}}
	a.all(arkframe.System.Initialize)
	a.all(arkframe.System.Update)
	diags.Require(diag.FA102)
	requirePanic(t, diag.FA101, func() { new(arkframe.EndFrame).Initialize(ecs.NewWorld()) })

	// Finalized in the middle of an update.
	w, fs, diags = install(t)
	a = app{w, []arkframe.System{new(arkframe.BeginFrame), new(spawner), new(arkframe.EndFrame)}}
	a.all(arkframe.System.Initialize)
	a.systems[0].Update(w)
	a.systems[1].Update(w)
	a.all(arkframe.System.Finalize)
	if fs.Active() || w.Stats().Entities.Used != 0 {
		t.Error("still in the frame")
	}
	diags.Require(diag.FA103)
}
