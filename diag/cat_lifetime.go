package diag

// Frame memory and the end of its frame.
var lifetimeEntries = []Entry{
	{
		Code:     FA601,
		Name:     "frame memory escapes its frame",
		Category: CategoryLifetime,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A pointer to frame memory is stored where it outlives the frame.",
		Explanation: `When the frame ends its memory is used again. Whatever still points there then
sees values of a later frame: an enemy follows a path that belongs to another
one, a name on the screen changes its letters. Nothing crashes, and the heap is
never harmed; the program is just wrong, and far from the line that is at fault.

Storing means: in a global, in a field of something that lives longer, in a map,
a channel, a closure that is kept, an interface, in an object of a pool or a value
of a handle.Table, or returning it from the function that ends the frame. What
stream.Entry.Use returns is lent to the frame, and counts as its memory.`,
		Detection: `At build time fa follows frame memory through assignments, calls, closures and
collections in all packages, and shows the way from the allocation to the store.
An error is proven; a store into a parameter or receiver whose lifetime fa cannot
know is a warning. At run time, in escape mode, each allocation is an object of
its own, and what is still reachable after the frame is reported with its place.`,
		Help: "copy what must live on: slices.Clone and strings.Clone to the heap, a pool object, a group; or retain it with Retain",
		Bad: `type unit struct{ path []int32 }

func plan(frame *framealloc.Frame, u *unit, steps int) {
	path := framealloc.Slice[int32](frame, steps)
	u.path = path // u lives on, path does not
}
`,
		Good: `type unit struct{ path []int32 }

func plan(frame *framealloc.Frame, u *unit, steps int) {
	path := framealloc.Slice[int32](frame, steps)
	u.path = append(u.path[:0], path...) // u's own memory, used again
}
`,
	},
	{
		Code:     FA602,
		Name:     "allocation in a hot loop",
		Category: CategoryLifetime,
		Severity: SeverityHint,
		Found:    BuildTime,
		Summary:  "A loop allocates on each turn what one allocation before the loop would give.",
		Explanation: `An allocation from a frame costs about two nanoseconds, so this is advice. But
memory that each turn needs only for itself adds up until the frame ends.

Values that are allocated in one piece also lie side by side without a pointer
to each. The loop that reads them later is shorter, and the processor fetches
ahead.`,
		Detection: `fa looks for allocations of a size that does not change within a loop, nested or
known to run often. One allocation in a loop of a few turns is left alone; the
threshold is set in the configuration.`,
		Help: "allocate one slice before the loop (Slice, SliceCap or NewMany), or use the same buffer for each turn",
		Bad: `type particle struct{ x, y, vx, vy float32 }

func emit(frame *framealloc.Frame, emitters, each int) {
	for range emitters {
		for range each {
			p := framealloc.New[particle](frame)
			p.vx, p.vy = 1, 1
		}
	}
}
`,
		Good: `type particle struct{ x, y, vx, vy float32 }

func emit(frame *framealloc.Frame, emitters, each int) {
	particles := framealloc.Slice[particle](frame, emitters*each)
	for i := range particles {
		p := &particles[i]
		p.vx, p.vy = 1, 1
	}
}
`,
	},
	{
		Code:     FA603,
		Name:     "frame not begun or not ended on some path",
		Category: CategoryLifetime,
		Severity: SeverityError,
		Found:    BuildTime,
		Summary:  "There is a way through the function on which BeginFrame and EndFrame do not match.",
		Explanation: `A frame that is not ended keeps its memory, and the next BeginFrame panics with
FA002. It happens on the path that is rarely taken: the error that returns
early, the continue for a paused game, the panic that somebody recovers from.

So the game works until a controller is unplugged, and then stops with a message
about a place that is innocent.`,
		Detection: `fa follows every path from BeginFrame to the ends of the function, including
panics of calls that may panic, and knows functions that begin or end a frame on
behalf of others. Each such path is shown.`,
		Help: "write defer alloc.EndFrame() right after BeginFrame, or use alloc.Frame(func)",
		Bad: `func step(alloc *framealloc.Allocator, input func(*framealloc.Frame) error) error {
	frame := alloc.BeginFrame()
	if err := input(frame); err != nil {
		return err // the frame is still active
	}
	alloc.EndFrame()
	return nil
}
`,
		Good: `func step(alloc *framealloc.Allocator, input func(*framealloc.Frame) error) error {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	return input(frame)
}
`,
	},
	{
		Code:     FA604,
		Name:     "retention policy against use",
		Category: CategoryLifetime,
		Severity: SeverityWarning,
		Found:    Both,
		Summary:  "A value is retained with a policy that does not fit what the program does with it.",
		Explanation: `Retain says at the allocation what shall become of the value at the end of the
frame, and the program does something else.

Plain EndFrame promotes nothing, so the value is gone against its policy. What
goes to a pool and is never put back makes the pool grow without end. What goes to
the heap and is taken by nobody is garbage. What goes to a scratch that is reset
at once is gone before it is used.`,
		Detection: `At build time fa compares the policy with what becomes of the promotions in the
functions it can see, and finds frames that retain and end with plain EndFrame. At
run time a value that plain EndFrame discards against its policy is reported, and
so are sixty promotions in a row that nobody takes.`,
		Help: "end the frame with EndFrameWithPromotions and take what it promoted; choose Discard for what nobody takes",
		Bad: `type sample struct{ ms float32 }

func frame(alloc *framealloc.Allocator) {
	f := alloc.BeginFrame()
	s := framealloc.Retain[sample](f, framealloc.ToHeap)
	s.Value().ms = 16
	alloc.EndFrame() // promotes nothing: the sample is gone
}
`,
		Good: `type sample struct{ ms float32 }

func frame(alloc *framealloc.Allocator) (*sample, error) {
	f := alloc.BeginFrame()
	s := framealloc.Retain[sample](f, framealloc.ToHeap)
	s.Value().ms = 16
	return framealloc.Promoted(alloc.EndFrameWithPromotions(), s)
}
`,
	},
	{
		Code:     FA605,
		Name:     "discarded, yet stored",
		Category: CategoryLifetime,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A value is retained with Discard, and a pointer to it is stored beyond the frame.",
		Explanation: `Discard says that the value ends with its frame, and the store says that it does
not. One of the two is a mistake. If the store stays, it sees other values after
the frame, as with FA601; this code says that there was even a decision.

Often the policy was right once, and a feature that keeps the value (a replay, an
undo list, a debug view) was added later.`,
		Detection: `At build time as FA601, for values retained with Discard. At run time when the
value is asked for with Promoted after its frame.`,
		Help: "retain the value with ToPool, ToHeap or ToScratch, or do not store it",
		Bad: `type replay struct{ best *[256]byte }

func record(frame *framealloc.Frame, r *replay) {
	r.best = framealloc.Retain[[256]byte](frame, framealloc.Discard).Value()
}
`,
		Good: `type replay struct{ best [256]byte }

func record(frame *framealloc.Frame, r *replay) {
	r.best = *framealloc.Retain[[256]byte](frame, framealloc.Discard).Value() // a copy
}
`,
	},
	{
		Code:     FA606,
		Name:     "use after the frame",
		Category: CategoryLifetime,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "Frame memory is read or written after its frame ended, or after a rollback gave it back.",
		Explanation: `The memory belongs to somebody else by now. A read sees the values of another
frame, a write changes them. Nothing crashes by itself, which is what makes this
the hardest mistake to find by looking at its effects.

After Rollback and after Sub the same holds for what was allocated within, while
the frame itself goes on.`,
		Detection: `At build time fa finds uses that follow the end on some path, also through calls.
At run time there are two modes: poison fills memory that was given back and finds
writes to it; guard makes its pages inaccessible for some frames, so that the use
itself panics with type, place, tag and frame of the allocation.`,
		Help: "use the value before EndFrame, Rollback or the end of Sub; copy out what is needed later; for renderers that lag, set Config.FramesInFlight",
		Bad: `func measure(alloc *framealloc.Allocator) float32 {
	frame := alloc.BeginFrame()
	sums := framealloc.Slice[float32](frame, 4)
	sums[0] = 1
	alloc.EndFrame()
	return sums[0] // another frame's value, some day
}
`,
		Good: `func measure(alloc *framealloc.Allocator) float32 {
	frame := alloc.BeginFrame()
	sums := framealloc.Slice[float32](frame, 4)
	sums[0] = 1
	sum := sums[0]
	alloc.EndFrame()
	return sum
}
`,
	},
	{
		Code:     FA607,
		Name:     "heap allocation in a frame's hot path",
		Category: CategoryLifetime,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "Code that runs inside a frame allocates on the heap although a frame form exists.",
		Explanation: `new, make, append past the capacity, fmt.Sprintf, a closure that is kept, a value
put into an interface: each makes garbage in each frame, and enough of it makes
the collector run in the middle of one.

Where the value ends with the frame, frame memory does the same for a tenth of
the price and none of the garbage.`,
		Detection: `fa reports heap allocations in functions that have a frame at hand, and whose
value does not leave the function or the frame. new, literals, closures,
interfaces and strings are reported where the compiler surely cannot keep them on
the stack: stored through a pointer, in a slice, a map or a variable of an outer
loop. What happens once, in an error path or at start-up, is left alone. At run
time the garbage finder reports the same under FA531.`,
		Help: "use the frame form: New or NewValue for new and &T{}, Slice for make, Append or NewVec for append, NewMap for map, NewText for strings and fmt",
		Bad: `type agent struct{ x, y float32 }

func near(frame *framealloc.Frame, all []agent, r float32) int {
	var found []*agent
	for i := range all {
		if a := &all[i]; a.x*a.x+a.y*a.y < r*r {
			found = append(found, a) // grows on the heap, again and again
		}
	}
	return len(found)
}
`,
		Good: `type agent struct{ x, y float32 }

func near(frame *framealloc.Frame, all []agent, r float32) int {
	found := framealloc.SliceCap[*agent](frame, 0, len(all))
	for i := range all {
		if a := &all[i]; a.x*a.x+a.y*a.y < r*r {
			found = append(found, a)
		}
	}
	return len(found)
}
`,
	},
	{
		Code:     FA608,
		Name:     "promoted while still pointing into the frame",
		Category: CategoryLifetime,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A value was promoted, but slices, strings or pointers inside it still refer to frame memory.",
		Explanation: `Promotion copies the value itself to where it will live. What it points to is
not copied: a slice in it still refers to the frame that is about to end. The copy
would look complete in the debugger and be wrong one frame later, so it is not
made.

Types that grow are where it happens: a value of plain numbers is promoted for a
year without trouble, until somebody gives it a name.`,
		Detection: `At build time fa knows types that hold pointers and sees frame memory stored in
them. At run time each promotion looks through the value for addresses inside the
frame; one that is found is reported, and the value is not promoted.`,
		Help: "give the type a Promote(dst) method that copies what it points to, or keep the data in arrays inside the value",
		Bad: `type route struct{ points []int32 }

func plan(frame *framealloc.Frame, n int) {
	r := framealloc.Retain[route](frame, framealloc.ToHeap).Value()
	r.points = framealloc.Slice[int32](frame, n) // stays behind
}
`,
		Good: `type route struct{ points []int32 }

func plan(frame *framealloc.Frame, n int) {
	r := framealloc.Retain[route](frame, framealloc.ToHeap).Value()
	r.points = framealloc.HeapSlice[int32](frame, n) // lives as long as the route
}
`,
	},
	{
		Code:     FA609,
		Name:     "never given back",
		Category: CategoryLifetime,
		Severity: SeverityWarning,
		Found:    RunTime,
		Summary:  "Something that has to be given back was not: an object of a pool, a group, a transfer.",
		Explanation: `Frame memory goes by itself. What outlives a frame is given back by somebody:
an entity when it dies, a level's group when the next one loads. Where that is
forgotten on one path, in the branch that returns early or for the enemy that walks
off the map, the game grows by a little every minute, and nothing is ever wrong.

What is out at the moment is not a leak yet. Two reports a minute apart show what
grows; at Close, whatever is left has missed its last chance.`,
		Detection: `In leaks mode each object that is taken is booked with its place, type, tag and
frame until it is given back, and what is left is reported at Close, by place.`,
		Help: "give it back on every path, with defer where it lives in one function; alloc.Leaks() lists what is out at any moment",
		Bad: `type enemy struct{ x, y, health int }

func spawn(alloc *framealloc.Allocator, x int) *enemy {
	e := framealloc.PoolGet[enemy](alloc)
	if x < 0 {
		return nil // off the map, and the enemy is lost
	}
	e.x = x
	return e
}
`,
		Good: `type enemy struct{ x, y, health int }

func spawn(alloc *framealloc.Allocator, x int) *enemy {
	if x < 0 {
		return nil
	}
	e := framealloc.PoolGet[enemy](alloc)
	e.x = x
	return e
}
`,
	},
}
