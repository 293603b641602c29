package gallery

import "github.com/framealloc/framealloc"

// world is what outlives all frames.
var world struct {
	deepest *contact
	copied  contact
}

func rememberThePointer(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeEscape})
	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("contacts")()
		c := framealloc.New[contact](frame)
		c.Depth = 0.5
		world.deepest = c // it will be another contact in the next frame
	})
	alloc.Frame(func(*framealloc.Frame) {})
	world.deepest = nil
	return nil
}

func rememberTheValue(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeEscape})
	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("contacts")()
		c := framealloc.New[contact](frame)
		c.Depth = 0.5
		world.copied = *c
	})
	alloc.Frame(func(*framealloc.Frame) {})
	return nil
}

func writeLate(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModePoison})
	frame := alloc.BeginFrame()
	depths := framealloc.Slice[float32](frame, 16)
	alloc.EndFrame()

	depths[3] = 0.5                         // nothing crashes
	alloc.Frame(func(*framealloc.Frame) {}) // but the next frame sees it
	return nil
}

func writeInTime(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModePoison})
	frame := alloc.BeginFrame()
	depths := framealloc.Slice[float32](frame, 16)
	depths[3] = 0.5
	alloc.EndFrame()

	alloc.Frame(func(*framealloc.Frame) {})
	return nil
}

func readLate(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeGuard})
	defer alloc.ExplainFault()
	frame := alloc.BeginFrame()
	depths := framealloc.Slice[float32](frame, 16)
	depths[3] = 0.5
	alloc.EndFrame()

	l.Show(depths[3]) // whose depth?
	return nil
}

func readInTime(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeGuard})
	defer alloc.ExplainFault()
	frame := alloc.BeginFrame()
	depths := framealloc.Slice[float32](frame, 16)
	depths[3] = 0.5
	deep := depths[3]
	alloc.EndFrame()

	l.Show(deep)
	return nil
}
