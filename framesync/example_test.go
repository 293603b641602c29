package framesync_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/framesync"
)

// Simulation, renderer and audio keep step. The simulation hands each frame's
// scene over, because its own frame memory is gone when the others use it.
func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	const frames = 3
	type body struct{ X, Speed float32 }

	barrier := framesync.NewBarrier("simulate", "render", "audio")
	toRender := make(chan *framesync.Transfer[[]body], 1)
	toAudio := make(chan *framesync.Transfer[float32], 1)

	// run gives a goroutine its worker and its place at the barrier.
	var wg sync.WaitGroup
	run := func(name string, step func(f *framealloc.Frame)) {
		wg.Go(func() {
			w := alloc.NewWorker(name)
			defer w.Close()
			p := barrier.Participant(name)
			defer p.Leave()
			for range frames {
				w.Frame(step)
				p.Wait()
			}
		})
	}

	positions := []float32{0, 10}
	run("simulate", func(f *framealloc.Frame) {
		scene := framealloc.Slice[body](f, len(positions))
		loudest := float32(0)
		for i := range positions {
			speed := float32(i + 1)
			positions[i] += speed
			scene[i] = body{positions[i], speed}
			loudest = max(loudest, speed)
		}
		toRender <- framesync.NewSliceTransfer(f, scene)
		toAudio <- framesync.NewTransfer(f, loudest)
	})
	run("render", func(f *framealloc.Frame) {
		scene, err := (<-toRender).ReceiveInto(f) //fa:ignore FA701 the barrier orders the loops: it has been sent
		if err != nil {
			panic(err)
		}
		fmt.Println("frame", f.Number(), "draws", scene)
	})
	heard := float32(0)
	run("audio", func(f *framealloc.Frame) {
		volume, err := (<-toAudio).Receive() //fa:ignore FA701 the barrier orders the loops: it has been sent
		if err != nil {
			panic(err)
		}
		mix := framealloc.Slice[float32](f, 64)
		for i := range mix {
			mix[i] = volume
		}
		heard += mix[0]
	})
	wg.Wait()
	fmt.Println("heard", heard, "in", barrier.Stats().Frames, "frames")
	// Output:
	// frame 1 draws [{1 1} {12 2}]
	// frame 2 draws [{2 1} {14 2}]
	// frame 3 draws [{3 1} {16 2}]
	// heard 6 in 3 frames
}

func ExampleBarrier_Join() {
	b := framesync.NewBarrier("simulate")
	replay := b.Join("replay")
	b.Participant("simulate").Signal()
	fmt.Println("frame", b.Frame(), "waits for", b.Missing())
	replay.Leave()
	fmt.Println("frame", b.Frame(), "runs")
	// Output:
	// frame 1 waits for [replay]
	// frame 2 runs
}

func ExampleBuilder() {
	b := framesync.NewBuilder("main loop").
		Participants("simulate", "render").
		ReportAfter(2 * time.Second).
		Build()
	fmt.Println(b.Name(), b.Missing())
	// Output: main loop [simulate render]
}

func ExampleParticipant_WaitContext() {
	b := framesync.NewBarrier("simulate", "render")
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // the game is quitting

	err := b.Participant("simulate").WaitContext(ctx)
	var missing *framesync.MissingError
	if errors.As(err, &missing) {
		fmt.Println("frame", missing.Frame, "lacks", missing.Missing)
	}
	// Output: frame 1 lacks [render]
}

// One participant gets the time between two frames to itself.
func ExampleParticipant_WaitAll() {
	b := framesync.NewBarrier("main", "worker")
	front, back := 0, 0

	var wg sync.WaitGroup
	wg.Go(func() {
		p := b.Participant("worker")
		for i := range 3 {
			back = 10 * (i + 1)
			p.Wait()
		}
	})
	main := b.Participant("main")
	for range 3 {
		main.WaitAll() // the worker has written back, and keeps still
		front, back = back, front
		fmt.Println("front", front)
		main.Signal() // on with the next frame
	}
	wg.Wait()
	// Output:
	// front 10
	// front 20
	// front 30
}

func ExampleNewTransfer() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	results := make(chan *framesync.Transfer[[]int32], 1)
	alloc.Frame(func(f *framealloc.Frame) {
		path := framealloc.Slice[int32](f, 3)
		path[0], path[1], path[2] = 3, 1, 2
		results <- framesync.NewTransfer(f, path)
	})

	t := <-results // on another goroutine, frames later
	path, err := t.Receive()
	fmt.Println(path, err)
	_, err = t.Receive() //fa:ignore FA206 to show what happens
	fmt.Println(errors.Is(err, diag.FA206))
	fmt.Println(framesync.Transfers(alloc).Received, "received")
	// Output:
	// [3 1 2] <nil>
	// true
	// 1 received
}

func ExampleTransfer_ReceiveInto() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	var t *framesync.Transfer[[]int32]
	alloc.Frame(func(f *framealloc.Frame) {
		t = framesync.NewSliceTransfer(f, framealloc.Clone(f, []int32{1, 2, 3}))
	})

	render := alloc.NewWorker("render")
	defer render.Close()
	render.Frame(func(f *framealloc.Frame) {
		s, err := t.ReceiveInto(f)
		fmt.Println(s, err, f.Used() > 0)
	})
	// Output: [1 2 3] <nil> true
}
