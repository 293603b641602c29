// Package fa701 waits while a frame is active, or just does not.
package fa701

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

type packet struct{ data []byte }

func sleeps(a *framealloc.Allocator) {
	f := a.BeginFrame()
	_ = framealloc.Slice[int](f, 8)
	time.Sleep(time.Millisecond) // bad FA701
	a.EndFrame()
}

func receives(a *framealloc.Allocator, in <-chan packet) {
	f := a.BeginFrame()
	defer a.EndFrame()
	p := <-in // bad FA701
	_ = framealloc.Clone(f, p.data)
}

func reads(f *framealloc.Frame, name string) []byte {
	b, err := os.ReadFile(name) // bad FA701
	if err != nil {
		return nil
	}
	return framealloc.Clone(f, b)
}

func load(url string) (*http.Response, error) { return http.Get(url) }

func through(a *framealloc.Allocator) error {
	f := a.BeginFrame()
	defer a.EndFrame()
	r, err := load("http://localhost/scores") // bad FA701
	if err != nil {
		return err
	}
	_ = framealloc.Slice[byte](f, int(r.ContentLength))
	return r.Body.Close()
}

func selects(ctx context.Context, f *framealloc.Frame, in <-chan packet) {
	select { // bad FA701
	case p := <-in:
		_ = framealloc.Clone(f, p.data)
	case <-ctx.Done():
	}
}

func scope(a *framealloc.Allocator) {
	a.Frame(func(f *framealloc.Frame) {
		_ = exec.Command("true").Run() // bad FA701
		_ = framealloc.Slice[int](f, 1)
	})
}

func ticks(f *framealloc.Frame, t *time.Ticker) {
	<-t.C // bad FA701
	_ = framealloc.Slice[int](f, 1)
}

// good FA701: before the frame
func before(a *framealloc.Allocator, in <-chan packet) {
	p := <-in
	f := a.BeginFrame()
	_ = framealloc.Clone(f, p.data)
	a.EndFrame()
}

// good FA701: after the frame
func after(a *framealloc.Allocator) {
	f := a.BeginFrame()
	_ = framealloc.Slice[int](f, 8)
	a.EndFrame()
	time.Sleep(time.Millisecond)
}

// good FA701: a look, not a wait
func polls(f *framealloc.Frame, in <-chan packet) {
	select {
	case p := <-in:
		_ = framealloc.Clone(f, p.data)
	default:
	}
}

// good FA701: a loop that waits between its frames
func loop(w *framealloc.Worker, t *time.Ticker, jobs <-chan packet) {
	for range t.C {
		w.Frame(func(f *framealloc.Frame) { _ = framealloc.Slice[int](f, 8) })
	}
	for p := range jobs {
		f := w.BeginFrame()
		_ = framealloc.Clone(f, p.data)
		w.EndFrame()
	}
}

// good FA701: goroutines of the function's own
func spread(f *framealloc.Frame, n int) int {
	buf := framealloc.Slice[int](f, n)
	done := make(chan int)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { buf[i] = i })
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
	return buf[0]
}

// good FA701: a goroutine waits, not the frame
func background(f *framealloc.Frame, out chan<- []byte) {
	_ = framealloc.Slice[int](f, 1)
	go func() {
		b, err := os.ReadFile("level")
		if err == nil {
			out <- b
		}
	}()
}

func loads(a *framealloc.Allocator, ctx context.Context, e *stream.Entry[int]) {
	f := a.BeginFrame()
	defer a.EndFrame()
	scores := framealloc.Slice[int](f, 8)
	if e.Wait(ctx) == nil { // bad FA701
		scores[0]++
	}
}
