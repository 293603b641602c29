package main

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// refused deals with a box that its owner's queue had no place for: it must still
// be valid and unchanged. It goes to the next worker, or to the collector.
func (c *checker) refused(w *framealloc.Worker, l loan, err error) {
	if !errors.Is(err, diag.FA204) {
		c.violation(c.worker, c.step, err.Error())
		return
	}
	if i, err := l.box.TryGet(); err != nil || !i.ok(l.seed) {
		c.violation(c.worker, c.step, fmt.Sprintf("a value that could not be freed changed: %+v, %v", i, err))
		return
	}
	select {
	case c.boxes <- l:
	default:
	}
}

// stray starts a fork that nobody waits for: at the frame's end it may be running
// still. Whatever the policy does then, nobody else may get its memory.
func (c *checker) stray(f *framealloc.Frame) {
	child := f.Fork()
	own := c.apart("/stray")
	c.strays.Go(func() {
		defer child.Join()
		live := own.make(child, 5)
		for range own.rng.IntN(20) {
			runtime.Gosched()
			live = append(live, own.make(child, 2)...)
			own.check(live, "stray fork")
		}
	})
}

// box makes values in frame boxes, in the frame and in a scope inside it: those of
// the scope are dead when it ends, and say so.
func (c *checker) box(f *framealloc.Frame) {
	outer := framealloc.NewBox[item](f)
	seed := c.filled(outer.Get()).seed
	var inner framealloc.FrameBox[item]
	f.Sub(func(f *framealloc.Frame) {
		inner = framealloc.NewBox[item](f)
		c.check([]held{c.filled(inner.Get())}, "inner box")
	})
	c.check(c.make(f, 3), "frame")
	if inner.Alive() {
		c.violation(c.worker, c.step, "a box outlived its scope")
	}
	if x, err := outer.TryGet(); err != nil || !x.ok(seed) {
		c.violation(c.worker, c.step, fmt.Sprintf("a boxed value changed: %+v, %v", x, err)) //fa:ignore FA607 a report is the heap's
	}
}
