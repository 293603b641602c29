package gallery

import "github.com/framealloc/framealloc"

func crowdTheBudget(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	alloc.SetBudget(framealloc.Budget{Hard: 64 * framealloc.KiB}) // of all workers together
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	framealloc.Bytes(frame, 60*framealloc.KiB)
	framealloc.Bytes(frame, 60*framealloc.KiB)
	return nil
}

func keepWithinTheBudget(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	alloc.SetBudget(framealloc.Budget{Hard: 64 * framealloc.KiB})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	for range 2 {
		frame.Sub(func(f *framealloc.Frame) { // gives back what it took
			framealloc.Bytes(f, 60*framealloc.KiB)
		})
	}
	return nil
}

func thinkTooMuch(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	alloc.SetTagBudget("ai", framealloc.Budget{Hard: 16 * framealloc.KiB})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	defer frame.Tag("ai")()
	for range 100 { // units
		framealloc.Slice[contact](frame, 64)
	}
	return nil
}

func thinkInPortions(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	alloc.SetTagBudget("ai", framealloc.Budget{Hard: 16 * framealloc.KiB})
	for unit := 0; unit < 100; {
		frame := alloc.BeginFrame()
		end := frame.Tag("ai")
		for frame.Remaining() >= 1*framealloc.KiB { // the others wait for the next frame
			framealloc.Slice[contact](frame, 64)
			unit++
		}
		end()
		alloc.EndFrame()
	}
	return nil
}

func streamEverything(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	loader := alloc.NewWorker("loader")
	defer loader.Close()
	loader.SetFrameBudget(32 * framealloc.KiB)
	frame := loader.BeginFrame()
	defer loader.EndFrame()

	framealloc.Bytes(frame, 100*framealloc.KiB) // the whole file
	return nil
}

func streamWhatFits(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	loader := alloc.NewWorker("loader")
	defer loader.Close()
	loader.SetFrameBudget(32 * framealloc.KiB)

	for left := 100 * framealloc.KiB; left > 0; {
		loader.Frame(func(frame *framealloc.Frame) {
			left -= len(framealloc.Bytes(frame, min(left, frame.Remaining())))
		})
	}
	return nil
}
