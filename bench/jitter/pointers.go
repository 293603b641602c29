package jitter

import (
	"github.com/framealloc/framealloc"
)

// pointersMode is framealloc with temporaries that hold pointers.
var pointersMode = mode{"framealloc-pointers", func() func() {
	s := newPointerScene()
	alloc := framealloc.NewAllocator(framealloc.Config{})
	return func() {
		f := alloc.BeginFrame()
		for i := range each {
			s.of64[i] = framealloc.New[pointers64](f)
			s.of128[i] = framealloc.New[pointers128](f)
			s.of192[i] = framealloc.New[pointers192](f)
			s.of256[i] = framealloc.New[pointers256](f)
			s.of64[i].next = s.of64[i]
			s.of128[i].next = s.of64[i]
			s.of192[i].next = s.of64[i]
			s.of256[i].next = s.of64[i]
		}
		alloc.EndFrame()
	}
}}

// The temporaries with a pointer, of the same sizes as those without.
type (
	pointers64 struct {
		next *pointers64
		_    [7]uint64
	}
	pointers128 struct {
		next *pointers64
		_    [15]uint64
	}
	pointers192 struct {
		next *pointers64
		_    [23]uint64
	}
	pointers256 struct {
		next *pointers64
		_    [31]uint64
	}
)

type pointerScene struct {
	of64  []*pointers64
	of128 []*pointers128
	of192 []*pointers192
	of256 []*pointers256
}

func newPointerScene() *pointerScene {
	return &pointerScene{
		make([]*pointers64, each), make([]*pointers128, each), make([]*pointers192, each), make([]*pointers256, each),
	}
}
