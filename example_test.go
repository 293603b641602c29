package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

type contact struct {
	a, b  *unit // values with pointers are fine in a frame
	depth float64
}

type unit struct {
	name string
	x    float64
}

// A loop that makes no garbage: everything that a frame allocates is given back
// at its end.
func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	units := []unit{{"ada", 0}, {"grace", 0.5}, {"alan", 4}}
	for range 2 {
		frame := alloc.BeginFrame()

		hits := framealloc.NewVec[contact](frame, 16)
		for i := range units {
			for j := range units[:i] {
				if d := units[i].x - units[j].x; d < 1 {
					hits.Push(contact{&units[i], &units[j], 1 - d})
				}
			}
		}
		hud := framealloc.NewText(frame).Str("frame ").Uint64(frame.Number()).Str(": ").Int(hits.Len()).Str(" hit")
		for _, h := range hits.All() {
			hud.Str(", ").Str(h.a.name).Str(" and ").Str(h.b.name)
			h.a.x += h.depth
		}
		fmt.Println(hud)

		alloc.EndFrame() // hits and hud are gone
	}
	// Output:
	// frame 1: 1 hit, grace and ada
	// frame 2: 0 hit
}
