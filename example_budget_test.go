package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

func ExampleAllocator_SetTagBudget() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	alloc.SetTagBudget("particles", framealloc.Budget{
		Soft: 600, Hard: 1000,
		OnSoft: func(e framealloc.BudgetEvent) { fmt.Println("getting full at", e.Used, "bytes") },
	})

	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("particles")()
		for n := 0; ; n++ {
			if _, err := framealloc.TryNew[[100]byte](frame); err != nil {
				fmt.Println(n, "particles; out of budget:", errors.Is(err, diag.FA311))
				return
			}
		}
	})
	// Output:
	// getting full at 520 bytes
	// 9 particles; out of budget: true
}

// What does not fit goes to the heap, and is counted there.
func ExampleWorker_SetBudget_promote() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	alloc.Main().SetBudget(framealloc.Budget{Hard: 256, Policy: framealloc.Promote})

	alloc.Frame(func(frame *framealloc.Frame) {
		for range 6 {
			_ = framealloc.New[[64]byte](frame)
		}
		fmt.Println("in the frame:", frame.Used(), "left:", frame.Remaining())
	})
	fmt.Println("on the heap:", alloc.Stats().Heap.Bytes)
	// Output:
	// in the frame: 256 left: 0
	// on the heap: 128
}
