// Package kinds holds one heap allocation of each kind.
package kinds

import (
	"container/heap"
	"fmt"
	"io"

	"github.com/framealloc/framealloc"
)

type node struct {
	next *node
	cost int
}

type shape interface{ area() int }

type box struct{ w, h int }

func (b box) area() int { return b.w * b.h }

func objects(f *framealloc.Frame, n int) int {
	list := framealloc.SliceCap[*node](f, 0, 4*n)
	for i := range n {
		a := new(node)       // want `new allocates on the heap inside of a frame: framealloc\.New would not`
		b := &node{cost: i}  // want `a composite literal whose address is kept allocates on the heap inside of a frame: framealloc\.NewValue would not`
		c := node{cost: -i}  // want `the variable c, whose address is kept, allocates on the heap inside of a frame: framealloc\.New would not`
		d := []*node{a, nil} // stays on the stack
		list = append(list, a, b, &c, d[1])
	}
	return len(list)
}

func slices(f *framealloc.Frame) int {
	rows := framealloc.Slice[[]int](f, 2)
	rows[0] = make([]int, 3) // want `make allocates on the heap inside of a frame: framealloc\.Slice or SliceCap would not`
	rows[1] = []int{1, 2, 3} // want `a slice literal that is kept allocates on the heap inside of a frame: framealloc\.Slice or Append would not`
	return len(rows[0]) + rows[1][0]
}

func growth(f *framealloc.Frame, n int) int {
	none, empty := []int{}, make([]int, 0)
	for i := range n {
		none = append(none, i)   // want `append to a slice that starts empty allocates on the heap`
		empty = append(empty, i) // want `append to a slice that starts empty allocates on the heap`
	}
	return len(none) + len(empty)
}

func functions(f *framealloc.Frame, n int) (sum int) {
	todo := framealloc.SliceCap[func()](f, 0, n)
	for i := range n {
		todo = append(todo, func() { sum += i }) // want `a function literal that is kept allocates on the heap inside of a frame: what it captures in memory from framealloc\.New, and a function without captures, would not`
	}
	for _, do := range todo {
		do()
	}
	return sum
}

type queue []box

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].w < q[j].w }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(box)) }
func (q *queue) Pop() any          { return nil }

func interfaces(f *framealloc.Frame, all []box) int {
	shapes := framealloc.SliceCap[shape](f, 0, len(all))
	var q queue
	for _, b := range all {
		shapes = append(shapes, b) // want `putting a kinds\.box into an interface allocates on the heap inside of a frame: a pointer from framealloc\.NewValue would not`
		heap.Push(&q, b)           // want `putting a kinds\.box into an interface allocates on the heap inside of a frame: framealloc\.NewPriorityQueue would not`
	}
	return len(shapes)
}

func strings(f *framealloc.Frame, w io.Writer, names []string, raw [][]byte) int {
	out := framealloc.Slice[string](f, len(names))
	for i, n := range names {
		out[i] = "the " + n // want `joining strings allocates on the heap inside of a frame: framealloc\.NewText would not`
	}
	lines := framealloc.Slice[[]byte](f, len(names))
	for i := range names {
		out[i] = string(raw[i])     // want `converting bytes to a string allocates on the heap inside of a frame: framealloc\.NewText would not`
		lines[i] = []byte(names[i]) // want `converting a string to a slice allocates on the heap inside of a frame: copying it to framealloc\.Bytes or Slice would not`
	}
	fmt.Fprintf(w, "%d", len(lines)) // want `fmt\.Fprintf, which puts its arguments into interfaces, allocates on the heap inside of a frame: framealloc\.NewText would not`
	text := fmt.Sprint(len(out))     // want `fmt\.Sprint allocates on the heap inside of a frame: framealloc\.Sprintf or NewText would not`
	return len(text)
}
