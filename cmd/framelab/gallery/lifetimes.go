package gallery

import "github.com/framealloc/framealloc"

func retainForNothing(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	kill := framealloc.Retain[contact](frame, framealloc.ToHeap)
	kill.Value().Depth = 0.5

	alloc.EndFrame() // promotes nothing
	return nil
}

func retainAndPromote(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	kill := framealloc.Retain[contact](frame, framealloc.ToHeap)
	kill.Value().Depth = 0.5

	_, err := framealloc.Promoted(alloc.EndFrameWithPromotions(), kill)
	return err
}

func discardAndAsk(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	best := framealloc.Retain[contact](frame, framealloc.Discard)
	best.Value().Depth = 0.5

	// The replay wants it after all.
	_, _ = framealloc.Promoted(alloc.EndFrameWithPromotions(), best)
	return nil
}

func keepAndAsk(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	best := framealloc.Retain[contact](frame, framealloc.ToHeap)
	best.Value().Depth = 0.5

	_, err := framealloc.Promoted(alloc.EndFrameWithPromotions(), best)
	return err
}

func readTheBoxLate(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	deepest := framealloc.NewBox[contact](frame)
	alloc.EndFrame()

	_ = deepest.Get().Depth
	return nil
}

func readTheBoxInTime(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	deepest := framealloc.NewBox[contact](frame)

	depth := deepest.Get().Depth // a copy
	alloc.EndFrame()
	_ = depth
	return nil
}

func moveTheDead(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	enemy := framealloc.PoolBox[contact](alloc)
	target := enemy // whom somebody aims at
	enemy.Free()

	target.Get().Depth++
	return nil
}

func moveTheLiving(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	enemy := framealloc.PoolBox[contact](alloc)
	target := enemy
	enemy.Free()

	if target.Valid() { // it is not: look for somebody else
		target.Get().Depth++
	}
	return nil
}

type route struct{ Steps []int32 }

func promoteShallow(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	r := framealloc.Retain[route](frame, framealloc.ToHeap)
	r.Value().Steps = framealloc.Clone(frame, []int32{1, 5, 9})

	alloc.EndFrameWithPromotions()
	return nil
}

// ownRoute is a route that takes its steps along.
type ownRoute struct{ Steps []int32 }

func (r *ownRoute) Promote(to *framealloc.Destination) {
	r.Steps = framealloc.PromoteSlice(to, r.Steps)
}

func promoteDeep(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	frame := alloc.BeginFrame()
	r := framealloc.Retain[ownRoute](frame, framealloc.ToHeap)
	r.Value().Steps = framealloc.Clone(frame, []int32{1, 5, 9})

	_, err := framealloc.Promoted(alloc.EndFrameWithPromotions(), r)
	return err
}
