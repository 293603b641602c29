package framealloc

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/framealloc/framealloc/diag"
)

func TestLifetimes(t *testing.T) {
	if !(Lifetime{}).Over() {
		t.Error("the zero Lifetime is not over")
	}
	for inFlight := range MaxFramesInFlight + 1 {
		a := NewAllocator(Config{FramesInFlight: inFlight})
		f := a.BeginFrame()
		l := f.Lifetime()
		fork := f.Fork()
		inner := fork.Fork()
		forked := inner.Lifetime()
		inner.Join()
		fork.Join()
		a.EndFrame()
		for i := range inFlight {
			if l.Over() || forked.Over() {
				t.Errorf("%d frames in flight: over after %d frames", inFlight, i)
			}
			a.Frame(func(*Frame) {})
		}
		if !l.Over() || !forked.Over() {
			t.Errorf("%d frames in flight: not over", inFlight)
		}
		a.Close()
	}
}

func TestLifetimesOfScratches(t *testing.T) {
	a := NewAllocator(Config{})
	s := a.Scratch("nav")
	l := s.Frame().Lifetime()
	a.Frame(func(*Frame) {})
	if l.Over() {
		t.Error("a scratch's lifetime ended with a frame")
	}
	s.Reset()
	second := s.Frame().Lifetime()
	if !l.Over() || second.Over() {
		t.Error("Reset did not end the one lifetime and begin the other")
	}
	s.Free()
	if !second.Over() {
		t.Error("Free did not end it")
	}
	own := NewScratch(a, "own").Frame().Lifetime()
	named := a.Scratch("named").Frame().Lifetime()
	a.Close()
	if own.Over() || !named.Over() {
		t.Errorf("the allocator closed: own scratch over %v, named one %v", own.Over(), named.Over())
	}
}

func TestLifetimesOfWorkers(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	w := a.NewWorker("closed")
	l := w.BeginFrame().Lifetime()
	if err := w.Close(); !errors.Is(err, diag.FA002) || !l.Over() {
		t.Errorf("closed with %v, over %v", err, l.Over())
	}
	dropped := a.NewWorker("dropped").BeginFrame().Lifetime()
	for range 1000 {
		if runtime.GC(); dropped.Over() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if !dropped.Over() {
		t.Error("the lifetime of a dropped worker's frame never ends")
	}
	var f *Frame
	a.Frame(func(g *Frame) { f = g })
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, diag.FA001) {
			t.Errorf("a frame that ended has a lifetime: %v", err)
		}
	}()
	f.Lifetime()
}
