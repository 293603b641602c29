package gallery

import "github.com/framealloc/framealloc"

func panicInAHook(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	var graph []int
	alloc.Observe(framealloc.Hooks{FrameEnd: func(e framealloc.FrameEnd) {
		graph[e.Number%60] = e.Bytes // nobody has made it
	}})
	alloc.Frame(func(*framealloc.Frame) {})
	return nil
}

func returnFromAHook(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	graph := make([]int, 60)
	alloc.Observe(framealloc.Hooks{FrameEnd: func(e framealloc.FrameEnd) {
		graph[e.Number%60] = e.Bytes
	}})
	alloc.Frame(func(*framealloc.Frame) {})
	return nil
}
