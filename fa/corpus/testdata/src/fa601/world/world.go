// Package world holds what lives on from frame to frame.
package world

import "github.com/framealloc/framealloc"

type Vec3 struct{ X, Y, Z float32 }

type Unit struct {
	Name string
	Path []Vec3
	Next *Unit
	Tags map[string]string
}

type World struct {
	Units  []*Unit
	ByName map[string]*Unit
	last   any
}

var Selected *Unit

// Link puts a unit in front of a list. Whether that is right depends on where
// the caller keeps the list.
func Link(head, u *Unit) *Unit {
	u.Next = head
	return u
}

// Add keeps the unit.
func (w *World) Add(u *Unit) { w.Units = append(w.Units, u) }

// Index keeps the unit under its name.
func (w *World) Index(u *Unit) { put(w.ByName, u.Name, u) }

func put[K comparable, V any](m map[K]V, k K, v V) { m[k] = v }

// Select makes the unit the global selection.
func Select(u *Unit) { Selected = u }

// Remember keeps anything.
func (w *World) Remember(v any) { w.last = v }

// First returns a unit of the world.
func (w *World) First() *Unit { return w.Units[0] }

// Longest returns one of its arguments.
func Longest(a, b []Vec3) []Vec3 {
	if len(a) > len(b) {
		return a
	}
	return b
}

// Waypoints returns memory of the frame.
func Waypoints(f *framealloc.Frame, n int) []Vec3 { return framealloc.Slice[Vec3](f, n) }

// Sum only looks.
func Sum(path []Vec3) (s Vec3) {
	for _, p := range path {
		s.X += p.X
	}
	return s
}
