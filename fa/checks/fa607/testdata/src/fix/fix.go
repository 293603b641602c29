// Package fix is put right by frame memory.
package fix

import "github.com/framealloc/framealloc"

type cell struct{ n int }

func count(frame *framealloc.Frame, n int) int {
	cells := make([]cell, n)     // want `make allocates on the heap inside of a frame`
	order := make([]int, 0, n*2) // want `make allocates on the heap inside of a frame`
	for i := range cells {
		cells[i].n++
		order = append(order, i)
	}
	return len(order)
}
