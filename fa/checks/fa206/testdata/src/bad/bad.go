// Package bad holds the catalogue's example.
package bad

import (
	"github.com/framealloc/framealloc/framesync"
)

func results(jobs <-chan *framesync.Transfer[[]int32], wanted func() bool) {
	for t := range jobs { // want `there is a way on which this transfer is neither received nor dropped nor handed on`
		if !wanted() {
			continue // nobody receives it
		}
		if path, err := t.Receive(); err == nil {
			_ = path
		}
	}
}
