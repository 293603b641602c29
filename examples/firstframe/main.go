// Firstframe is the first program to write: a loop whose temporary data comes
// from the frame and is gone at its end.
package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/framealloc/framealloc"
)

type ball struct{ x, dx float64 }

type bounce struct {
	ball *ball // what lies in a frame may point to the heap
	wall string
}

const frames = 10_000

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	balls := make([]ball, 400) // lives as long as the game: an ordinary slice
	for i := range balls {
		balls[i] = ball{x: float64(i), dx: float64(i%7) - 3}
	}

	bounced, report := 0, ""
	before := collections()
	for range frames {
		frame := alloc.BeginFrame()

		bounces := framealloc.NewVec[bounce](frame, len(balls))
		for i := range balls {
			move(&balls[i], bounces)
		}
		for _, b := range bounces.All() {
			b.ball.dx = -b.ball.dx
		}
		bounced += bounces.Len()
		hud := framealloc.NewText(frame).
			Str("frame ").Uint64(frame.Number()).Str(": ").Int(bounced).Str(" bounces so far").String()
		if frame.Number() == frames {
			report = strings.Clone(hud) // the frame ends, the report stays
		}

		alloc.EndFrame()
	}

	fmt.Println(report)
	fmt.Println(alloc.Stats().Frame.Allocations, "allocations in", frames, "frames")
	fmt.Println("collections:", collections()-before)
}

func move(b *ball, bounces *framealloc.Vec[bounce]) {
	b.x += b.dx
	switch {
	case b.x < 0 && b.dx < 0:
		bounces.Push(bounce{b, "left"})
	case b.x > 400 && b.dx > 0:
		bounces.Push(bounce{b, "right"})
	}
}

// collections is how often the collector has run.
func collections() uint32 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.NumGC
}
