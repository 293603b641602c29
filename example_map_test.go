package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// A map iterates in the order in which its keys were put.
func ExampleMap() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		kills := framealloc.NewMap[string, int](frame, 16)
		for _, by := range []string{"turret", "mine", "turret", "lava", "turret"} {
			*kills.Ref(by)++
		}
		kills.Delete("lava")
		for name, n := range kills.All() {
			fmt.Println(name, n)
		}
	})
	// Output:
	// turret 3
	// mine 1
}

func ExampleMap_Get() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	type cell struct{ x, y int }
	alloc.Frame(func(frame *framealloc.Frame) {
		cost := framealloc.NewMap[cell, float64](frame, 64)
		cost.Put(cell{3, 4}, 1.5)
		if c, ok := cost.Get(cell{3, 4}); ok {
			fmt.Println("cost", c)
		}
		fmt.Println(cost.Has(cell{4, 3}))
	})
	// Output:
	// cost 1.5
	// false
}
