package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// Heap memory that is meant to be is counted, by tag too.
func ExampleHeapNew() {
	type level struct{ tiles [64 * 64]uint16 }
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	var current *level
	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("loading")()
		current = framealloc.HeapNew[level](frame)
	})
	for _, tag := range alloc.TagStats() {
		if tag.Heap.Allocations > 0 {
			fmt.Println(tag.Path, tag.Heap.Bytes, "bytes for", len(current.tiles), "tiles")
		}
	}
	// Output: loading 8192 bytes for 4096 tiles
}
