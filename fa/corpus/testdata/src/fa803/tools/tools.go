// Package tools has no rule.
package tools

import "github.com/framealloc/framealloc"

// good FA803: no rule for this package
func anything(w *framealloc.Worker, f *framealloc.Frame) int {
	return len(framealloc.HeapSlice[int](w, 3)) + len(framealloc.Slice[int](f, 8)) + len(framealloc.BytesGet(w, 3))
}
