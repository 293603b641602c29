package framealloc

import (
	"errors"
	"runtime"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestFrameBox(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	b := NewBox[node](f)
	*b.Get() = newNode(7)
	runtime.GC()
	if n, err := b.TryGet(); err != nil || !n.intact() || !b.Alive() {
		t.Errorf("TryGet: %v, %v", n, err)
	}
	a.EndFrame()
	wantDead(t, b)
	a.BeginFrame()
	NewBox[node](f)
	wantDead(t, b)
	a.EndFrame()
}

func wantDead[T any](t *testing.T, b FrameBox[T]) {
	t.Helper()
	wantPanic(t, diag.FA606, func() { b.Get() })
	if p, err := b.TryGet(); p != nil || !errors.Is(err, diag.FA606) || b.Alive() {
		t.Errorf("TryGet: %v, %v, want FA606", p, err)
	}
}

func wantAlive(t *testing.T, b FrameBox[int], want int) {
	t.Helper()
	if p, err := b.TryGet(); err != nil || *p != want || *b.Get() != want || !b.Alive() {
		t.Errorf("TryGet: %v, want %d", err, want)
	}
}

func boxInt(f *Frame, v int) FrameBox[int] {
	b := NewBox[int](f)
	*b.Get() = v
	return b
}

func TestFrameBoxInScopes(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		var first, inner, second FrameBox[int]
		outer := boxInt(f, 1)
		f.Sub(func(f *Frame) {
			first = boxInt(f, 2)
			f.Sub(func(f *Frame) {
				inner = boxInt(f, 3)
				wantAlive(t, first, 2)
			})
			wantDead(t, inner)
			wantAlive(t, first, 2)
			second = boxInt(f, 4)
			wantAlive(t, second, 4)
		})
		later := boxInt(f, 5)
		f.Sub(func(*Frame) {})
		wantDead(t, first)
		wantDead(t, inner)
		wantDead(t, second)
		wantAlive(t, outer, 1)
		wantAlive(t, later, 5)
	})
}

func TestFrameBoxInFlight(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	b := boxInt(a.BeginFrame(), 1)
	a.EndFrame()
	wantAlive(t, b, 1)
	a.BeginFrame()
	wantAlive(t, b, 1)
	a.EndFrame()
	wantDead(t, b)
}

func TestFrameBoxOfNothing(t *testing.T) {
	var zero FrameBox[int]
	wantPanic(t, diag.FA001, func() { zero.Get() })
	if _, err := zero.TryGet(); !errors.Is(err, diag.FA001) || zero.Alive() {
		t.Errorf("TryGet: %v, want FA001", err)
	}
	a := NewAllocator(Config{MaxFrameBytes: 64})
	f := a.BeginFrame()
	if b, err := TryNewBox[[2]int](f); err != nil || !b.Alive() {
		t.Errorf("TryNewBox: %v", err)
	}
	if b, err := TryNewBox[[100]int](f); !errors.Is(err, diag.FA003) || b.Alive() {
		t.Errorf("TryNewBox: %v, want FA003", err)
	}
	empty := NewBox[struct{}](f)
	a.EndFrame()
	wantDead(t, empty)
	wantPanic(t, diag.FA001, func() { NewBox[int](f) })
	b := boxInt(a.BeginFrame(), 1)
	a.Close()
	wantDead(t, b)
}

func TestFrameBoxMakesNoHeapMemory(t *testing.T) {
	wantNoHeap(t, func(f *Frame) {
		b := boxInt(f, 1)
		for range 10 {
			f.Sub(func(f *Frame) { *b.Get() += *boxInt(f, 1).Get() })
		}
		if *b.Get() != 11 {
			t.Error("a box is wrong")
		}
	})
}

// Scopes open, close and make boxes; the model keeps a stack.
func FuzzFrameBox(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 1, 0, 2, 0, 2, 0, 3, 0, 1, 0})
	f.Fuzz(func(t *testing.T, ops []byte) {
		if len(ops) > 200 {
			return
		}
		a := NewAllocator(MinimalConfig())
		defer a.Close()
		var alive []FrameBox[int] // the value is the place in the list
		var dead []FrameBox[int]
		check := func() {
			for i, b := range alive {
				if p, err := b.TryGet(); err != nil || *p != i {
					t.Fatalf("box %d of %d: %v", i, len(alive), err)
				}
			}
			for i, b := range dead {
				if b.Alive() {
					t.Fatalf("dead box %d of %d is alive", i, len(dead))
				}
			}
		}
		var scope func(f *Frame, depth int)
		scope = func(f *Frame, depth int) {
			for len(ops) > 0 {
				op := ops[0]
				ops = ops[1:]
				switch {
				case op%4 == 1:
					n := len(alive)
					f.Sub(func(f *Frame) { scope(f, depth+1) })
					dead = append(dead, alive[n:]...)
					alive = alive[:n]
				case op%4 == 2 && depth > 0:
					return
				case op%4 == 3 && depth == 0:
					return
				default:
					alive = append(alive, boxInt(f, len(alive)))
				}
				check()
			}
		}
		for len(ops) > 0 {
			a.Frame(func(f *Frame) { scope(f, 0) })
			dead = append(dead, alive...)
			alive = nil
			check()
		}
	})
}
