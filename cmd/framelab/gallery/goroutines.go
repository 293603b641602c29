package gallery

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

func shareAFrame(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeDebug})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	return l.Elsewhere(func() error { // another goroutine
		framealloc.Slice[contact](frame, 100)
		return nil
	})
}

func forkAFrame(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeDebug})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	child := frame.Fork()
	return l.Elsewhere(func() error {
		defer child.Join()
		framealloc.Slice[contact](child, 100)
		return nil
	})
}

func signalTwice(l *Lab) error {
	barrier := framesync.NewBarrier("simulate", "render")
	render := barrier.Participant("render")

	render.Signal() // drawn
	render.Signal() // and drawn again, though the simulation has not moved
	return nil
}

func signalOnce(l *Lab) error {
	barrier := framesync.NewBarrier("simulate", "render")
	render := barrier.Participant("render")

	render.Signal()                        // drawn
	barrier.Participant("simulate").Wait() // moved: the frame is complete
	render.Wait()                          // on with the next
	render.Signal()                        // drawn again
	return nil
}

func forgetABudget(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	physics := alloc.NewWorker("physics")
	defer physics.Close()
	physics.SetFrameBudget(8 * framealloc.MiB)
	stream := alloc.NewWorker("stream") // takes what it likes
	defer stream.Close()

	stream.Frame(func(frame *framealloc.Frame) {
		framealloc.Slice[contact](frame, 100)
	})
	return nil
}

func budgetEveryone(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	physics := alloc.NewWorker("physics")
	defer physics.Close()
	physics.SetFrameBudget(8 * framealloc.MiB)
	stream := alloc.NewWorker("stream")
	defer stream.Close()
	stream.SetFrameBudget(32 * framealloc.MiB)

	stream.Frame(func(frame *framealloc.Frame) {
		framealloc.Slice[contact](frame, 100)
	})
	return nil
}

func freeInABurst(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Deferred: framealloc.DeferredConfig{Capacity: 64}})
	var spent []framealloc.Box[contact]
	for range 60 {
		spent = append(spent, framealloc.PoolBox[contact](alloc))
	}

	return l.Elsewhere(func() error { // the renderer
		for _, box := range spent {
			box.FreeFrom(nil) // waits in the owner's queue
		}
		return nil
	})
}

func freeInPortions(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Deferred: framealloc.DeferredConfig{Capacity: 64}})
	var spent []framealloc.Box[contact]
	for range 60 {
		spent = append(spent, framealloc.PoolBox[contact](alloc))
	}

	for len(spent) > 0 {
		portion := spent[:20]
		spent = spent[20:]
		err := l.Elsewhere(func() error { // the renderer
			for _, box := range portion {
				box.FreeFrom(nil)
			}
			return nil
		})
		if err != nil {
			return err
		}
		alloc.Main().ProcessDeferred(-1) // the owner takes them back
	}
	return nil
}

func endBeforeTheFork(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Forks: framealloc.PanicOnForks})
	frame := alloc.BeginFrame()
	paths := frame.Fork()
	defer paths.Join() // comes after the end

	alloc.EndFrame()
	return nil
}

func joinBeforeTheEnd(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Forks: framealloc.PanicOnForks})
	frame := alloc.BeginFrame()
	paths := frame.Fork()

	paths.Join()
	alloc.EndFrame()
	return nil
}

func receiveTwice(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	path := framesync.NewTransfer(frame, [3]int32{1, 5, 9})

	_, err := path.Receive()
	if err == nil {
		_, err = path.Receive() // who owns the value now?
	}
	return err
}

func receiveOnce(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	path := framesync.NewTransfer(frame, [3]int32{1, 5, 9})

	steps, err := path.Receive()
	_ = steps // for whoever else wants them
	return err
}

func useAfterClose(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	audio := alloc.NewWorker("audio")
	audio.Close()

	audio.Frame(func(frame *framealloc.Frame) {
		framealloc.Slice[float32](frame, 512)
	})
	return nil
}

func closeAfterUse(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	audio := alloc.NewWorker("audio")
	defer audio.Close()

	audio.Frame(func(frame *framealloc.Frame) {
		framealloc.Slice[float32](frame, 512)
	})
	return nil
}

func putTwice(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeDebug})
	enemy := framealloc.PoolGet[contact](alloc)
	dead := []*contact{enemy}

	framealloc.PoolPut(alloc, enemy) // where it is hit
	for _, e := range dead {
		framealloc.PoolPut(alloc, e) // and where the dead are swept up
	}
	return nil
}

func putOnce(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeDebug})
	enemy := framealloc.PoolGet[contact](alloc)
	dead := []*contact{enemy}

	for _, e := range dead {
		framealloc.PoolPut(alloc, e)
	}
	return nil
}
