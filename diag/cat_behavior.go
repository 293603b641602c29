package diag

// Memory whose use does not match its intent, found by the behaviour filter.
var behaviorEntries = []Entry{
	{
		Code:     FA501,
		Name:     "frame data that lives long",
		Category: CategoryBehavior,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "The same data is built in frame memory again in every frame.",
		Explanation: `Frame memory is for what a frame needs and the next one does not. Here a tag
takes the same number of bytes in the same number of allocations frame after
frame, with equal contents, or keeps its values by retaining them each time. The
data lives long; only its memory is made anew.

The cost is the building, not the memory: a navigation grid or a sorted list of
static lights that is computed 60 times a second could be computed once.`,
		Detection: `The behaviour filter compares sizes, counts and, where asked to, contents per tag
over many frames. Data that is cheap to build may well stay as it is.`,
		Help: "build it once in a group, a pool or a scratch, and rebuild it when its source changes",
		Bad: `func lights(frame *framealloc.Frame, static [][3]float32) [][3]float32 {
	defer frame.Tag("lights")()
	return framealloc.Clone(frame, static) // the same list, 60 times a second
}
`,
		Good: `type scene struct {
	memory *framealloc.Scratch // alloc.Scratch("scene"), reset when the level changes
	lights [][3]float32
}

func (s *scene) load(static [][3]float32) {
	s.memory.Reset()
	s.lights = framealloc.Clone(s.memory.Frame(), static)
}
`,
	},
	{
		Code:     FA502,
		Name:     "high survival",
		Category: CategoryBehavior,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "A large share of what a tag takes from its frames is promoted at their end.",
		Explanation: `A promoted value is paid for twice: once in the frame and once where it goes on
living, with a copy in between. That is worth it for the few values of which
nobody knows beforehand whether they will stay. Where most stay, the guess is
wrong.

It also moves work to the end of the frame, all at once, where the time for it is
shortest.`,
		Detection: `The behaviour filter compares promoted bytes with allocated bytes per tag over
many frames; the report says how many of how many.`,
		Help: "allocate it where it will live from the start: a pool for single objects, a group for a scene, the heap for the rest",
		Bad: `type decal struct{ x, y, age float32 }

func impact(frame *framealloc.Frame) {
	defer frame.Tag("decals")()
	_ = framealloc.Retain[decal](frame, framealloc.ToPool) // every decal stays
}
`,
		Good: `type decal struct{ x, y, age float32 }

func impact(frame *framealloc.Frame) *decal {
	return framealloc.PoolGet[decal](frame)
}
`,
	},
	{
		Code:     FA510,
		Name:     "pool used as scratch memory",
		Category: CategoryBehavior,
		Severity: SeverityHint,
		Found:    RunTime,
		Summary:  "Objects are taken from a pool and put back within the same frame.",
		Explanation: `A pool is for objects that outlive a frame. One that is taken and put back in
the same frame would do as well in frame memory, which is about twice as cheap
to take, costs nothing to give back, and cannot be forgotten or put twice.

Pools that serve as scratch also hide the leak that matters: among thousands of
objects that come and go in every frame, the one that is never put back does not
show.`,
		Detection: `The behaviour filter compares, per tag, objects taken with objects put back in
the same frame, over many frames.`,
		Help: "use framealloc.New from the frame in place of PoolGet and PoolPut",
		Bad: `type query struct{ hits [64]int32 }

func visible(frame *framealloc.Frame) int {
	q := framealloc.PoolGet[query](frame)
	defer framealloc.PoolPut(frame, q)
	return len(q.hits)
}
`,
		Good: `type query struct{ hits [64]int32 }

func visible(frame *framealloc.Frame) int {
	q := framealloc.New[query](frame)
	return len(q.hits)
}
`,
	},
	{
		Code:     FA520,
		Name:     "promotion churn",
		Category: CategoryBehavior,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "Values are promoted at the end of a frame and freed soon after, over and over.",
		Explanation: `What is promoted in frame N and freed in frame N+2 was copied out of the frame
for nothing, and if it went to the heap it is garbage: the collector runs for
it.

Usually the value only has to survive until the next frame, or until the renderer
has drawn it. Frames in flight give just that, without a copy.`,
		Detection: `The behaviour filter counts promotions and frees per tag and how many frames lie
between them.`,
		Help: "set Config.FramesInFlight so that frame memory lives one to three frames longer, or keep two scratches and swap them",
		Bad: `type trail struct{ points [32][2]float32 }

func draw(frame *framealloc.Frame) {
	// the renderer reads it one frame later, and then it is garbage
	_ = framealloc.Retain[trail](frame, framealloc.ToHeap)
}
`,
		Good: `type trail struct{ points [32][2]float32 }

func setup() *framealloc.Allocator {
	return framealloc.NewAllocator(framealloc.Config{FramesInFlight: 1})
}

func draw(frame *framealloc.Frame) *trail {
	return framealloc.New[trail](frame) // valid until the next frame's end
}
`,
	},
	{
		Code:     FA530,
		Name:     "heap memory in the hot path",
		Category: CategoryBehavior,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "A tag takes heap memory through the allocator in every frame.",
		Explanation: `HeapNew and HeapSlice are for what is too large for a frame or lives without a
bound. In the hot path they make what a frame allocator is there to avoid:
garbage, and with it collections in the middle of the game.

A quarter of a frame's allocations left on the heap makes the worst frames as
long as if all of them were there.`,
		Detection: `The behaviour filter counts heap intent per tag and frame. It sees what goes
through framealloc; the garbage finder (FA531) sees the rest.`,
		Help: "use New or Slice from the frame, PoolGet for objects that live longer, or BytesGet for buffers",
		Bad: `type contact struct{ a, b int32 }

func collide(frame *framealloc.Frame, pairs int) []contact {
	return framealloc.HeapSlice[contact](frame, pairs) // garbage in each frame
}
`,
		Good: `type contact struct{ a, b int32 }

func collide(frame *framealloc.Frame, pairs int) []contact {
	return framealloc.Slice[contact](frame, pairs)
}
`,
	},
	{
		Code:     FA531,
		Name:     "heap garbage during the frame",
		Category: CategoryBehavior,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "Some code allocated on the Go heap while a frame was active.",
		Explanation: `Whoever did it, the program itself or a package it calls, the collector will run
for it. Most of these are not written as allocations: fmt.Sprintf, a string that
is put together with +, a number in an interface, a closure that is kept, append
past the capacity, a map that grows, time.After.

The report names the lines that allocated most, so start at the top: with the
first few gone, most of the bytes usually are.`,
		Detection: `The runtime's metrics give count and bytes for every frame at almost no cost. The
lines come from the memory profile, which the garbage finder switches on for as
long as it is asked to. Other goroutines' garbage in the same time counts too.`,
		Help: "use the frame form: NewText or String for text, Append and NewVec for slices, NewMap for maps; pass numbers as numbers",
		Bad: `func hud(frame *framealloc.Frame, units, fps int) string {
	return fmt.Sprintf("%d units, %d fps", units, fps)
}
`,
		Good: `func hud(frame *framealloc.Frame, units, fps int) string {
	t := framealloc.NewText(frame)
	return t.Int(units).Str(" units, ").Int(fps).Str(" fps").String()
}
`,
	},
}
