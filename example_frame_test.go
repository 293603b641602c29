package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

func ExampleFrame() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	frame := alloc.BeginFrame()
	_ = framealloc.New[[12]byte](frame) // sizes are rounded up to 8
	_ = framealloc.Slice[float64](frame, 10)
	fmt.Println(frame.Allocations(), "allocations,", frame.Used(), "bytes, active:", frame.Active())
	alloc.EndFrame()

	fmt.Println("active:", frame.Active())
	// Output:
	// 2 allocations, 96 bytes, active: true
	// active: false
}

// A scope inside a frame gives back only what it took.
func ExampleFrame_Sub() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		best := framealloc.New[float64](frame)
		for candidate := range 1000 {
			frame.Sub(func(f *framealloc.Frame) {
				samples := framealloc.Slice[float64](f, 128)
				for i := range samples {
					samples[i] = float64((candidate*i)%97) / 97
				}
				*best = max(*best, samples[candidate%128])
			})
		}
		fmt.Printf("best %.2f, in use %d bytes\n", *best, frame.Used())
	})
	// Output: best 0.99, in use 8 bytes
}

// With a frame in flight, what a frame made is read during the next.
func ExampleConfig_framesInFlight() {
	alloc := framealloc.NewAllocator(framealloc.Config{FramesInFlight: 1})
	defer alloc.Close()

	var shown []int // what the renderer draws, one frame behind
	for n := range 3 {
		frame := alloc.BeginFrame()
		if shown != nil {
			fmt.Println("draw", shown)
		}
		next := framealloc.Slice[int](frame, 2)
		next[0], next[1] = n, n*n
		shown = next
		alloc.EndFrame()
	}
	// Output:
	// draw [0 0]
	// draw [1 1]
}
