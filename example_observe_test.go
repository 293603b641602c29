package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// An observer is called at frame boundaries, and for as much more as it asks for.
func ExampleAllocator_Observe() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	stop := alloc.Observe(framealloc.Hooks{
		FrameEnd: func(e framealloc.FrameEnd) {
			fmt.Println("frame", e.Number, "took", e.Bytes, "bytes in", e.Allocations)
		},
		TagLeave: func(e framealloc.ScopeLeave) {
			fmt.Println(" ", e.Path, e.Bytes)
		},
	})
	step := func(frame *framealloc.Frame) {
		_ = framealloc.New[[40]byte](frame)
		frame.WithTag("ai", func() { _ = framealloc.Slice[int64](frame, 10) })
	}
	alloc.Frame(step)
	stop()
	alloc.Frame(step) // nobody looks any more
	// Output:
	//   ai 80
	// frame 1 took 120 bytes in 2
}

// Every allocation can be seen while somebody asks for it.
func ExampleHooks_alloc() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	defer alloc.Observe(framealloc.Hooks{
		Alloc: func(a framealloc.Alloc) { fmt.Println(a.Intent, a.Count, a.Type, a.Bytes) },
	})()

	alloc.Frame(func(frame *framealloc.Frame) {
		_ = framealloc.Slice[float32](frame, 100)
		_ = framealloc.HeapNew[[1000]int32](frame)
	})
	// Output:
	// frame 100 float32 400
	// heap 1 [1000]int32 4000
}
