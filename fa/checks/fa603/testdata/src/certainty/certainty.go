// Package certainty has one mistake that is proven, and one that is likely.
package certainty

import "github.com/framealloc/framealloc"

func proven(a *framealloc.Allocator, frames int, paused func() bool) {
	for range frames {
		_ = a.BeginFrame() // want `a frame begins here while the one before may still be active`
		if paused() {
			continue
		}
		a.EndFrame()
	}
} // want `proven is left here with its frame still active`

// Whether a number leaves out a turn, fa does not compute.
func likely(a *framealloc.Allocator, frames int) {
	for i := range frames {
		_ = a.BeginFrame() // want `a frame begins here while the one before may still be active`
		if i < frames {
			a.EndFrame()
		}
	}
} // want `likely is left here with its frame still active`
