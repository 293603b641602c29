// Package good holds the catalogue's example.
package good

import (
	"strings"
	"time"

	"github.com/framealloc/framealloc"
)

func warn(frame *framealloc.Frame, seconds int, show func(string)) {
	text := framealloc.NewText(frame).Int(seconds).Str(" s left").String()
	text = strings.Clone(text)
	time.AfterFunc(time.Second, func() {
		show(text)
	})
}
