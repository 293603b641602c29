package diag

// Beginning, filling and ending a frame.
var frameEntries = []Entry{
	{
		Code:     FA001,
		Name:     "allocation with no active frame",
		Category: CategoryFrame,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "Memory was asked for from a frame that has not begun, or has ended.",
		Explanation: `A frame can only give out memory between BeginFrame and EndFrame. Before and
after, there is no moment at which the memory would be released, so the request
panics with this code, and a Try function returns it as an error.

In a game this is usually code that runs outside of the loop: loading at
start-up, a callback of the window system, a save that is written after the
last frame. Such data has no frame's lifetime and wants other memory.`,
		Detection: `The window of a frame that is not active is empty, so every allocation reaches
the check; it is always on and costs nothing. A frame that was kept beyond its
end and is used during a later frame of the same worker is not seen here: that
is FA606.`,
		Help: "allocate between BeginFrame and EndFrame; for data that has no frame, use a group, a pool or the heap",
		Bad: `func load(alloc *framealloc.Allocator) []float32 {
	frame := alloc.BeginFrame()
	alloc.EndFrame()
	return framealloc.Slice[float32](frame, 1024) // the frame has ended
}
`,
		Good: `func load(alloc *framealloc.Allocator) []float32 {
	return framealloc.HeapSlice[float32](alloc, 1024) // lives as long as it is used
}
`,
	},
	{
		Code:     FA002,
		Name:     "frame begun or ended out of order",
		Category: CategoryFrame,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A frame was begun while one was active, or ended while none was.",
		Explanation: `A worker has one frame at a time. A second BeginFrame would either throw away
the memory of the first one while it is in use, or keep both for ever; a second
EndFrame would end a frame that somebody else began. Both panic instead.

The usual causes: an early return or continue between BeginFrame and EndFrame,
so that the next turn of the loop begins again; a system that begins a frame of
its own inside the loop's frame; a checkpoint that is rolled back after the one
around it.`,
		Detection: `Always on, at BeginFrame, EndFrame, Close and Rollback. The analyzer finds the
paths that lead here under FA603.`,
		Help: "begin and end frames in one place, with Frame(func) or defer; for memory that is given back earlier, use Sub inside the frame",
		Bad: `func loop(alloc *framealloc.Allocator, paused func() bool) {
	for range 3 {
		frame := alloc.BeginFrame()
		if paused() {
			continue // the frame goes on; the next BeginFrame panics
		}
		_ = framealloc.New[[64]byte](frame)
		alloc.EndFrame()
	}
}
`,
		Good: `func loop(alloc *framealloc.Allocator, paused func() bool) {
	for range 3 {
		alloc.Frame(func(frame *framealloc.Frame) { // ended on every path
			if paused() {
				return
			}
			_ = framealloc.New[[64]byte](frame)
		})
	}
}
`,
	},
	{
		Code:     FA003,
		Name:     "frame memory exhausted",
		Category: CategoryFrame,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A request does not fit: the frame is at its limit, or the request itself is too large.",
		Explanation: `With Config.MaxFrameBytes, or a fixed capacity, a frame may hold only so much.
A request beyond that follows the policy: Fail panics with this code (a Try
function returns it), Warn reports it and grows, Allow only counts, Promote puts
the value on the heap. A length that is negative or overflows is reported here
under every policy.

A limit is worth having: a frame that takes ten times its usual memory is a bug
that would otherwise show as a stutter weeks later. But what is too large for a
frame, a whole level or a screenshot, belongs elsewhere.`,
		Detection: `Always on, and free: the window ends where the limit is. Tested to the byte,
sizes rounded up to 8.`,
		Help: "raise Config.MaxFrameBytes, give memory back earlier with Sub, use a Try function, or put what is this large into a group or on the heap",
		Bad: `func readAll(frame *framealloc.Frame, fileSize int) []byte {
	return framealloc.Bytes(frame, fileSize) // panics for the first large file
}
`,
		Good: `func readAll(frame *framealloc.Frame, fileSize int) []byte {
	b, err := framealloc.TrySlice[byte](frame, fileSize)
	if errors.Is(err, diag.FA003) {
		return framealloc.HeapSlice[byte](frame, fileSize)
	}
	return b
}
`,
	},
}
