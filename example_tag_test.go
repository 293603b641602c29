package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// Tags say what memory is for.
func ExampleFrame_Tag() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	findPath := func(frame *framealloc.Frame) {
		defer frame.Tag("pathfinding")()
		_ = framealloc.Slice[int32](frame, 256)
	}
	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("ai")()
		_ = framealloc.New[[64]byte](frame)
		findPath(frame) // books to "ai/pathfinding"
		findPath(frame)
	})
	for _, tag := range alloc.TagStats() {
		fmt.Printf("%-15s %4d bytes in %d\n", tag.Path, tag.Frame.Bytes, tag.Frame.Allocations)
	}
	// Output:
	//                    0 bytes in 0
	// ai                64 bytes in 1
	// ai/pathfinding  2048 bytes in 2
}

func ExampleFrame_WithTag() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		frame.WithTag("render", func() {
			frame.WithTag("shadows", func() {
				fmt.Println(frame.CurrentTag(), "in", frame.TagPath())
			})
		})
	})
	// Output: shadows in render/shadows
}

// Phases say when: they are timed, and show in execution traces.
func ExampleFrame_Phase() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	for range 10 {
		alloc.Frame(func(frame *framealloc.Frame) {
			end := frame.Phase("simulate")
			_ = framealloc.Slice[float32](frame, 100)
			end()

			end = frame.Phase("draw")
			_ = framealloc.Slice[float32](frame, 20)
			end()
		})
	}
	for _, p := range alloc.Main().PhaseStats() {
		fmt.Println(p.Path, p.Entered, "times,", p.LastFrameBytes, "bytes a frame, timed:", p.Duration > 0)
	}
	// Output:
	// draw 10 times, 80 bytes a frame, timed: true
	// simulate 10 times, 400 bytes a frame, timed: true
}
