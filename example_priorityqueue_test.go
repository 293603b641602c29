package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// The open list of a path search: Drain gives the cheapest, the body pushes more.
func ExamplePriorityQueue() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	type step struct{ cell, cost int }
	alloc.Frame(func(frame *framealloc.Frame) {
		open := framealloc.NewPriorityQueue(frame, 16, func(a, b step) bool { return a.cost < b.cost })
		open.Push(step{cell: 1, cost: 0})
		for s := range open.Drain() {
			fmt.Println("cell", s.cell, "cost", s.cost)
			if s.cell < 4 {
				open.Push(step{2 * s.cell, s.cost + 3})
				open.Push(step{2*s.cell + 1, s.cost + 1})
			}
		}
	})
	// Output:
	// cell 1 cost 0
	// cell 3 cost 1
	// cell 7 cost 2
	// cell 2 cost 3
	// cell 6 cost 4
	// cell 5 cost 4
	// cell 4 cost 6
}

// Elements that know their place can change their rank or leave.
func ExamplePriorityQueue_Track() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	type task struct {
		name    string
		urgency int
		at      int
	}
	alloc.Frame(func(frame *framealloc.Frame) {
		tasks := framealloc.NewPriorityQueue(frame, 8, func(a, b *task) bool { return a.urgency > b.urgency }).
			Track(func(t *task, at int) { t.at = at })
		eat, flee, sleep := &task{name: "eat", urgency: 3}, &task{name: "flee"}, &task{name: "sleep", urgency: 2}
		tasks.Push(eat)
		tasks.Push(flee)
		tasks.Push(sleep)

		flee.urgency = 9
		tasks.Fix(flee.at)
		tasks.Remove(sleep.at)
		for t := range tasks.Drain() {
			fmt.Println(t.name)
		}
	})
	// Output:
	// flee
	// eat
}
