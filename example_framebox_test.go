package framealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// A box that outlives its frame says so instead of showing another value.
func ExampleFrameBox() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	var target framealloc.FrameBox[[3]float64]
	alloc.Frame(func(frame *framealloc.Frame) {
		target = framealloc.NewBox[[3]float64](frame)
		*target.Get() = [3]float64{1, 2, 3}
		fmt.Println(*target.Get())
	})
	_, err := target.TryGet()
	fmt.Println(errors.Is(err, diag.FA606))
	// Output:
	// [1 2 3]
	// true
}
