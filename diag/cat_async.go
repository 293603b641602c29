package diag

// Frames across blocking operations and callbacks.
var asyncEntries = []Entry{
	{
		Code:     FA701,
		Name:     "frame held across a blocking operation",
		Category: CategoryAsync,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A function waits for a file, the network, a timer or a lock while its frame is active.",
		Explanation: `As long as a frame is active its memory cannot be given back, and whoever waits
for the frame's end waits too. A wait for the network of 200 ms is a dozen frames
that were not drawn.

Do the slow part on a goroutine of its own and take its result into a frame when
it has arrived.`,
		Detection: `fa knows the blocking operations of the standard library (files, network, sleep,
process, channel operations without default, locks that are held for long) and
finds them between BeginFrame and EndFrame, also through calls.`,
		Help: "wait before BeginFrame or after EndFrame; in the frame, only look whether the result is there (select with default)",
		Bad: `func step(alloc *framealloc.Allocator, packets <-chan []byte) {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	p := <-packets // the frame lasts until the network has something to say
	_ = framealloc.Clone(frame, p)
}
`,
		Good: `func step(alloc *framealloc.Allocator, packets <-chan []byte) {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	select {
	case p := <-packets:
		_ = framealloc.Clone(frame, p)
	default: // nothing yet: on with the frame
	}
}
`,
	},
	{
		Code:     FA702,
		Name:     "frame memory alive across a wait",
		Category: CategoryAsync,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A function holds frame memory across a wait during which another goroutine may end the frame.",
		Explanation: `The function took memory from a frame that it did not begin, waits, and then goes
on using the memory. By then the goroutine that owns the frame may have ended it:
the values before and after the wait are not the same.

It is the mistake of FA606 with a race in it: right in every test on a fast
machine, wrong on the player's.`,
		Detection: `fa looks for channel operations, select, timers and Wait between an allocation
from a frame that was passed in, or lives in a field, and a later use, where some
goroutine of the program ends such a frame.`,
		Help: "copy what is needed before the wait, take the memory after it, or hand the value over with framesync.NewTransfer",
		Bad: `type job struct {
	frame *framealloc.Frame // of the main loop, which ends it on time
	ready chan struct{}
}

func (j *job) run(n int) float32 {
	weights := framealloc.Slice[float32](j.frame, n)
	weights[0] = 1
	<-j.ready
	return weights[0]
}
`,
		Good: `type job struct {
	worker *framealloc.Worker // of this goroutine
	ready  chan struct{}
}

func (j *job) run(n int) (first float32) {
	<-j.ready
	j.worker.Frame(func(f *framealloc.Frame) {
		weights := framealloc.Slice[float32](f, n)
		weights[0] = 1
		first = weights[0]
	})
	return first
}
`,
	},
	{
		Code:     FA703,
		Name:     "frame captured by a callback that outlives it",
		Category: CategoryAsync,
		Severity: SeverityError,
		Found:    BuildTime,
		Summary:  "A function that is called later holds a frame, or memory of it.",
		Explanation: `A timer, an event handler, a hook of the engine: by the time it is called, the
frame in which it was made has ended. The captured frame then gives out memory
of another frame or panics with FA001, and captured memory holds other values.

A callback that is called within the frame, as by slices.SortFunc, may capture
what it likes; the question is only whether somebody keeps it.`,
		Detection: `fa finds closures and method values that hold a frame or frame memory and are
given to time.AfterFunc, stored in a field, a global, a map or a channel, or
passed to a function that stores them.`,
		Help: "capture copies of the values, and take the frame inside the callback from the worker that runs it",
		Bad: `func warn(frame *framealloc.Frame, seconds int, show func(string)) {
	text := framealloc.NewText(frame).Int(seconds).Str(" s left").String()
	time.AfterFunc(time.Second, func() {
		show(text) // a second later: sixty frames
	})
}
`,
		Good: `func warn(frame *framealloc.Frame, seconds int, show func(string)) {
	text := framealloc.NewText(frame).Int(seconds).Str(" s left").String()
	text = strings.Clone(text)
	time.AfterFunc(time.Second, func() {
		show(text)
	})
}
`,
	},
}
