// Barrier runs a simulation, a renderer and a mixer at one frame rate: each on
// its own goroutine with its own worker, none a frame ahead of the others. The
// simulation hands what is to be drawn to the renderer by transfer.
package main

import (
	"fmt"
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

type sprite struct {
	name string
	x    int
}

const frames = 5

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	barrier := framesync.NewBarrier("simulate", "render", "audio")
	scenes := make(chan *framesync.Transfer[[]sprite], 1)
	var drawn, mixed []string

	var wg sync.WaitGroup
	loop := func(name string, step func(*framealloc.Frame)) {
		wg.Go(func() {
			worker := alloc.NewWorker(name)
			defer worker.Close()
			me := barrier.Participant(name)
			for range frames {
				worker.Frame(step)
				me.Wait() // signals that the frame is complete, and waits for the others
			}
		})
	}
	loop("simulate", func(frame *framealloc.Frame) {
		sprites := framealloc.Slice[sprite](frame, 2)
		n := int(frame.Number())
		sprites[0], sprites[1] = sprite{"hero", n}, sprite{"ghost", 2 * n}
		scenes <- framesync.NewSliceTransfer(frame, sprites) // copied out of this frame
	})
	loop("render", func(frame *framealloc.Frame) {
		sprites, err := (<-scenes).ReceiveInto(frame) //fa:ignore FA701 the simulation of this frame sends without waiting for us
		if err != nil {
			panic(err)
		}
		line := framealloc.NewText(frame)
		for _, s := range sprites {
			line.Str(s.name).Str("@").Int(s.x).Str(" ")
		}
		drawn = append(drawn, fmt.Sprint("frame ", frame.Number(), ": ", line.String())) // copied: it outlives the frame
	})
	loop("audio", func(frame *framealloc.Frame) {
		samples := framealloc.Slice[float32](frame, 256)
		mixed = append(mixed, fmt.Sprint(len(samples), " samples"))
	})
	wg.Wait()

	for i := range drawn {
		fmt.Println(drawn[i], mixed[i])
	}
	fmt.Println(barrier.Stats().Frames, "frames,", framesync.Transfers(alloc).Received, "transfers")
}
