package gallery

import "github.com/framealloc/framealloc"

type contact struct {
	A, B  int32
	Depth float32
}

func allocateAfterTheEnd(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	alloc.EndFrame()

	c := framealloc.New[contact](frame)
	c.Depth = 0.5
	return nil
}

func allocateBeforeTheEnd(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	c := framealloc.New[contact](frame)
	c.Depth = 0.5
	return nil
}

func beginTwice(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	alloc.BeginFrame()
	defer alloc.EndFrame()

	particles := alloc.BeginFrame() // a part of the frame, and not another one
	defer alloc.EndFrame()
	framealloc.Slice[contact](particles, 100)
	return nil
}

func scopeInsideTheFrame(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	frame.Sub(func(particles *framealloc.Frame) {
		framealloc.Slice[contact](particles, 100)
	})
	return nil
}

func loadTheLevelIntoAFrame(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{MaxFrameBytes: 64 * framealloc.KiB})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	level := framealloc.Slice[contact](frame, 10_000)
	level[0].Depth = 1
	return nil
}

func loadTheLevelOntoTheHeap(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{MaxFrameBytes: 64 * framealloc.KiB})
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()

	level := framealloc.HeapSlice[contact](frame, 10_000) // once, and for as long as the level
	level[0].Depth = 1
	return nil
}
