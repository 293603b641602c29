// Package fix is put right by defers.
package fix

import (
	"errors"

	"github.com/framealloc/framealloc"
)

var errEmpty = errors.New("empty")

func step(a *framealloc.Allocator, n int) error {
	f := a.BeginFrame()
	if n == 0 {
		return errEmpty // want `step is left here with its frame still active`
	}
	_ = framealloc.Slice[int](f, n)
	a.EndFrame()
	return nil
}

func loop(a *framealloc.Allocator, n int) {
	for i := range n {
		f := a.BeginFrame() // want `a frame begins here while the one before may still be active`
		if i == 3 {
			continue
		}
		_ = framealloc.Slice[int](f, n)
		a.EndFrame()
	}
} // want `loop is left here with its frame still active`
