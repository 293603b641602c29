package jitter

// heapMode leaves the temporaries to the collector.
var heapMode = mode{"heap", func() func() {
	s := newScene()
	return func() {
		for i := range each {
			s.of64[i] = new(temp64)
			s.of128[i] = new(temp128)
			s.of192[i] = new(temp192)
			s.of256[i] = new(temp256)
			s.of64[i][0] = 1
			s.of128[i][0] = 1
			s.of192[i][0] = 1
			s.of256[i][0] = 1
		}
	}
}}
