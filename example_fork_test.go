package framealloc_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
)

// Work inside a frame, on all processors; its results live as long as the frame.
func ExampleParallel() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		rows := framealloc.Slice[[]int](frame, 4)
		framealloc.Parallel(frame, len(rows), func(f *framealloc.Frame, i int) {
			rows[i] = framealloc.Slice[int](f, 3) // f is this goroutine's own
			for k := range rows[i] {
				rows[i][k] = i * k
			}
		})
		fmt.Println(rows)
	})
	// Output: [[0 0 0] [0 1 2] [0 2 4] [0 3 6]]
}

func ExampleForkGroup() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		tasks := framealloc.NewForkGroup(context.Background(), frame)
		tasks.Go(func(f *framealloc.Frame) error {
			_ = framealloc.Bytes(f, 1000)
			return nil
		})
		tasks.Go(func(f *framealloc.Frame) error {
			return errors.New("no way to the exit")
		})
		fmt.Println(tasks.Wait())
	})
	fmt.Println(alloc.Stats().LastFrameBytes, "bytes in the frame, its forks included")
	// Output:
	// no way to the exit
	// 1000 bytes in the frame, its forks included
}

// The goroutine that gets a fork joins when it is done.
func ExampleFrame_Fork() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		names := make(chan string)
		child := frame.Fork()
		go func() {
			defer child.Join()
			names <- framealloc.NewText(child).Str("room ").Int(7).String()
		}()
		fmt.Println(<-names)
	})
	// Output: room 7
}
