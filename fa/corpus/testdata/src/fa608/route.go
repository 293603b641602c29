// Package fa608 promotes values that point to other values.
package fa608

import (
	"slices"
	"strings"

	"github.com/framealloc/framealloc"
)

type route struct {
	name   string
	points []int32
	next   *route
	tags   map[string]string
	cost   float32
	fixed  [8]int32
}

type owned struct{ points []int32 }

// Promote copies what the value points to.
func (o *owned) Promote(d *framealloc.Destination) { o.points = framealloc.PromoteSlice(d, o.points) }

func slice(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	r.Value().points = framealloc.Slice[int32](f, n) // bad FA608
	return r
}

func text(f *framealloc.Frame, i int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToPool)
	v := r.Value()
	v.name = framealloc.Sprintf(f, "route %d", i) // bad FA608
	return r
}

func pointer(f *framealloc.Frame) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToScratch("paths"))
	r.Value().next = framealloc.New[route](f) // bad FA608
	return r
}

func whole(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	*r.Value() = route{cost: 1, points: framealloc.Slice[int32](f, n)} // bad FA608
	return r
}

func fill(r *route, points []int32) { r.points = points }

func helper(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	fill(r.Value(), framealloc.Slice[int32](f, n)) // bad FA608
	return r
}

func vector(f *framealloc.Frame) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	v := framealloc.NewVec[int32](f, 8)
	v.Push(1)
	r.Value().points = v.Slice() // bad FA608
	return r
}

// good FA608: plain numbers
func plain(f *framealloc.Frame) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	r.Value().cost = 3
	r.Value().fixed[0] = 1
	return r
}

// good FA608: what it points to is the heap's
func heap(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	r.Value().points = framealloc.HeapSlice[int32](f, n)
	return r
}

// good FA608: cloned
func cloned(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	points := framealloc.Slice[int32](f, n)
	r.Value().points = slices.Clone(points)
	r.Value().name = strings.Clone(framealloc.String(f, "x"))
	return r
}

// good FA608: the type moves what it points to
func moves(f *framealloc.Frame, n int) framealloc.Retained[owned] {
	r := framealloc.Retain[owned](f, framealloc.ToHeap)
	r.Value().points = framealloc.Slice[int32](f, n)
	return r
}

// good FA608: discarded with the frame
func discarded(f *framealloc.Frame, n int) int32 {
	r := framealloc.Retain[route](f, framealloc.Discard)
	r.Value().points = framealloc.Slice[int32](f, n)
	return r.Value().points[0]
}

// good FA608: read, not stored
func read(f *framealloc.Frame, n int) framealloc.Retained[route] {
	r := framealloc.Retain[route](f, framealloc.ToHeap)
	points := framealloc.Slice[int32](f, n)
	r.Value().cost = float32(points[0])
	return r
}
