// Package fa205 forks frames, and does not always wait for them.
package fa205

import (
	"context"
	"sync"

	"github.com/framealloc/framealloc"
)

func search(f *framealloc.Frame, n int) int { return len(framealloc.Slice[int](f, n)) }

func early(a *framealloc.Allocator, n int) {
	f := a.BeginFrame()
	child := f.Fork() // bad FA205
	go func() {
		defer child.Join()
		search(child, n)
	}()
	a.EndFrame()
}

func deferred(a *framealloc.Allocator, n int) {
	f := a.BeginFrame()
	defer a.EndFrame()
	for i := range n {
		child := f.Fork() // bad FA205
		go func() {
			defer child.Join()
			search(child, i)
		}()
	}
}

func onePath(a *framealloc.Allocator, wait bool) {
	f := a.BeginFrame()
	var wg sync.WaitGroup
	child := f.Fork() // bad FA205
	wg.Go(func() {
		defer child.Join()
		search(child, 3)
	})
	if wait {
		wg.Wait()
	}
	a.EndFrame()
}

func group(ctx context.Context, a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	g := framealloc.NewForkGroup(ctx, f)
	g.Go(func(f *framealloc.Frame) error { // bad FA205
		search(f, 3)
		return nil
	})
}

func failing(ctx context.Context, a *framealloc.Allocator, check func() error) error {
	f := a.BeginFrame()
	defer a.EndFrame()
	g := framealloc.NewForkGroup(ctx, f)
	g.Go(func(f *framealloc.Frame) error { // bad FA205
		search(f, 3)
		return nil
	})
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func scope(a *framealloc.Allocator) {
	a.Frame(func(f *framealloc.Frame) {
		child := f.Fork() // bad FA205
		go func() {
			defer child.Join()
			search(child, 3)
		}()
	})
}

// good FA205: waited for
func waits(a *framealloc.Allocator, n int) {
	f := a.BeginFrame()
	var wg sync.WaitGroup
	for i := range n {
		child := f.Fork()
		wg.Go(func() {
			defer child.Join()
			search(child, i)
		})
	}
	wg.Wait()
	a.EndFrame()
}

// good FA205: a group that is waited for
func grouped(ctx context.Context, a *framealloc.Allocator) error {
	f := a.BeginFrame()
	defer a.EndFrame()
	g := framealloc.NewForkGroup(ctx, f)
	for i := range 4 {
		g.Go(func(f *framealloc.Frame) error {
			search(f, i)
			return nil
		})
	}
	return g.Wait()
}

// good FA205: waited for with a defer
func lastly(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	var wg sync.WaitGroup
	defer wg.Wait()
	child := f.Fork()
	wg.Go(func() {
		defer child.Join()
		search(child, 3)
	})
}

// good FA205: a channel that the goroutine closes
func signalled(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	child := f.Fork()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer child.Join()
		search(child, 3)
	}()
	<-done
}

// good FA205: the caller's frame, and the caller's wait
func starts(f *framealloc.Frame, wg *sync.WaitGroup) {
	child := f.Fork()
	wg.Go(func() {
		defer child.Join()
		search(child, 3)
	})
}

// good FA205: the library waits
func parallel(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	framealloc.Parallel(f, 8, func(f *framealloc.Frame, i int) { search(f, i) })
}

// good FA205: joined by hand
func byHand(a *framealloc.Allocator) {
	f := a.BeginFrame()
	child := f.Fork()
	search(child, 3)
	child.Join()
	a.EndFrame()
}
