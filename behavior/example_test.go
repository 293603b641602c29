package behavior_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/behavior"
)

// A filter watches some frames and says what is used against its intent.
func ExampleWatch() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	filter := behavior.Watch(alloc, behavior.Options{})

	for range 300 {
		alloc.Frame(func(frame *framealloc.Frame) {
			defer frame.Tag("hud")()
			_ = framealloc.HeapSlice[byte](frame, 64)
		})
	}
	for _, x := range filter.Report().Findings {
		fmt.Println(x.Severity, x.Code, "tag", x.Tag+":", x.Observed)
	}
	// Output:
	// warning FA530 tag hud: 64 bytes in 1 allocation, in 100% of frames
}

// Thresholds are a plain struct.
func ExampleThresholds() {
	limits := behavior.Strict()
	limits.SameFrame = 0 // pools may serve as scratch here

	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	filter := behavior.Watch(alloc, behavior.Options{Thresholds: limits, PoolEvery: 1})
	for range 100 {
		alloc.Frame(func(frame *framealloc.Frame) {
			framealloc.PoolPut(frame, framealloc.PoolGet[[4]float64](frame))
		})
	}
	fmt.Print(filter.Report())
	// Output:
	// 90 frames of 1 worker, 1 tag: memory is used as intended
}
