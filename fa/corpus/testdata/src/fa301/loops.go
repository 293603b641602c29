// Package fa301 allocates in loops, some of them without an end in sight.
package fa301

import (
	"bufio"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

type node struct {
	x, y int
	next *node
}

func search(f *framealloc.Frame, open func() (node, bool)) {
	for {
		n, ok := open()
		if !ok {
			return
		}
		_ = framealloc.NewValue(f, n) // bad FA301
	}
}

func burst(f *framealloc.Frame, in <-chan []byte) int {
	total := 0
	for p := range in { // bad FA701
		total += len(framealloc.Clone(f, p)) // bad FA301
	}
	return total
}

func lines(f *framealloc.Frame, s *bufio.Scanner) int {
	list := framealloc.NewVec[string](f, 16)
	for s.Scan() {
		list.Push(framealloc.String(f, s.Text())) // bad FA301
	}
	return list.Len()
}

func helper(f *framealloc.Frame, more func() bool) {
	for more() {
		step(f) // bad FA301
	}
}

func step(f *framealloc.Frame) { _ = framealloc.Slice[int](f, 8) }

func until(f *framealloc.Frame, goal func(*node) bool) *node {
	found := false
	var n *node
	for !found {
		n = framealloc.New[node](f) // bad FA301
		found = goal(n)
	}
	return n
}

func inner(f *framealloc.Frame, rows [][]byte, next func() bool) {
	for _, row := range rows {
		for next() {
			_ = framealloc.Clone(f, row) // bad FA301
		}
	}
}

// good FA301: bounded by a capacity
func limited(f *framealloc.Frame, open func() (node, bool)) int {
	const limit = 4096
	nodes := framealloc.SliceCap[node](f, 0, limit)
	for len(nodes) < limit {
		n, ok := open()
		if !ok {
			break
		}
		nodes = append(nodes, n)
	}
	return len(nodes)
}

// good FA301: gives each turn's memory back
func sub(f *framealloc.Frame, more func() bool) {
	for more() {
		f.Sub(func(s *framealloc.Frame) { _ = framealloc.Slice[int](s, 8) })
	}
}

// good FA301: rolls each turn back
func rolls(f *framealloc.Frame, more func() bool) {
	for more() {
		cp := f.Checkpoint()
		_ = framealloc.Slice[int](f, 8)
		f.Rollback(cp)
	}
}

// good FA301: a frame for each turn
func game(w *framealloc.Worker) {
	for {
		f := w.BeginFrame()
		_ = framealloc.Slice[int](f, 8)
		w.EndFrame()
	}
}

// good FA301: as many as there are elements
func elements(f *framealloc.Frame, all []node, head *node) {
	for range all {
		_ = framealloc.New[node](f)
	}
	for n := head; n != nil; n = n.next {
		_ = framealloc.New[node](f)
	}
}

// good FA301: stops when memory runs low
func remaining(f *framealloc.Frame, more func() bool) {
	for more() {
		if f.Remaining() < 4096 {
			return
		}
		_ = framealloc.Slice[int](f, 8)
	}
}

// good FA301: counts its turns
func counted(f *framealloc.Frame, more func() bool) {
	n := 0
	for more() {
		if n++; n > 100 {
			break
		}
		_ = framealloc.Slice[int](f, 8)
	}
}

// good FA301: what a stream lends takes nothing from the frame
func lent(f *framealloc.Frame, e *stream.Entry[int], more func() bool) (sum int) {
	for more() {
		sum += first(f, e)
	}
	return sum
}

func first(f *framealloc.Frame, e *stream.Entry[int]) int {
	if values, ok := e.Use(f); ok {
		return values[0]
	}
	return 0
}
