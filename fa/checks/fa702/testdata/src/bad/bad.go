// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc"
)

type job struct {
	frame *framealloc.Frame // of the main loop, which ends it on time
	ready chan struct{}
}

func (j *job) run(n int) float32 {
	weights := framealloc.Slice[float32](j.frame, n)
	weights[0] = 1
	<-j.ready // want `frame memory is used behind this wait, and its frame may have been ended by then`
	return weights[0]
}
