// Retention keeps the few values of a frame that turn out to matter longer.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// hit is worth remembering if it is the hardest so far.
type hit struct {
	frame  uint64
	damage int
}

// ghost is a recorded run: it points into the frame until it is promoted.
type ghost struct {
	name  string
	steps []int32
}

// Promote moves what a ghost points to along with it.
func (g *ghost) Promote(to *framealloc.Destination) {
	g.name = to.String(g.name)
	g.steps = framealloc.PromoteSlice(to, g.steps)
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	var hardest *hit // on the heap
	for n := range 20 {
		frame := alloc.BeginFrame()
		h := framealloc.Retain[hit](frame, framealloc.ToPool)
		*h.Value() = hit{frame.Number(), n * 7 % 20}
		kept, err := framealloc.Promoted(alloc.EndFrameWithPromotions(), h)
		if err != nil {
			panic(err)
		}
		if hardest == nil || kept.damage > hardest.damage {
			hardest, kept = kept, hardest
		}
		if kept != nil {
			framealloc.PoolPut(alloc, kept) // the lesser one
		}
	}
	fmt.Printf("hardest: %d in frame %d\n", hardest.damage, hardest.frame)
	framealloc.PoolPut(alloc, hardest)

	// A value with data behind it goes to a scratch, together with that data.
	frame := alloc.BeginFrame()
	defer frame.Worker().ResetScratch()
	g := framealloc.Retain[ghost](frame, framealloc.ToScratch("ghosts"))
	g.Value().name = framealloc.NewText(frame).Str("run of ").Int(2026).String()
	g.Value().steps = framealloc.Clone(frame, []int32{1, 4, 9})
	discarded := framealloc.Retain[ghost](frame, framealloc.Ephemeral.Policy())

	promotions := alloc.EndFrameWithPromotions()
	for kept := range framealloc.PromotedAll[ghost](promotions) {
		fmt.Println(kept.name, kept.steps)
	}
	_, err := framealloc.Promoted(promotions, discarded)
	fmt.Println(err)
	s := promotions.Summary()
	fmt.Printf("%d promoted, %d discarded, %d failed\n", s.Promoted, s.Discarded, len(s.Failed))
}
