// Package fa604 promises more than it keeps.
package fa604

import "github.com/framealloc/framealloc"

type contact struct{ point [3]float32 }

func heap(a *framealloc.Allocator) {
	f := a.BeginFrame()
	c := framealloc.Retain[contact](f, framealloc.ToHeap) // bad FA604
	c.Value().point[0] = 1
	a.EndFrame()
}

func pool(w *framealloc.Worker) {
	f := w.BeginFrame()
	defer w.EndFrame()
	c := framealloc.Retain[contact](f, framealloc.ToPool) // bad FA604
	c.Value().point[0] = 1
}

func scope(a *framealloc.Allocator) {
	a.Frame(func(f *framealloc.Frame) {
		c := framealloc.Retain[contact](f, framealloc.ToHeap) // bad FA604
		c.Value().point[0] = 1
	})
}

func scratch(a *framealloc.Allocator) {
	f := a.BeginFrame()
	c := framealloc.Retain[contact](f, framealloc.ToScratch("level")) // bad FA604
	c.Value().point[0] = 1
	a.EndFrameWithPromotions()
	a.ResetScratch()
}

func named(a *framealloc.Allocator) {
	s := a.Scratch("paths")
	f := a.BeginFrame()
	c := framealloc.Retain[contact](f, framealloc.ToScratch("paths")) // bad FA604
	c.Value().point[0] = 1
	a.EndFrameWithSummary()
	s.Reset()
}

func looped(a *framealloc.Allocator, n int) {
	for range n {
		f := a.BeginFrame()
		_ = framealloc.Retain[contact](f, framealloc.ToPool) // bad FA604
		a.EndFrame()
	}
}

// good FA604: taken
func taken(a *framealloc.Allocator) (*contact, error) {
	f := a.BeginFrame()
	c := framealloc.Retain[contact](f, framealloc.ToHeap)
	return framealloc.Promoted(a.EndFrameWithPromotions(), c)
}

// good FA604: somebody else ends the frame
func handed(f *framealloc.Frame) framealloc.Retained[contact] {
	return framealloc.Retain[contact](f, framealloc.ToHeap)
}

// good FA604: discarded on purpose
func discarded(a *framealloc.Allocator) {
	f := a.BeginFrame()
	defer a.EndFrame()
	framealloc.Retain[contact](f, framealloc.Discard).Value().point[0] = 1
}

// good FA604: a helper ends the frame, and takes them
func helper(a *framealloc.Allocator, keep func(*framealloc.Promotions)) {
	f := a.BeginFrame()
	_ = framealloc.Retain[contact](f, framealloc.ToHeap)
	finish(a, keep)
}

func finish(a *framealloc.Allocator, keep func(*framealloc.Promotions)) {
	keep(a.EndFrameWithPromotions())
}

// good FA604: a scratch pool that is reset before
func before(a *framealloc.Allocator) {
	a.ResetScratch()
	f := a.BeginFrame()
	_ = framealloc.Retain[contact](f, framealloc.ToScratch("level"))
	a.EndFrameWithSummary()
}

// good FA604: with a summary, promotions go where they were promised
func summary(a *framealloc.Allocator) framealloc.Summary {
	f := a.BeginFrame()
	_ = framealloc.Retain[contact](f, framealloc.ToHeap)
	return a.EndFrameWithSummary()
}
