package stream_test

import (
	"context"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	terrain := stream.New[float32](alloc, stream.Config{Name: "terrain", Budget: 16 * framealloc.MiB})
	defer terrain.Close()

	hills := terrain.Entry("hills", 64*64, stream.Normal, func(ctx context.Context, e *stream.Entry[float32], heights []float32) error {
		for i := range heights { // from a file, usually
			heights[i] = float32(i % 64)
		}
		return nil
	})

	frame := alloc.BeginFrame()
	_, ok := hills.Use(frame) // asks for it
	fmt.Println("in the first frame:", ok)
	alloc.EndFrame()

	_ = hills.Wait(context.Background()) // behind a loading screen

	frame = alloc.BeginFrame()
	heights, ok := hills.Use(frame)
	fmt.Println("later:", ok, len(heights), heights[65])
	alloc.EndFrame()
	// Output:
	// in the first frame: false
	// later: true 4096 1
}

// A program that has its own loader fills entries by itself.
func ExampleEntry_Begin() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	sounds := stream.New[int16](alloc, stream.Config{Name: "sounds", Budget: 1 * framealloc.MiB})
	defer sounds.Close()

	step := sounds.Entry("step", 44100, stream.Low, nil)
	samples, err := step.Begin()
	if err != nil {
		fmt.Println(err) // no room: play nothing
		return
	}
	samples[0] = 12
	step.Progressed(22050)
	fmt.Println(step.State(), step.Progress())
	err = step.Finish()
	fmt.Println(step.State(), step.Progress(), err)
	// Output:
	// loading 0.5
	// ready 1 <nil>
}
