// Observers see what the allocator does, for as long as they look.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{ChunkSize: 4 * framealloc.KiB})
	defer alloc.Close()

	// A log of frames: called at boundaries only, allocations stay as fast.
	stop := alloc.Observe(framealloc.Hooks{
		FrameEnd: func(e framealloc.FrameEnd) {
			fmt.Printf("frame %d: %d bytes in %d, %d collections\n", e.Number, e.Bytes, e.Allocations, e.Collections)
		},
		Growth: func(e framealloc.Growth) {
			fmt.Printf("frame %d: memory grew %d times\n", e.Frame, e.Times)
		},
		TagLeave: func(e framealloc.ScopeLeave) {
			fmt.Printf("  %s: %d bytes\n", e.Path, e.Bytes)
		},
	})
	for range 3 {
		alloc.Frame(step)
	}
	stop()
	alloc.Frame(step) // nobody looks

	// A search for who allocates: every allocation, while it lasts.
	types := map[string]int{}
	stop = alloc.Observe(framealloc.Hooks{
		Alloc: func(a framealloc.Alloc) { types[a.Type] += a.Bytes },
	})
	alloc.Frame(step)
	stop()
	fmt.Println("by type:", types)
}

func step(frame *framealloc.Frame) {
	_ = framealloc.Slice[float32](frame, 1500)
	frame.WithTag("names", func() {
		_ = framealloc.Slice[byte](frame, 80)
	})
}
