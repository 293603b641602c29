package jitter

import (
	"github.com/framealloc/framealloc"
)

// frameallocMode is framealloc with its zero configuration, which learns the
// frame's size in the warm-up.
var frameallocMode = mode{"framealloc", func() func() {
	s := newScene()
	alloc := framealloc.NewAllocator(framealloc.Config{})
	return func() {
		f := alloc.BeginFrame()
		for i := range each {
			s.of64[i] = framealloc.New[temp64](f)
			s.of128[i] = framealloc.New[temp128](f)
			s.of192[i] = framealloc.New[temp192](f)
			s.of256[i] = framealloc.New[temp256](f)
			s.of64[i][0] = 1
			s.of128[i][0] = 1
			s.of192[i][0] = 1
			s.of256[i][0] = 1
		}
		alloc.EndFrame()
	}
}}
