package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
)

func ExampleFrame_Checkpoint() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		_ = framealloc.Slice[byte](frame, 64)

		start := frame.Checkpoint()
		for attempt := range 3 {
			_ = framealloc.Slice[byte](frame, 1000*(attempt+1))
			fmt.Println("attempt", attempt, "uses", frame.Used())
			frame.Rollback(start) // good for as many attempts as it takes
		}
		fmt.Println("in use:", frame.Used())
	})
	// Output:
	// attempt 0 uses 1064
	// attempt 1 uses 2064
	// attempt 2 uses 3064
	// in use: 64
}

// A guard rolls back on every way out, until it is committed.
func ExampleFrame_Guard() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	build := func(frame *framealloc.Frame, rooms int) []int64 {
		guard := frame.Guard()
		defer guard.Rollback()
		plan := framealloc.Slice[int64](frame, rooms)
		if rooms > 100 {
			return nil // rolled back
		}
		guard.Commit()
		return plan
	}
	alloc.Frame(func(frame *framealloc.Frame) {
		fmt.Println(len(build(frame, 500)), "rooms,", frame.Used(), "bytes")
		fmt.Println(len(build(frame, 50)), "rooms,", frame.Used(), "bytes")
	})
	// Output:
	// 0 rooms, 0 bytes
	// 50 rooms, 400 bytes
}

func ExampleSpeculate() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		var path []int64
		err := framealloc.Speculate(frame, func() error {
			path = framealloc.Slice[int64](frame, 4096)
			return errors.New("the door is locked")
		})
		if err != nil {
			path = framealloc.Slice[int64](frame, 2) // the straight line, then
		}
		fmt.Println(err, len(path), frame.Used())
	})
	// Output: the door is locked 2 16
}
