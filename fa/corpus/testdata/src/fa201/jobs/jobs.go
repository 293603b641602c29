// Package jobs spreads work over goroutines.
package jobs

import (
	"context"
	"sync"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
	"github.com/framealloc/framealloc/handle"
	"github.com/framealloc/framealloc/stream"
)

type island struct{ bodies []int }

type pool struct {
	frame *framealloc.Frame
	jobs  chan *framealloc.Frame
	alloc *framealloc.Allocator
}

// All goroutines allocate from one frame, even if they are waited for.
func parallel(f *framealloc.Frame, islands []island) {
	var wg sync.WaitGroup
	for i := range islands {
		wg.Go(func() { // bad FA201
			_ = framealloc.Slice[int](f, len(islands[i].bodies))
		})
	}
	wg.Wait()
}

// A go statement with the frame as an argument.
func started(a *framealloc.Allocator, is island) {
	f := a.BeginFrame()
	defer a.EndFrame()
	go solve(f, is) // bad FA201
}

func solve(f *framealloc.Frame, is island) { _ = framealloc.Slice[int](f, len(is.bodies)) }

// A goroutine two calls away from the allocation.
func deep(f *framealloc.Frame, is island) {
	go func() { // bad FA201
		outer(f, is)
	}()
}

func outer(f *framealloc.Frame, is island) { solve(f, is) }

// Memory that is read by a goroutine nobody waits for.
func memory(a *framealloc.Allocator, save func([]byte)) {
	f := a.BeginFrame()
	defer a.EndFrame()
	b := framealloc.Bytes(f, 100)
	go save(b) // bad FA201
}

// Memory that a closure holds.
func captured(f *framealloc.Frame) {
	scores := framealloc.Slice[int](f, 100)
	go func() { // bad FA201
		total := 0
		for _, s := range scores {
			total += s
		}
		println(total)
	}()
}

// Through a function that starts the goroutine.
func through(f *framealloc.Frame) {
	b := framealloc.Bytes(f, 100)
	upload(b) // bad FA201
}

func upload(b []byte) {
	go func() {
		println(len(b), b[0])
	}()
}

// A frame over a channel.
func sent(f *framealloc.Frame, jobs chan<- *framealloc.Frame) {
	jobs <- f // bad FA201
}

// A worker in a goroutine, and here as well.
func shared(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	w := a.NewWorker("physics")
	w.SetFrameBudget(1 << 20)
	go func() { // bad FA201
		for range 100 {
			w.Frame(step)
		}
	}()
	w.Frame(step)
}

// errgroup-like: a fork group does not help if the outer frame is used.
func wrongFrame(ctx context.Context, f *framealloc.Frame) error {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // bad FA201
		defer wg.Done()
		v := framealloc.NewVec[int](f, 10)
		v.Push(1)
	}()
	wg.Wait()
	return ctx.Err()
}

// good FA201: forks
func forked(f *framealloc.Frame, islands []island) {
	var wg sync.WaitGroup
	for i := range islands {
		child := f.Fork()
		wg.Go(func() {
			defer child.Join()
			_ = framealloc.Slice[int](child, len(islands[i].bodies))
		})
	}
	wg.Wait()
}

// good FA201: the library's own way
func builtin(ctx context.Context, f *framealloc.Frame, islands []island) error {
	framealloc.Parallel(f, len(islands), func(f *framealloc.Frame, i int) {
		_ = framealloc.Slice[int](f, len(islands[i].bodies))
	})
	g := framealloc.NewForkGroup(ctx, f)
	for i := range islands {
		g.Go(func(f *framealloc.Frame) error {
			solve(f, islands[i])
			return nil
		})
	}
	return g.Wait()
}

// good FA201: memory is shared out, and everybody is waited for
func shared4(f *framealloc.Frame) {
	buf := framealloc.Slice[float32](f, 400)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func(part []float32) {
			defer wg.Done()
			for k := range part {
				part[k] = float32(k)
			}
		}(buf[i*100 : i*100+100])
	}
	wg.Wait()
}

// good FA201: waited for through a channel
func done(f *framealloc.Frame) int {
	buf := framealloc.Slice[int](f, 400)
	finished := make(chan struct{})
	go func() {
		buf[0] = 1
		close(finished)
	}()
	<-finished
	return buf[0]
}

// good FA201: a worker that goes to its goroutine
func own(a *framealloc.Allocator, step func(*framealloc.Frame)) {
	w := a.NewWorker("audio")
	w.SetFrameBudget(1 << 20)
	go func() {
		defer w.Close()
		for range 100 {
			w.Frame(step)
		}
	}()
}

// good FA201: a transfer
func handed(f *framealloc.Frame, out chan<- *framesync.Transfer[[]int]) {
	t := framesync.NewTransfer(f, framealloc.Slice[int](f, 4))
	go func() { out <- t }()
}

// good FA201: only a copy goes
func copied(f *framealloc.Frame, save func(string)) {
	b := framealloc.Bytes(f, 100)
	s := string(b)
	go save(s)
}

// good FA201: a child frame goes to a function that starts the goroutine
func spawns(f *framealloc.Frame, is island) {
	spawn(f.Fork(), is)
}

func spawn(child *framealloc.Frame, is island) {
	go func() {
		defer child.Join()
		solve(child, is)
	}()
}

// good FA201: the goroutine begins frames of its own worker
func (p *pool) serve(n int) {
	for i := range n {
		w := p.alloc.NewWorker("job")
		w.SetFrameBudget(1 << 20)
		go p.work(w, i)
	}
}

func (p *pool) work(w *framealloc.Worker, n int) {
	f := w.BeginFrame()
	defer w.EndFrame()
	solve(f, island{bodies: framealloc.Slice[int](f, n)})
}

// good FA201: handles are plain values
func (p *pool) named(f *framealloc.Frame, t *handle.Table[island]) {
	h := t.NewValue(island{bodies: []int{1}})
	go report(h, t.Len())
	solve(f, *t.Get(h))
}

func report(h handle.Handle[island], n int) { println(h.String(), n) }

func (p *pool) streamed(f *framealloc.Frame, e *stream.Entry[int]) {
	go func() { // bad FA201
		if values, ok := e.Use(f); ok {
			println(values[0])
		}
	}()
}

// good FA201: an entry may be asked for from any goroutine
func (p *pool) wanted(f *framealloc.Frame, e *stream.Entry[int]) {
	values, _ := e.Use(f)
	println(len(values))
	go e.Request()
	go func() { e.Evict() }()
}
