// Package bad holds the catalogue's example.
package bad

import (
	"sync"

	"github.com/framealloc/framealloc"
)

func physics(frame *framealloc.Frame, islands [][]int) {
	var wg sync.WaitGroup
	for _, island := range islands {
		wg.Go(func() { // want `the goroutine allocates from a frame that is not its own`
			_ = framealloc.Slice[float32](frame, len(island)) // every goroutine, one frame
		})
	}
	wg.Wait()
}
