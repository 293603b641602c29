package arkframe_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
	"github.com/framealloc/framealloc/diag"
	"github.com/mlange-42/ark/ecs"
)

// Nothing happens before the frame's end, and then everything in the order of recording,
// a fork's commands where it was forked.
func TestCommandsAreAppliedInOrder(t *testing.T) {
	w, fs, diags := install(t)
	var got []string
	log := func(c *arkframe.Commands, s string) { c.Do(func(*ecs.World) { got = append(got, s) }) }
	applied := fs.Step(func(*framealloc.Frame) {
		c := fs.Commands()
		log(c, "a")
		one := c.Fork()
		log(c, "b")
		two := c.Fork()
		log(two, "two")
		inner := one.Fork()
		log(one, "one, after its fork")
		log(inner, "inner")
		log(c, "c")
		inner.Join()
		two.Join()
		one.Join()
		if got != nil || c.Pending() != 6 || w.IsLocked() {
			t.Errorf("%v happened, %d pending", got, c.Pending())
		}
	})
	if want := []string{"a", "inner", "one, after its fork", "b", "two", "c"}; !slices.Equal(got, want) || applied.Done != 6 {
		t.Errorf("%q, want %q", got, want)
	}
	diags.RequireNone()
}

// Scopes and rollbacks of the frame do not take commands, nor the values in them.
func TestCommandsSurviveScopes(t *testing.T) {
	w, fs, diags := install(t)
	names := ecs.NewMap[name](w)
	text := "kept"
	var made *arkframe.Created
	fs.Begin()
	f, c := fs.Frame(), fs.Commands()
	f.Sub(func(*framealloc.Frame) {
		made = arkframe.Create(c)
		arkframe.Add(c, names, made, name{&text})
	})
	before := f.Checkpoint()
	for range 100 {
		arkframe.Add(c, names, arkframe.Create(c), name{&text})
	}
	f.Rollback(before)
	for range 1000 {
		framealloc.New[name](f).Text = nil
		framealloc.New[[4]uint64](f)[0] = ^uint64(0)
	}
	fs.Apply()
	if n := names.Get(made.Entity()); n == nil || *n.Text != "kept" {
		t.Errorf("%v", n)
	}
	if got := fs.End(); got.Done != 202 {
		t.Errorf("%+v", got)
	}
	diags.RequireNone()
}

// Apply in the middle of a frame: what comes after it waits for the next.
func TestApplyInAFrame(t *testing.T) {
	w, fs, _ := install(t)
	fs.Begin()
	made := arkframe.Create(fs.Commands())
	if !made.Entity().IsZero() {
		t.Error("created at once")
	}
	if got := fs.Apply(); got.Done != 1 || !w.Alive(made.Entity()) {
		t.Errorf("%+v", got)
	}
	arkframe.RemoveEntity(fs.Commands(), made)
	arkframe.RemoveEntity(fs.Commands(), made.Entity())
	if !w.Alive(made.Entity()) {
		t.Error("removed at once")
	}
	if got := fs.End(); got != (arkframe.Applied{Done: 2, Dead: 1}) || fs.Applied() != got || w.Alive(made.Entity()) {
		t.Errorf("%+v", got)
	}
}

