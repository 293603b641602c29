package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// A growable ring is the queue of a flood fill.
func ExampleRing() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	exits := map[string][]string{"hall": {"cellar", "tower"}, "tower": {"roof"}}
	alloc.Frame(func(frame *framealloc.Frame) {
		queue := framealloc.NewRing[string](frame, 8).Growable()
		queue.PushBack("hall")
		for room, ok := queue.PopFront(); ok; room, ok = queue.PopFront() {
			fmt.Println(room)
			for _, next := range exits[room] {
				queue.PushBack(next)
			}
		}
	})
	// Output:
	// hall
	// cellar
	// tower
	// roof
}

// The newest lines of a log push the oldest out.
func ExampleRing_OverwriteBack() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		log := framealloc.NewRing[string](frame, 2)
		for _, line := range []string{"spawned", "hit", "died"} {
			log.OverwriteBack(line)
		}
		fmt.Println(log.Slice())
	})
	// Output: [hit died]
}
