package jitter

import (
	"github.com/jokruger/slab"
)

// jokrugerMode is the fastest of the typed ones, with slabs that hold the frame.
var jokrugerMode = mode{"jokruger", func() func() {
	s := newScene()
	of64 := slab.NewSlab[temp64](each, nil)
	of128 := slab.NewSlab[temp128](each, nil)
	of192 := slab.NewSlab[temp192](each, nil)
	of256 := slab.NewSlab[temp256](each, nil)
	return func() {
		for i := range each {
			s.of64[i] = of64.Alloc()
			s.of128[i] = of128.Alloc()
			s.of192[i] = of192.Alloc()
			s.of256[i] = of256.Alloc()
			s.of64[i][0] = 1
			s.of128[i][0] = 1
			s.of192[i][0] = 1
			s.of256[i][0] = 1
		}
		of64.Reset()
		of128.Reset()
		of192.Reset()
		of256.Reset()
	}
}}
