package framealloc_test

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

type score struct {
	player string
	points int
}

// A value that turns out to matter outlives its frame.
func ExampleRetain() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	frame := alloc.BeginFrame()
	best := framealloc.Retain[score](frame, framealloc.ToHeap)
	*best.Value() = score{"ada", 900}
	promotions := alloc.EndFrameWithPromotions()

	kept, err := framealloc.Promoted(promotions, best)
	fmt.Println(*kept, err)
	fmt.Println(promotions.Summary().Promoted, "promoted")
	// Output:
	// {ada 900} <nil>
	// 1 promoted
}

// route moves what it points to along with itself.
type route struct {
	name  string
	steps []int
}

// Promote implements [framealloc.Promoter].
func (r *route) Promote(to *framealloc.Destination) {
	r.name = to.String(r.name)
	r.steps = framealloc.PromoteSlice(to, r.steps)
}

func ExamplePromoter() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	frame := alloc.BeginFrame()
	r := framealloc.Retain[route](frame, framealloc.ToScratch("navigation"))
	r.Value().name = framealloc.NewText(frame).Str("to room ").Int(7).String()
	r.Value().steps = framealloc.Clone(frame, []int{3, 1, 7})
	promotions := alloc.EndFrameWithPromotions()

	for kept := range framealloc.PromotedAll[route](promotions) {
		fmt.Println(kept.name, kept.steps)
	}
	alloc.Scratch("navigation").Reset() // and here it ends
	// Output: to room 7 [3 1 7]
}

// What still points into the dying frame is not promoted, and said so.
func ExamplePromotionError() {
	alloc := framealloc.NewAllocator(framealloc.Config{
		Reporter: diag.NewReporter(diag.Options{Ignore: []diag.Code{diag.FA608}}), // it would be logged, too
	})
	defer alloc.Close()

	frame := alloc.BeginFrame()
	s := framealloc.Retain[score](frame, framealloc.ToHeap)
	s.Value().player = framealloc.NewText(frame).Str("player ").Int(2).String()
	_, err := framealloc.Promoted(alloc.EndFrameWithPromotions(), s)
	fmt.Println(err)
	// Output: framealloc_test.score not promoted: it still points into the frame (player)
}
