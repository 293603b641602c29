package framealloc

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestScratchPersistsAcrossFrames(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	s := a.Scratch("nav")
	if a.Scratch("nav") != s || s.Name() != "nav" {
		t.Error("a second scratch of the same name")
	}
	var nodes []*linked
	for i := range 300 {
		a.Frame(func(f *Frame) {
			Slice[linked](f, 20)
			nodes = append(nodes, NewValue(s.Frame(), linked{name: fmt.Sprint(i)}))
		})
		if i%100 == 0 {
			runtime.GC()
		}
	}
	for i, n := range nodes {
		if n.name != fmt.Sprint(i) {
			t.Fatalf("node %d is %q", i, n.name)
		}
	}
	if st := s.Stats(); st.Allocations != 300 || st.Used != 300*sizeOfLinked || st.Capacity < st.Used || st.Resets != 0 {
		t.Errorf("Stats() = %+v", st)
	}
	s.Reset()
	if st := s.Stats(); st.Used != 0 || st.Allocations != 0 || st.HighWater != 300*sizeOfLinked || st.Resets != 1 {
		t.Errorf("Stats() after Reset = %+v", st)
	}
	if p := New[linked](s.Frame()); *p != (linked{}) {
		t.Error("a reset scratch hands out dirty memory")
	}
	a.Scratch("other")
	New[plain](a.Scratch("other").Frame())
	a.ResetScratch()
	for _, s := range a.Main().Scratches() {
		if s.Stats().Used != 0 {
			t.Errorf("%s is not empty", s.Name())
		}
	}
	s.Free()
	s.Free()
	s.Reset()
	if again := a.Scratch("nav"); again == s || again.Frame() == nil {
		t.Error("a freed scratch is handed out again")
	}
}

func TestScratchSteadyState(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	s := a.Scratch("job")
	job := func() {
		for range 100 {
			New[linked](s.Frame())
			New[plain](s.Frame())
		}
		s.Reset()
	}
	for range 4 {
		job()
	}
	if n := testing.AllocsPerRun(50, job); n != 0 {
		t.Errorf("%v heap allocations a job, want 0", n)
	}
}

func TestScratchLimit(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	s := a.Scratch("small")
	s.SetLimit(96, Fail)
	New[plain](s.Frame())
	New[plain](s.Frame())
	New[plain](s.Frame())
	if _, err := TryNew[plain](s.Frame()); !errors.Is(err, diag.FA003) {
		t.Errorf("over the limit: %v", err)
	}
	s.Reset()
	New[plain](s.Frame())
	s.SetLimit(0, Fail)
	Slice[byte](s.Frame(), 5000)
}

// TestScopesOnAScratch opens tags and phases on a scratch's frame: they are the
// active frame's, and what the scratch holds is not booked to them.
func TestScopesOnAScratch(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	s := a.Scratch("nav").Frame()
	mustPanic(t, diag.FA001, func() { s.Tag("x") })
	mustPanic(t, diag.FA001, func() { s.Phase("x") })
	a.BeginFrame()
	end := s.Tag("x")
	New[[100]int](s)
	New[int](a.Main().ActiveFrame())
	end()
	s.WithPhase("y", func() { New[[100]int](s) })
	a.EndFrame()
	for _, tag := range a.TagStats() {
		want := IntentStats{}
		if tag.Path == "x" {
			want = IntentStats{Allocations: 1, Bytes: 8}
		}
		if tag.Frame != want {
			t.Errorf("tag %q has %+v, want %+v", tag.Path, tag.Frame, want)
		}
	}
	for _, p := range a.Main().PhaseStats() {
		if p.Frame != (IntentStats{}) {
			t.Errorf("phase %q has %+v, want nothing", p.Path, p.Frame)
		}
	}
}

// TestForksOfAScratch resets, frees and closes scratches under a running fork.
func TestForksOfAScratch(t *testing.T) {
	for name, end := range map[string]func(a *Allocator, s *Scratch){
		"reset": func(_ *Allocator, s *Scratch) { s.Reset() },
		"free":  func(_ *Allocator, s *Scratch) { s.Free() },
		"close": func(a *Allocator, _ *Scratch) { a.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			a := NewAllocator(Config{})
			defer a.Close()
			s := a.Scratch("nav")
			c := s.Frame().Fork()
			release := make(chan struct{})
			joined := false
			box := NewBox[int](c)
			go func() {
				<-release
				*New[int](c) = 7
				joined = true
				c.Join()
			}()
			close(release)
			end(a, s)
			if !joined {
				t.Error("did not wait for the fork")
			}
			if box.Alive() {
				t.Error("a box of the fork is still alive")
			}
		})
		t.Run(name+" by panic", func(t *testing.T) {
			a := NewAllocator(Config{Forks: PanicOnForks})
			s := a.Scratch("nav")
			c := s.Frame().Fork()
			p := New[int](c)
			*p = 7
			mustPanic(t, diag.FA205, func() { end(a, s) })
			if *p != 7 || !s.Frame().Active() {
				t.Error("given back all the same")
			}
			c.Join()
			end(a, s)
		})
	}
	t.Run("limit", func(t *testing.T) {
		a := NewAllocator(Config{})
		defer a.Close()
		a.SetBudget(Budget{Hard: 1 * KiB})
		s := a.Scratch("nav")
		s.SetLimit(64*KiB, Fail)
		Parallel(s.Frame(), 1, func(c *Frame, _ int) {
			for range 9 {
				Slice[byte](c, 7*KiB)
			}
			if _, err := TrySlice[byte](c, 7*KiB); !errors.Is(err, diag.FA003) {
				t.Errorf("a fork takes more than the scratch may: %v", err)
			}
		})
		s.Reset()
	})
}