// Observers see values, and may record: that is applied behind everything else.
func TestObservers(t *testing.T) {
	w, fs, _ := install(t)
	m := ecs.NewMap2[pos, vel](w)
	poss, ice := ecs.NewMap[pos](w), ecs.NewMap[frozen](w)
	var events []string
	ecs.Observe(ecs.OnCreateEntity).For(ecs.C[pos]()).Do(func(e ecs.Entity) {
		if poss.Get(e).X != 7 {
			t.Errorf("observed %v", poss.Get(e))
		}
		events = append(events, "created")
		arkframe.Add(fs.Commands(), ice, e, frozen{})
	}).Register(w)
	ecs.Observe(ecs.OnSetComponents).For(ecs.C[pos]()).Do(func(ecs.Entity) { events = append(events, "set") }).Register(w)
	ecs.Observe(ecs.OnAddComponents).For(ecs.C[frozen]()).Do(func(ecs.Entity) {
		events = append(events, "frozen")
		requirePanic(t, diag.FA103, func() { fs.Apply() })
	}).Register(w)
	ecs.Observe(ecs.OnRemoveEntity).Do(func(e ecs.Entity) {
		events = append(events, "removed")
		fs.Commands().Do(func(*ecs.World) { events = append(events, "after removal") })
	}).Register(w)
	got := fs.Step(func(*framealloc.Frame) {
		e := arkframe.Create2(fs.Commands(), m, pos{X: 7}, vel{})
		arkframe.Add(fs.Commands(), poss, e, pos{X: 8})
		arkframe.RemoveEntity(fs.Commands(), arkframe.Create(fs.Commands()))
	})
	if want := []string{"created", "set", "removed", "frozen", "after removal"}; !slices.Equal(events, want) || got.Done != 6 {
		t.Errorf("%q, want %q; %+v", events, want, got)
	}
}

// A command that Ark refuses is named, with its place in debug mode, and the others can
// still be applied: also those behind it in a fork.
func TestRefusedCommand(t *testing.T) {
	for _, debug := range []bool{false, true} {
		w, fs, _ := install(t, arkframe.WithConfig(framealloc.Config{Debug: debug}))
		parents := ecs.NewMap[childOf](w)
		fs.Begin()
		child := fs.Commands().Fork()
		e := arkframe.Create(child)
		arkframe.Add(child, parents, e, childOf{}) // needs a target
		arkframe.Create(child)
		child.Join()
		arkframe.Create(fs.Commands())
		err := requirePanic(t, diag.FA103, func() { fs.End() })
		if !strings.Contains(err.Message, "Add arkframe_test.childOf, entity") || !strings.Contains(err.Message, "relation targets must be fully specified") {
			t.Error(err)
		}
		if here := strings.HasPrefix(err.Caller, "arkframe/commands_test.go:"); here != debug {
			t.Errorf("with debug %v, recorded at %q", debug, err.Caller)
		}
		if got := fs.End(); got.Done != 3 || w.Stats().Entities.Used != 3 {
			t.Errorf("%+v after the refused one", got)
		}
	}
}

// What a command says about itself when it fails.
func TestRefusedCommandsAreDescribed(t *testing.T) {
	w, fs, _ := install(t)
	e := w.NewEntity()
	fail := func(record func(c *arkframe.Commands)) string {
		return requirePanic(t, diag.FA103, func() {
			fs.Step(func(*framealloc.Frame) { record(fs.Commands()) })
		}).Message
	}
	for want, record := range map[string]func(*arkframe.Commands){
		"Create2 arkframe_test.pos arkframe_test.childOf: ": func(c *arkframe.Commands) {
			arkframe.Create2(c, ecs.NewMap2[pos, childOf](w), pos{}, childOf{})
		},
		"Create1 arkframe_test.pos: ": func(c *arkframe.Commands) {
			arkframe.Create1(c, ecs.NewMap1[pos](w), pos{}, arkframe.Rel(0, e))
		},
		"Relate arkframe_test.pos, entity 2 (generation 0): ": func(c *arkframe.Commands) {
			arkframe.Relate(c, ecs.NewMap[pos](w), e, pos{}, e)
		},
		"Do: oops": func(c *arkframe.Commands) { c.Do(func(*ecs.World) { panic("oops") }) },
	} {
		if got := fail(record); !strings.Contains(got, "could not be carried out: "+want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// With every debug mode on, nothing that the library keeps is seen after its frame.
func TestDebugModes(t *testing.T) {
	w, fs, diags := install(t)
	fs.Allocator().SetModes(framealloc.ModeDebug | framealloc.ModePoison | framealloc.ModeGuard | framealloc.ModeEscape)
	s := newBusy(w, fs)
	for range 12 {
		fs.Step(s.step)
	}
	if got := fs.Applied(); got.Done != 261 {
		t.Errorf("%+v", got)
	}
	diags.RequireNone()
}
