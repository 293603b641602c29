package framealloc_test

import (
	"fmt"
	"slices"

	"github.com/framealloc/framealloc"
)

func ExampleVec() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		damage := framealloc.NewVec[int](frame, 8)
		damage.PushMany(30, 5, 12)
		damage.Push(50)
		slices.Sort(damage.Slice())
		for i, d := range damage.Backward() {
			if d > 10 {
				damage.Remove(i)
			}
		}
		fmt.Println(damage.Slice())
	})
	// Output: [5]
}

// A list of fixed capacity reports what does not fit.
func ExampleVec_TryPush() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		lights := framealloc.NewVec[string](frame, 2)
		for _, name := range []string{"sun", "lamp", "torch"} {
			if err := lights.TryPush(name); err != nil {
				fmt.Println("left out:", name)
			}
		}
		fmt.Println(lights.Slice())
	})
	// Output:
	// left out: torch
	// [sun lamp]
}

func ExampleVec_Growable() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		squares := framealloc.NewVec[int](frame, 2).Growable()
		for i := range 5 {
			squares.Push(i * i)
		}
		fmt.Println(squares.Slice())
	})
	// Output: [0 1 4 9 16]
}
