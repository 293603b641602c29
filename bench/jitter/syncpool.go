package jitter

import (
	"sync"
)

// syncPoolMode takes the temporaries from a sync.Pool for each type, zeroes them,
// and puts them back.
var syncPoolMode = mode{"sync.Pool", func() func() {
	s := newScene()
	of64 := sync.Pool{New: func() any { return new(temp64) }}
	of128 := sync.Pool{New: func() any { return new(temp128) }}
	of192 := sync.Pool{New: func() any { return new(temp192) }}
	of256 := sync.Pool{New: func() any { return new(temp256) }}
	return func() {
		for i := range each {
			s.of64[i] = of64.Get().(*temp64)
			*s.of64[i] = temp64{}
			s.of128[i] = of128.Get().(*temp128)
			*s.of128[i] = temp128{}
			s.of192[i] = of192.Get().(*temp192)
			*s.of192[i] = temp192{}
			s.of256[i] = of256.Get().(*temp256)
			*s.of256[i] = temp256{}
			s.of64[i][0] = 1
			s.of128[i][0] = 1
			s.of192[i][0] = 1
			s.of256[i][0] = 1
		}
		for i := range each {
			of64.Put(s.of64[i])
			of128.Put(s.of128[i])
			of192.Put(s.of192[i])
			of256.Put(s.of256[i])
		}
	}
}}
