// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc"
)

type job struct {
	worker *framealloc.Worker // of this goroutine
	ready  chan struct{}
}

func (j *job) run(n int) (first float32) {
	<-j.ready
	j.worker.Frame(func(f *framealloc.Frame) {
		weights := framealloc.Slice[float32](f, n)
		weights[0] = 1
		first = weights[0]
	})
	return first
}
