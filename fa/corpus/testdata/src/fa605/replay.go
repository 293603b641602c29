// Package fa605 retains values with Discard, and keeps some all the same.
package fa605

import "github.com/framealloc/framealloc"

type shot struct {
	power float32
	trail []float32
}

type replay struct {
	best   *shot
	all    []*shot
	byName map[string]*shot
}

var lastShot *shot

func global(f *framealloc.Frame) {
	s := framealloc.Retain[shot](f, framealloc.Discard)
	lastShot = s.Value() // bad FA605
}

func field(f *framealloc.Frame, r *replay) {
	r.best = framealloc.Retain[shot](f, framealloc.Discard).Value() // bad FA605
}

func list(a *framealloc.Allocator, r *replay) {
	f := a.BeginFrame()
	defer a.EndFrame()
	s := framealloc.Retain[shot](f, framealloc.Discard)
	r.all = append(r.all, s.Value()) // bad FA605
}

func inMap(a *framealloc.Allocator, r *replay) {
	f := a.BeginFrame()
	s := framealloc.Retain[shot](f, framealloc.Discard).Value()
	s.power = 2
	r.byName["me"] = s // bad FA605
	a.EndFrame()
}

func returned(a *framealloc.Allocator) *shot {
	f := a.BeginFrame()
	defer a.EndFrame()
	return framealloc.Retain[shot](f, framealloc.Discard).Value() // bad FA605
}

func (r *replay) keep(s *shot) { r.best = s }

func method(a *framealloc.Allocator, r *replay) {
	f := a.BeginFrame()
	defer a.EndFrame()
	r.keep(framealloc.Retain[shot](f, framealloc.Discard).Value()) // bad FA605
}

func sent(f *framealloc.Frame, out chan<- *shot) {
	s := framealloc.Retain[shot](f, framealloc.Discard)
	out <- s.Value() // bad FA605
}

// good FA605: a copy of the value
func copied(f *framealloc.Frame, best *shot) {
	s := framealloc.Retain[shot](f, framealloc.Discard)
	best.power = s.Value().power
}

// good FA605: used inside of the frame
func used(f *framealloc.Frame) float32 {
	s := framealloc.Retain[shot](f, framealloc.Discard).Value()
	s.power = 3
	return s.power
}

// good FA605: the handle knows when the value is gone
type watcher struct{ last framealloc.Retained[shot] }

func (w *watcher) watch(f *framealloc.Frame) {
	w.last = framealloc.Retain[shot](f, framealloc.Discard)
}

// good FA605: listed in frame memory
func listed(f *framealloc.Frame) int {
	v := framealloc.NewVec[*shot](f, 4)
	v.Push(framealloc.Retain[shot](f, framealloc.Discard).Value())
	return v.Len()
}

// good FA605: returned to the owner of the frame
func made(f *framealloc.Frame) *shot { return framealloc.Retain[shot](f, framealloc.Discard).Value() }

// good FA605: taken out again before the end
func lent(a *framealloc.Allocator, r *replay) {
	f := a.BeginFrame()
	r.best = framealloc.Retain[shot](f, framealloc.Discard).Value()
	draw(r)
	r.best = nil
	a.EndFrame()
}

func draw(r *replay) { _ = r.best.power }
