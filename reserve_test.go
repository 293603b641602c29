package framealloc

import (
	"fmt"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestReserve(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1, ShrinkAfter: 3})
	defer a.Close()
	Reserve[linked](a, 5000)
	Reserve[plain](a, 5000)
	Reserve[byte](a, 100_000)
	Reserve[struct{}](a, 10)
	frame := func() {
		f := a.BeginFrame()
		for range 5000 {
			New[linked](f)
			New[plain](f)
		}
		Slice[byte](f, 100_000)
		a.EndFrame()
	}
	if n := testing.AllocsPerRun(1, frame); n != 0 { // one run to warm up, one to measure: both slots
		t.Errorf("%v heap allocations in a reserved frame", n)
	}
	a.Frame(func(f *Frame) {
		p := NewValue(f, linked{name: "kept"})
		Reserve[linked](a, 50_000) // not while it is in use
		if p.name != "kept" || *New[linked](f) != (linked{}) {
			t.Error("Reserve touched a frame in use")
		}
	})
	mustPanic(t, diag.FA003, func() { Reserve[plain](a, -1) })
}

func ExampleReserve() {
	alloc := NewAllocator(Config{})
	defer alloc.Close()
	type particle [2]float32
	Reserve[particle](alloc, 10_000) // while the level loads: no frame will grow
	fmt.Println(alloc.Stats().Capacity >= 10_000*8)
	// Output: true
}
