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
