// Package bad holds the catalogue's example.
package bad

import (
	"time"

	"github.com/framealloc/framealloc"
)

func warn(frame *framealloc.Frame, seconds int, show func(string)) {
	text := framealloc.NewText(frame).Int(seconds).Str(" s left").String()
	time.AfterFunc(time.Second, func() { // want `a function that holds frame memory is kept by time\.AfterFunc, and may be called when the frame is over`
		show(text) // a second later: sixty frames
	})
}
