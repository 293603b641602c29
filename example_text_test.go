package framealloc_test

import (
	"fmt"
	"time"

	"github.com/framealloc/framealloc"
)

func ExampleText() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	units, fps, played := 1204, 59.94, 95*time.Second
	alloc.Frame(func(frame *framealloc.Frame) {
		hud := framealloc.NewText(frame).
			Int(units).Str(" units, ").Float(fps, 'f', 1).Str(" fps, ").Duration(played).
			String()
		fmt.Println(hud)
	})
	// Output: 1204 units, 59.9 fps, 1m35s
}

// Aligned items make tables and clocks.
func ExampleText_Right() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		score := framealloc.NewText(frame)
		for _, p := range []struct {
			name   string
			points int
		}{{"Ada", 90}, {"Grace", 1205}} {
			score.Left(8).Str(p.name).Right(5).Int(p.points).Line()
		}
		score.Zeros(2).Int(7).Byte(':').Zeros(2).Int(5)
		fmt.Println(score)
	})
	// Output:
	// Ada        90
	// Grace    1205
	// 07:05
}
