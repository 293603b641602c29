package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

type spark struct {
	heat float64
	next *spark
}

var sparks *spark

// Which lines of a frame still leave garbage?
func ExampleTraceGarbage() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	found, err := framealloc.TraceGarbage(10, func() {
		alloc.Frame(func(frame *framealloc.Frame) {
			sparks = nil
			for range 3 {
				sparks = &spark{next: sparks}
			}
			sparks = framealloc.NewValue(frame, spark{heat: 1})
		})
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range found.Sites {
		fmt.Printf("%d a frame: %s of %s; use %s\n", s.Allocations/uint64(found.Frames), s.Cause, s.Type, s.Instead)
	}
	// Output:
	// 3 a frame: composite literal of spark; use framealloc.NewValue
}

// A test makes sure that a frame leaves no garbage.
func ExampleRequireNoGarbage() {
	var t printing // in a test, its *testing.T

	framealloc.RequireNoGarbage(t, 100, func(frame *framealloc.Frame) {
		sparks = &spark{}
	})
	sparks = nil
	framealloc.RequireNoGarbage(t, 100, func(frame *framealloc.Frame) {
		s := framealloc.New[spark](frame)
		s.heat = 1
	})
	// Output:
	// the test failed
}
