package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// A scratch lives across frames, until it is reset.
func ExampleScratch() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	search := alloc.Scratch("search")
	visited := framealloc.NewSet[int](search.Frame(), 64)
	for n := range 3 { // a search that goes on over three frames
		alloc.Frame(func(frame *framealloc.Frame) {
			visited.Add(n)
			visited.Add(n * n)
		})
	}
	fmt.Println(visited.Len(), "visited")

	search.Reset()
	fmt.Println(search.Stats().Used, "bytes in use,", search.Stats().Resets, "reset")
	// Output:
	// 4 visited
	// 0 bytes in use, 1 reset
}
