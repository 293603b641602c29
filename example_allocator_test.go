package framealloc_test

import (
	"errors"
	"fmt"
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

func ExampleNewAllocator() {
	alloc := framealloc.NewAllocator(framealloc.Config{
		ChunkSize:      1 * framealloc.MiB, // what a frame usually needs
		MaxFrameBytes:  8 * framealloc.MiB, // more than that is a mistake
		FramesInFlight: 1,                  // the renderer draws one frame behind
	})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		_ = framealloc.Bytes(frame, 64*framealloc.KiB)
	})
	s := alloc.Stats()
	fmt.Println(s.Frames, "frame,", s.HighWater/framealloc.KiB, "KiB at most")
	// Output: 1 frame, 64 KiB at most
}

// Each goroutine has a worker of its own, and no lock in between.
func ExampleAllocator_NewWorker() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	var wg sync.WaitGroup
	for _, name := range []string{"physics", "audio"} {
		worker := alloc.NewWorker(name)
		wg.Go(func() {
			defer worker.Close()
			for range 60 {
				worker.Frame(func(frame *framealloc.Frame) {
					_ = framealloc.Slice[float32](frame, 512)
				})
			}
		})
	}
	wg.Wait()

	s := alloc.Stats() // closed workers included
	fmt.Println(s.Frames, "frames,", s.Frame.Allocations, "allocations")
	// Output: 120 frames, 120 allocations
}

// The scope form ends the frame on every path out of it.
func ExampleAllocator_Frame() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		alloc.Frame(func(frame *framealloc.Frame) {
			panic("the level has no floor")
		})
	}()
	fmt.Println("active:", alloc.Main().ActiveFrame() != nil)
	// Output:
	// recovered: the level has no floor
	// active: false
}

// Statistics are always on, and may be read from any goroutine.
func ExampleAllocator_Stats() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	for range 3 {
		alloc.Frame(func(frame *framealloc.Frame) {
			_ = framealloc.New[[64]byte](frame)
			_ = framealloc.HeapSlice[byte](frame, 100)
		})
	}
	s := alloc.Stats()
	fmt.Println("frame:", s.Frame.Allocations, "allocations,", s.Frame.Bytes, "bytes")
	fmt.Println("heap: ", s.Heap.Allocations, "allocations,", s.Heap.Bytes, "bytes")
	// Output:
	// frame: 3 allocations, 192 bytes
	// heap:  3 allocations, 300 bytes
}

// Closing with a frame still open is reported, and closes all the same.
func ExampleAllocator_Close() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	alloc.BeginFrame()
	err := alloc.Close()
	fmt.Println(errors.Is(err, diag.FA002))
	// Output: true
}

// A misuse panics with an error that says what to write instead.
func ExampleWorker_BeginFrame_misuse() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	defer func() {
		var mistake *diag.Error
		if errors.As(recover().(error), &mistake) {
			fmt.Println(mistake.Code, mistake.Message)
			fmt.Println("help:", mistake.Help)
		}
		alloc.EndFrame()
	}()

	alloc.BeginFrame()
	alloc.BeginFrame()
	// Output:
	// FA002 frame begun on worker "main" while its frame 1 is still active
	// help: end each frame before the next begins; for a scope inside a frame use frame.Sub(func(f *Frame){…})
}
