package game

import "github.com/framealloc/framealloc"

type bullet struct{ trail []int }

func fired(w *framealloc.Worker) *bullet {
	f := w.BeginFrame()
	defer w.EndFrame()
	b := framealloc.PoolGet[bullet](w)
	b.trail = framealloc.Slice[int](f, 8) // bad FA601
	return b
}

func boxed(f *framealloc.Frame, box framealloc.Box[bullet]) error {
	b, err := box.TryGet()
	if err != nil {
		return err
	}
	b.trail = framealloc.Slice[int](f, 8) // bad FA601
	return nil
}

// good FA601: the object goes back before the frame ends
func spent(f *framealloc.Frame) int {
	b := framealloc.PoolGet[bullet](f)
	defer framealloc.PoolPut(f, b)
	b.trail = framealloc.Slice[int](f, 8)
	return len(b.trail)
}
