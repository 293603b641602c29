// Budgets shows what happens when memory runs out, under each policy, and how a
// system can live within its means.
package main

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

type particle [4]float32 // a place and a speed

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	// A tag's budget: the particles may have 4 KiB a frame, and say so at 3.
	alloc.SetTagBudget("particles", framealloc.Budget{
		Soft: 3 * framealloc.KiB,
		Hard: 4 * framealloc.KiB,
		OnSoft: func(e framealloc.BudgetEvent) {
			fmt.Printf("tag %s: %d bytes used, %d is the %v threshold\n", e.Tag, e.Used, e.Limit, e.Kind)
		},
	})
	alloc.Frame(func(frame *framealloc.Frame) {
		defer frame.Tag("particles")()
		emitted := 0
		for ; emitted < 1000; emitted++ {
			if _, err := framealloc.TryNew[particle](frame); err != nil {
				fmt.Println("stopped by", code(err))
				break
			}
		}
		fmt.Println("emitted", emitted, "of 1000")
	})

	// The worker's budget, under each policy.
	silent := diag.NewReporter(diag.Options{Ignore: []diag.Code{diag.FA312}})
	for _, policy := range []framealloc.Policy{framealloc.Fail, framealloc.Warn, framealloc.Allow, framealloc.Promote} {
		alloc := framealloc.NewAllocator(framealloc.Config{Reporter: silent})
		alloc.Main().SetBudget(framealloc.Budget{Hard: 1 * framealloc.KiB, Policy: policy})
		fmt.Printf("%-8v %s\n", policy, overspend(alloc))
		alloc.Close()
	}
	fmt.Println("warnings reported:", silent.Counts().Total())

	// Remaining lets a system choose its size beforehand.
	alloc.Main().SetFrameBudget(64 * framealloc.KiB)
	alloc.Frame(func(frame *framealloc.Frame) {
		_ = framealloc.Bytes(frame, 40*framealloc.KiB)
		shadows := framealloc.Slice[particle](frame, frame.Remaining()/16)
		fmt.Println("room for", len(shadows), "shadows, left:", frame.Remaining())
	})
}

// overspend takes 1.5 KiB where 1 KiB is allowed and tells what became of it.
func overspend(alloc *framealloc.Allocator) (outcome string) {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	defer func() {
		if r := recover(); r != nil {
			outcome = fmt.Sprintf("panic %s at %d bytes", code(r.(error)), frame.Used())
		}
	}()
	for range 96 {
		_ = framealloc.New[particle](frame) //fa:ignore FA602 one by one, to run out in the middle
	}
	return fmt.Sprintf("%d bytes in the frame, %d on the heap", frame.Used(), alloc.Stats().Heap.Bytes)
}

func code(err error) diag.Code {
	var mistake *diag.Error
	errors.As(err, &mistake)
	return mistake.Code
}
