package gallery

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

// textures returns a stream with room for three of the five textures of a room.
func textures(alloc *framealloc.Allocator) (*stream.Stream[byte], []*stream.Entry[byte]) {
	s := stream.New[byte](alloc, stream.Config{Name: "textures", Budget: 3 * 64 * framealloc.KiB})
	var all []*stream.Entry[byte]
	for i := range 5 {
		all = append(all, s.Entry(fmt.Sprint("wall ", i), 64*framealloc.KiB, stream.Normal, nil))
	}
	return s, all
}

// paint fills a texture.
func paint(e *stream.Entry[byte]) error {
	pixels, err := e.Begin()
	if err != nil {
		return err
	}
	for i := range pixels {
		pixels[i] = 0x80
	}
	return e.Finish()
}

func drawAllAtOnce(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	s, all := textures(alloc)
	defer s.Close()
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	for _, e := range all {
		if err := paint(e); err != nil {
			return nil // the fourth: the first three are in use by this frame
		}
		if pixels, ok := e.Use(frame); ok {
			l.Show(pixels[0])
		}
	}
	return nil
}

func drawWhatIsInView(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	s, all := textures(alloc)
	defer s.Close()
	for view := range 3 { // the player turns
		frame := alloc.BeginFrame()
		for _, e := range all[view : view+3] {
			if e.State() != stream.Ready {
				if err := paint(e); err != nil {
					return err
				}
			}
			if pixels, ok := e.Use(frame); ok {
				l.Show(pixels[0])
			}
		}
		alloc.EndFrame()
	}
	return nil
}
