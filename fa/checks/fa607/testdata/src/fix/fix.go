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

type tree struct {
	kids []*tree
	n    int
}

func grow(frame *framealloc.Frame, n int) int {
	root := framealloc.New[tree](frame)
	root.kids = framealloc.SliceCap[*tree](frame, 0, 3*n)
	for i := range n {
		a := new(tree)   // want `new allocates on the heap inside of a frame`
		b := &tree{n: i} // want `a composite literal whose address is kept allocates on the heap inside of a frame`
		c := &tree{}     // want `a composite literal whose address is kept allocates on the heap inside of a frame`
		a.n = i
		root.kids = append(root.kids, a, b, c)
	}
	return len(root.kids)
}
