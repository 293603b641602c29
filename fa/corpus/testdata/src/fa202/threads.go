// Package fa202 starts goroutines that share a frame boundary.
package fa202

import (
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

func loop(w *framealloc.Worker, b *framesync.Barrier, step func(*framealloc.Frame)) {
	defer w.Close()
	p := b.Participant(w.Name())
	for range 1000 {
		w.Frame(step)
		p.Wait()
	}
}

func free(w *framealloc.Worker, step func(*framealloc.Frame)) {
	defer w.Close()
	for range 1000 {
		w.Frame(step)
	}
}

func literal(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	b := framesync.NewBarrier("simulate")
	go loop(a.NewWorker("simulate"), b, step)
	w := a.NewWorker("particles")
	go func() { // bad FA202
		for range 1000 {
			w.Frame(step)
		}
	}()
}

func named(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	b := framesync.NewBarrier("simulate")
	go loop(a.NewWorker("simulate"), b, step)
	go free(a.NewWorker("particles"), step) // bad FA202
}

func byHand(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	w := a.NewWorker("particles")
	go func() { // bad FA202
		for range 100 {
			f := w.BeginFrame()
			step(f)
			w.EndFrame()
		}
	}()
}

func group(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	var wg sync.WaitGroup
	sim, fx := a.NewWorker("simulate"), a.NewWorker("effects")
	wg.Go(func() { loop(sim, b, step) })
	wg.Go(func() { free(fx, step) }) // bad FA202
	wg.Wait()
}

type engine struct {
	alloc   *framealloc.Allocator
	barrier *framesync.Barrier
	step    func(*framealloc.Frame)
}

func (e *engine) simulate() { loop(e.alloc.NewWorker("simulate"), e.barrier, e.step) }
func (e *engine) stream()   { free(e.alloc.NewWorker("stream"), e.step) }

func (e *engine) start() {
	go e.simulate()
	go e.stream() // bad FA202
}

func two(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	go loop(a.NewWorker("render"), b, step)
	go free(a.NewWorker("ghost"), step) // bad FA202
}

// good FA202: everybody takes part
func all(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	names := []string{"simulate", "render", "particles"}
	b := framesync.NewBarrier(names...)
	for _, n := range names {
		go loop(a.NewWorker(n), b, step)
	}
}

// good FA202: nobody takes part, and there is no barrier
func none(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	go free(a.NewWorker("a"), step)
	go free(a.NewWorker("b"), step)
}

// good FA202: one that runs no frames
func logger(a *framealloc.Allocator, b *framesync.Barrier, lines <-chan string, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	go func() {
		for l := range lines {
			println(l)
		}
	}()
}

// good FA202: an allocator of its own
func audio(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	go func() {
		own := framealloc.NewAllocator(framealloc.DefaultConfig())
		for range 100 {
			own.Frame(step)
		}
	}()
}

// good FA202: a reason was given
func ghost(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	go free(a.NewWorker("ghost"), step) //fa:ignore FA202 shares nothing but the allocator
}

// good FA202: one frame, not a loop of them
func once(a *framealloc.Allocator, b *framesync.Barrier, step func(*framealloc.Frame)) {
	go loop(a.NewWorker("simulate"), b, step)
	w := a.NewWorker("loader")
	go func() {
		defer w.Close()
		w.Frame(step)
	}()
}
