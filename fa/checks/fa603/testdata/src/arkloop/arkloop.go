// Package arkloop runs an Ark world's frames by hand.
package arkloop

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arkframe"
)

func left(frames *arkframe.Frames, paused func() bool) {
	f := frames.Begin()
	_ = framealloc.New[int](f)
	if paused() {
		return // want `left is left here with its frame still active`
	}
	frames.End()
}

func after(frames *arkframe.Frames) *int {
	f := frames.Begin()
	frames.End()
	return framealloc.New[int](f) // want `allocation outside of a frame`
}

func dropped(frames *arkframe.Frames, failed func() bool) {
	frames.Begin()
	if failed() {
		frames.Drop()
		return
	}
	frames.End()
}

func deferred(frames *arkframe.Frames, failed func() bool) {
	frames.Begin()
	defer frames.Drop()
	if failed() {
		return
	}
	frames.End()
}

func good(frames *arkframe.Frames, turns int) {
	for range turns {
		f := frames.Begin()
		_ = framealloc.New[int](f)
		frames.End()
	}
	frames.Step(func(f *framealloc.Frame) { _ = framealloc.New[int](f) })
}
