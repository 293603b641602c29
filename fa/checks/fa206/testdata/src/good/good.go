// Package good holds the catalogue's example.
package good

import (
	"github.com/framealloc/framealloc/framesync"
)

func results(jobs <-chan *framesync.Transfer[[]int32], wanted func() bool) {
	for t := range jobs {
		if !wanted() {
			t.Drop()
			continue
		}
		if path, err := t.Receive(); err == nil {
			_ = path
		}
	}
}
