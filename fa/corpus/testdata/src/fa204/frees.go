// Package fa204 frees what other goroutines' workers own.
package fa204

import "github.com/framealloc/framealloc"

type bullet struct{ x, y float32 }

func ranged(spent <-chan framealloc.Box[bullet]) {
	for b := range spent {
		b.Free() // bad FA204
	}
}

func forever(spent <-chan framealloc.Box[bullet]) {
	for {
		b := <-spent
		b.Free() // bad FA204
	}
}

func pool(w *framealloc.Worker, spent <-chan *bullet) {
	for b := range spent {
		framealloc.PoolPut(w, b) // bad FA204
	}
}

func checked(spent <-chan framealloc.Box[bullet]) {
	for {
		b, ok := <-spent
		if !ok {
			return
		}
		b.Free() // bad FA204
	}
}

func from(w *framealloc.Worker, spent <-chan framealloc.Box[bullet]) {
	for b := range spent {
		b.FreeFrom(w) // bad FA204
	}
}

func selected(spent <-chan framealloc.Box[bullet], quit <-chan struct{}) {
	for {
		select {
		case b := <-spent:
			b.Free() // bad FA204
		case <-quit:
			return
		}
	}
}

// good FA204: at most so many
func bounded(spent <-chan framealloc.Box[bullet]) {
	for range 256 {
		select {
		case b := <-spent:
			b.Free()
		default:
			return
		}
	}
}

// good FA204: its own objects
func own(w *framealloc.Worker, n int) {
	for range n {
		b := framealloc.PoolGet[bullet](w)
		framealloc.PoolPut(w, b)
	}
}

// good FA204: a list of a known length
func list(w *framealloc.Worker, spent []*bullet) {
	for _, b := range spent {
		framealloc.PoolPut(w, b)
	}
}

// good FA204: one
func one(spent <-chan framealloc.Box[bullet]) {
	b := <-spent
	b.Free()
}

// good FA204: what is there, and no more
func drained(spent <-chan framealloc.Box[bullet]) {
	for {
		select {
		case b := <-spent:
			b.Free()
		default:
			return
		}
	}
}

// good FA204: stops at a number
func counted(spent <-chan framealloc.Box[bullet]) {
	n := 0
	for b := range spent {
		b.Free()
		n++
		if n >= 100 {
			break
		}
	}
}
