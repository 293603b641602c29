package jitter

import (
	"github.com/wundergraph/go-arena"
)

// wundergraphMode is the best of the arenas over []byte that grow.
var wundergraphMode = mode{"wundergraph", func() func() {
	s := newScene()
	a := arena.NewMonotonicArena(arena.WithMinBufferSize(4 << 20))
	return func() {
		for i := range each {
			s.of64[i] = arena.Allocate[temp64](a)
			s.of128[i] = arena.Allocate[temp128](a)
			s.of192[i] = arena.Allocate[temp192](a)
			s.of256[i] = arena.Allocate[temp256](a)
			s.of64[i][0] = 1
			s.of128[i][0] = 1
			s.of192[i][0] = 1
			s.of256[i][0] = 1
		}
		a.Reset()
	}
}}
