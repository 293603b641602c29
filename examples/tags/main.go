// Tags shows who uses how much: tags say what memory is for, phases when it was
// taken.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

type agent struct{ x, y int32 }

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	agents := make([]agent, 50)
	for range 60 {
		alloc.Frame(func(frame *framealloc.Frame) {
			frame.WithPhase("simulate", func() { think(frame, agents) })
			frame.WithPhase("draw", func() { draw(frame, agents) })
		})
	}

	fmt.Println("tag              bytes/frame  allocations/frame")
	for _, t := range alloc.TagStats() {
		if t.Path != "" {
			fmt.Printf("%-15s %12d %18d\n", t.Path, t.LastFrameBytes, t.LastFrameAllocations)
		}
	}
	for _, p := range alloc.Main().PhaseStats() {
		fmt.Printf("phase %s: %d bytes, ran %d times\n", p.Path, p.LastFrameBytes, p.Entered)
	}
}

func think(frame *framealloc.Frame, agents []agent) {
	defer frame.Tag("ai")() // ends with the function
	near := framealloc.Slice[*agent](frame, len(agents))
	for i := range agents {
		near[i] = &agents[(i+1)%len(agents)]
		if i%10 == 0 {
			findPath(frame, &agents[i])
		}
	}
}

func findPath(frame *framealloc.Frame, a *agent) {
	defer frame.Tag("pathfinding")() // inside "ai": books to ai/pathfinding
	path := framealloc.Slice[agent](frame, 32)
	path[0] = *a
	a.x, a.y = a.x+1, a.y+2
}

func draw(frame *framealloc.Frame, agents []agent) {
	defer frame.Tag("render")()
	verts := framealloc.SliceUninit[[4]float32](frame, 6*len(agents))
	for i := range verts {
		verts[i] = [4]float32{float32(agents[i/6].x), float32(agents[i/6].y), 0, 1}
	}
}
