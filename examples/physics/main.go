// Physics steps a box of balls on several goroutines: each gets a fork of the
// frame, finds contacts in it, and the main goroutine solves them all.
package main

import (
	"fmt"
	"slices"

	"github.com/framealloc/framealloc"
)

type ball struct {
	id     int
	x, y   float64
	vx, vy float64
}

// A contact refers to the balls themselves: frame memory may hold pointers.
type contact struct {
	a, b  *ball
	depth float64
}

const (
	size   = 40.0 // of the box
	radius = 0.6
	bands  = 8 // pieces of work in the broad phase
)

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	balls := make([]ball, 400)
	for i := range balls {
		balls[i] = ball{i, float64(i%20)*2 + 1, float64(i/20)*2 + 1, float64(i*7%11-5) / 10, float64(i*5%13-6) / 10}
	}
	total := 0
	for range 120 {
		alloc.Frame(func(frame *framealloc.Frame) { total += step(frame, balls) })
	}

	energy := 0.0
	for _, b := range balls {
		energy += b.vx*b.vx + b.vy*b.vy
	}
	fmt.Printf("%d contacts in 120 steps, energy %.6f\n", total, energy)
}

// step moves the balls and solves their contacts. The result does not depend on
// which goroutine was faster: each band's contacts are in a place of their own.
func step(frame *framealloc.Frame, balls []ball) int {
	for i := range balls {
		b := &balls[i]
		b.x, b.y = b.x+b.vx, b.y+b.vy
		if b.x < radius || b.x > size-radius {
			b.vx, b.x = -b.vx, min(max(b.x, radius), size-radius)
		}
		if b.y < radius || b.y > size-radius {
			b.vy, b.y = -b.vy, min(max(b.y, radius), size-radius)
		}
	}

	// Broad phase: who is in which band, sorted by x.
	sorted := framealloc.Slice[*ball](frame, len(balls))
	for i := range balls {
		sorted[i] = &balls[i]
	}
	slices.SortFunc(sorted, func(a, b *ball) int {
		if a.x != b.x {
			if a.x < b.x {
				return -1
			}
			return 1
		}
		return a.id - b.id
	})

	// Narrow phase, in parallel: what a fork allocates lives until the frame ends.
	found := framealloc.Slice[[]contact](frame, bands)
	framealloc.Parallel(frame, bands, func(fork *framealloc.Frame, band int) {
		defer fork.Tag("narrow phase")()
		contacts := framealloc.NewVec[contact](fork, 64).Growable()
		for i := band * len(sorted) / bands; i < (band+1)*len(sorted)/bands; i++ {
			a := sorted[i]
			for _, b := range sorted[i+1:] {
				if b.x-a.x >= 2*radius {
					break
				}
				dx, dy := b.x-a.x, b.y-a.y
				if d := dx*dx + dy*dy; d < 4*radius*radius && d > 0 {
					contacts.Push(contact{a, b, 4*radius*radius - d})
				}
			}
		}
		found[band] = contacts.Slice()
	})

	n := 0
	for _, contacts := range found {
		for _, c := range contacts { // equal masses exchange velocities
			c.a.vx, c.b.vx = c.b.vx, c.a.vx
			c.a.vy, c.b.vy = c.b.vy, c.a.vy
			n++
		}
	}
	return n
}
