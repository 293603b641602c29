package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

func ExampleSet() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		visited := framealloc.NewSet[int](frame, 64)
		for _, room := range []int{4, 2, 4, 7, 2} {
			if visited.Add(room) {
				fmt.Println("enter", room)
			}
		}
	})
	// Output:
	// enter 4
	// enter 2
	// enter 7
}
