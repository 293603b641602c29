package framealloc_test

import (
	"fmt"
	"sync"

	"github.com/framealloc/framealloc"
)

// A renderer frees what the simulation made. The simulation takes it back as its
// next frame begins.
func ExampleBox_FreeFrom() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	simulation, renderer := alloc.Main(), alloc.NewWorker("renderer")

	type sprite struct{ X, Y float32 }
	done := framealloc.PoolBox[sprite](simulation)

	var wg sync.WaitGroup
	wg.Go(func() {
		defer renderer.Close()
		done.FreeFrom(renderer)
		fmt.Println("freed twice:", done.TryFreeFrom(renderer) == nil)
	})
	wg.Wait()

	fmt.Println("waiting:", simulation.Stats().Deferred.Pending)
	simulation.Frame(func(*framealloc.Frame) {})
	fmt.Println("taken back:", simulation.Stats().Deferred.Processed)
	// Output:
	// freed twice: false
	// waiting: 1
	// taken back: 1
}

func ExamplePoolPutTo() {
	alloc := framealloc.NewAllocator(framealloc.Config{
		Deferred: framealloc.DeferredConfig{Capacity: 1024, Policy: framealloc.DropOldest},
	})
	defer alloc.Close()
	buffer := framealloc.PoolGet[[256]byte](alloc)

	sent := make(chan struct{})
	go func() {
		defer close(sent)
		framealloc.PoolPutTo(alloc, nil, buffer) // this goroutine has no worker
	}()
	<-sent

	fmt.Println(alloc.Stats().Deferred.Pending)
	// Output: 1
}

func ExampleWorker_ProcessDeferred() {
	alloc := framealloc.NewAllocator(framealloc.Config{
		Deferred: framealloc.DeferredConfig{PerFrame: -1}, // not by itself
	})
	defer alloc.Close()
	for range 5 {
		framealloc.PoolBox[int](alloc).FreeFrom(nil) // as another goroutine would
	}
	fmt.Println(alloc.Main().ProcessDeferred(3))
	fmt.Println(alloc.Main().ProcessDeferred(-1))
	// Output:
	// 3
	// 2
}

func ExampleAllocator_Worker() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	audio := alloc.NewWorker("audio")
	defer audio.Close()
	fmt.Println(alloc.Worker("audio") == audio, alloc.Worker("video") == nil)
	// Output: true true
}
