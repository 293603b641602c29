// Package app uses wrappers of another package.
package app

import (
	"fa606/boundary"

	"github.com/framealloc/framealloc"
)

type item struct{ x, y int }

func step(l *boundary.Loop) int {
	f := l.Begin()
	it := framealloc.New[item](f)
	it.x = 1
	l.End()
	return it.x // bad FA606
}

// good FA606: the wrapper ends another loop's frame
func both(l, m *boundary.Loop) int {
	f := l.Begin()
	it := framealloc.New[item](f)
	m.Begin()
	m.End()
	x := it.x
	l.End()
	return x
}

func present(e boundary.Engine, a *framealloc.Allocator) int {
	f := a.BeginFrame()
	it := framealloc.New[item](f)
	e.Present(a)
	return it.y // bad FA606
}
