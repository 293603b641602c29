package gallery

import "github.com/framealloc/framealloc"

type walker struct {
	x int
	_ *walker // whom it hunts
}

// walk moves enemies over a map until it is left. burn is what becomes of those
// that walk off it.
func walk(l *Lab, burn func(*framealloc.Allocator, *walker)) error {
	alloc := l.Allocator(framealloc.Config{Modes: framealloc.ModeLeaks})
	var out []*walker
	for n := range 20 {
		alloc.Frame(func(frame *framealloc.Frame) {
			defer frame.Tag("enemies")()
			w := framealloc.PoolGet[walker](alloc)
			w.x = 10 * n
			out = append(out, w)
			on := out[:0]
			for _, w := range out {
				if w.x += 7; w.x < 100 {
					on = append(on, w)
				} else {
					burn(alloc, w)
				}
			}
			out = on
		})
	}
	for _, w := range out {
		framealloc.PoolPut(alloc, w)
	}
	return alloc.Close()
}

func loseEnemies(l *Lab) error {
	return walk(l, func(*framealloc.Allocator, *walker) {}) // nobody has them any more
}

func burnEnemies(l *Lab) error {
	return walk(l, func(alloc *framealloc.Allocator, w *walker) { framealloc.PoolPut(alloc, w) })
}
