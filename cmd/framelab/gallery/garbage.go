package gallery

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

func hudWithFmt(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	units, fps := 1200, 60
	return l.Litter(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		for range 20 { // lines
			l.Draw(fmt.Sprintf("%d units, %d fps", units+int(frame.Number()), fps))
		}
	})
}

func hudWithText(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	units, fps := 1200, 60
	return l.Litter(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		for range 20 { // lines
			text := framealloc.NewText(frame)
			l.Draw(text.Int(units + int(frame.Number())).Str(" units, ").Int(fps).Str(" fps").String())
		}
	})
}
