package gallery

import "github.com/framealloc/framealloc"

// The level's lights, which stay where they are.
var staticLights = make([][3]float32, 200)

func init() {
	for i := range staticLights {
		staticLights[i] = [3]float32{float32(i), 4, 2}
	}
}

func cloneLights(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("lights")()
		framealloc.Clone(frame, staticLights)
	})
}

func keepLights(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	level := alloc.Scratch("level") // reset when the level changes
	lights := framealloc.Clone(level.Frame(), staticLights)
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("lights")()
		_ = lights
	})
}

type decal struct{ X, Y, Age float32 }

func promoteDecals(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	var decals []*decal
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		if frame.Number()%4 == 0 { // a volley
			frame.WithTag("decals", func() {
				for range 8 {
					framealloc.Retain[decal](frame, framealloc.ToPool)
				}
			})
		}
		for d := range framealloc.PromotedAll[decal](alloc.EndFrameWithPromotions()) {
			decals = append(decals, d) // each of them stays
		}
	})
}

func poolDecals(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	var decals []*decal
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("decals")()
		if frame.Number()%4 == 0 {
			for range 8 {
				decals = append(decals, framealloc.PoolGet[decal](frame))
			}
		}
	})
}

type query struct{ Hits [64]int32 }

func poolQueries(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("visibility")()
		q := framealloc.PoolGet[query](frame)
		q.Hits[0] = 1
		framealloc.PoolPut(frame, q)
	})
}

func frameQueries(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("visibility")()
		q := framealloc.New[query](frame)
		q.Hits[0] = int32(frame.Number())
	})
}

type trail struct{ Points [32][2]float32 }

func promoteTrail(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	var drawn *trail
	return l.Watch(alloc, func() {
		_ = drawn // the renderer reads what the frame before has made
		frame := alloc.BeginFrame()
		end := frame.Tag("trails")
		t := framealloc.Retain[trail](frame, framealloc.ToHeap)
		t.Value().Points[0][0] = float32(frame.Number())
		end()
		drawn, _ = framealloc.Promoted(alloc.EndFrameWithPromotions(), t)
	})
}

func trailInFlight(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{FramesInFlight: 1})
	var drawn *trail
	return l.Watch(alloc, func() {
		_ = drawn // the renderer reads what the frame before has made
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("trails")()
		drawn = framealloc.New[trail](frame)
		drawn.Points[0][0] = float32(frame.Number())
	})
}

func heapContacts(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("contacts")()
		found := framealloc.HeapSlice[contact](frame, 50)
		found[0].Depth = float32(frame.Number())
	})
}

func frameContacts(l *Lab) error {
	alloc := l.Allocator(framealloc.Config{})
	return l.Watch(alloc, func() {
		frame := alloc.BeginFrame()
		defer alloc.EndFrame()
		defer frame.Tag("contacts")()
		found := framealloc.Slice[contact](frame, 50)
		found[0].Depth = float32(frame.Number())
	})
}
