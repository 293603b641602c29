// Package loop is a main loop, and how it goes wrong.
package loop

import (
	"errors"
	"fmt"
	"log"

	"fa603/wrap"

	"github.com/framealloc/framealloc"
)

type input struct{ quit, paused bool }

var errInput = errors.New("no input")

func poll() (input, error) { return input{}, errInput }

// An error leaves the frame active.
func early(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	in, err := poll()
	if err != nil {
		return err // bad FA603
	}
	simulate(f, in)
	a.EndFrame()
	return nil
}

func simulate(f *framealloc.Frame, in input) { _ = framealloc.Slice[float32](f, 8) }

// A paused game goes on with its frame.
func paused(w *framealloc.Worker) {
	for {
		f := w.BeginFrame() // bad FA603
		in, err := poll()
		if err != nil {
			break
		}
		if in.paused {
			continue
		}
		simulate(f, in)
		w.EndFrame()
	}
} // bad FA603

// A switch has a way without an end.
func cases(w *framealloc.Worker, mode int) int {
	f := w.BeginFrame()
	switch mode {
	case 0:
		w.EndFrame()
		return f.Used()
	case 1:
		simulate(f, input{})
		w.EndFrame()
	case 2:
		return 2 // bad FA603
	default:
		w.EndFrame()
	}
	return 0
}

// Ended by a defer, and by hand.
func twice(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame() // bad FA603
	simulate(f, input{})
	a.EndFrame()
}

// Ended in the branch, and again behind it.
func again(a *framealloc.Allocator) {
	f := a.BeginFrame()
	if f.Used() > 100 {
		fmt.Println("much")
		a.EndFrame()
	}
	a.EndFrame() // bad FA603
}

// Begun while active.
func nested(a *framealloc.Allocator) {
	f := a.BeginFrame()
	simulate(f, input{})
	g := a.BeginFrame() // bad FA603
	simulate(g, input{})
	a.EndFrame()
}

// Allocated when it is over.
func late(a *framealloc.Allocator) int {
	f := a.BeginFrame()
	a.EndFrame()
	s := framealloc.Slice[int](f, 3) // bad FA603
	return len(s)
}

// Allocated through a helper when it is over.
func lateHelper(a *framealloc.Allocator) {
	f := a.BeginFrame()
	a.EndFrame()
	simulate(f, input{}) // bad FA603
}

// Nobody else knows the worker.
func alone() {
	a := framealloc.NewAllocator(framealloc.DefaultConfig())
	defer a.Close()
	f := a.BeginFrame()
	simulate(f, input{})
} // bad FA603

// Through wrappers of another package.
func wrapped(a *framealloc.Allocator) error {
	f := wrap.Open(a)
	in, err := poll()
	if err != nil {
		return fmt.Errorf("poll: %w", err) // bad FA603
	}
	simulate(f, in)
	wrap.Shut(a)
	return nil
}

// good FA603: a defer covers every way
func deferred(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	defer a.EndFrame()
	in, err := poll()
	if err != nil {
		return err
	}
	simulate(f, in)
	return nil
}

// good FA603: a deferred literal
func literal(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	defer func() {
		fmt.Println("frame", f.Number())
		a.EndFrame()
	}()
	in, err := poll()
	if err != nil {
		return err
	}
	simulate(f, in)
	return nil
}

// good FA603: each way ends it
func each(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	in, err := poll()
	if err != nil {
		a.EndFrame()
		return err
	}
	simulate(f, in)
	a.EndFrame()
	return nil
}

// good FA603: a main loop
func run(a *framealloc.Allocator) {
	for {
		f := a.BeginFrame()
		in, _ := poll()
		if in.quit {
			a.EndFrame()
			return
		}
		if !in.paused {
			simulate(f, in)
		}
		a.EndFrame()
	}
}

// good FA603: the same condition for both
func optional(a *framealloc.Allocator, enabled bool) {
	var f *framealloc.Frame
	if enabled {
		f = a.BeginFrame()
	}
	fmt.Println("working", f != nil)
	if enabled {
		a.EndFrame()
	}
}

// good FA603: the program ends instead
func fatal(a *framealloc.Allocator) {
	f := a.BeginFrame()
	in, err := poll()
	if err != nil {
		log.Fatal(err)
	}
	if in.quit {
		panic("quit")
	}
	simulate(f, in)
	a.EndFrame()
}

// good FA603: a helper ends it, and only on one way
func helper(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	in, err := poll()
	if err != nil {
		finish(a, "failed")
		return err
	}
	simulate(f, in)
	finish(a, "done")
	return nil
}

func finish(a *framealloc.Allocator, why string) {
	fmt.Println(why)
	a.EndFrame()
}

// good FA603: an engine ends it behind our back
type engine interface{ Present(a *framealloc.Allocator) }

func present(e engine, a *framealloc.Allocator) {
	for range 10 {
		f := a.BeginFrame()
		simulate(f, input{})
		e.Present(a)
	}
}

// good FA603: two workers, each in order
func two(a, b *framealloc.Worker) {
	fa := a.BeginFrame()
	fb := b.BeginFrame()
	simulate(fa, input{})
	simulate(fb, input{})
	b.EndFrame()
	a.EndFrame()
}

// good FA603: the scope form
func scope(a *framealloc.Allocator) error {
	var err error
	a.Frame(func(f *framealloc.Frame) {
		var in input
		if in, err = poll(); err != nil {
			return
		}
		simulate(f, in)
	})
	return err
}

// good FA603: a loop of somebody else's, which calls in each turn
type turns struct {
	alloc *framealloc.Allocator
	frame *framealloc.Frame
}

func (t *turns) next() {
	if t.frame != nil {
		t.alloc.EndFrame()
	}
	t.frame = t.alloc.BeginFrame()
}

func odd(a *framealloc.Allocator, n int) {
	for i := range n {
		f := a.BeginFrame() // bad FA603
		simulate(f, input{})
		if i%2 == 0 {
			a.EndFrame()
		}
	}
} // bad FA603
