package diag

// Limits, and what runs into them.
var budgetEntries = []Entry{
	{
		Code:     FA301,
		Name:     "unbounded allocation loop",
		Category: CategoryBudget,
		Severity: SeverityWarning,
		Found:    BuildTime,
		Summary:  "A loop allocates from a frame, and nothing bounds how often it runs.",
		Explanation: `Frame memory is only given back at the end of the frame. A loop that allocates
on each turn and ends when a channel is empty, a search finds its goal or a
condition changes, takes as much as the input makes it take.

With usual data that is nothing. With a goal that cannot be reached, or a burst
from the network, one frame takes gigabytes.`,
		Detection: `fa looks for loops without a condition, over channels, or with a condition that
does not depend on a counter or a length, that allocate on the way back to
their head, also through calls. A Sub or a checkpoint inside the loop bounds
it, and so does a budget on the tag around it.`,
		Help: "bound the loop, give the memory of each turn back with Sub, or stop when Remaining runs low",
		Bad: `type node struct{ x, y, cost int }

func search(frame *framealloc.Frame, open func() (node, bool)) {
	for {
		n, ok := open()
		if !ok {
			return
		}
		_ = framealloc.NewValue(frame, n) // the whole map, if there is no way
	}
}
`,
		Good: `type node struct{ x, y, cost int }

func search(frame *framealloc.Frame, open func() (node, bool)) {
	const limit = 4096
	nodes := framealloc.SliceCap[node](frame, 0, limit)
	for len(nodes) < limit {
		n, ok := open()
		if !ok {
			return
		}
		nodes = append(nodes, n)
	}
}
`,
	},
	{
		Code:     FA302,
		Name:     "tag without a budget",
		Category: CategoryBudget,
		Severity: SeverityHint,
		Found:    BuildTime,
		Summary:  "The program gives budgets to tags, but not to this one.",
		Explanation: `A budget per tag says which system took too much, before the whole frame has.
What runs under a tag without a budget is only caught by the global one, and
then whoever allocates next is blamed.

A generous budget is enough: it need not be tight to stop a system that suddenly
takes a hundred times as much.`,
		Detection: `Only in programs that call SetTagBudget. fa compares the constant names of tags
with the constant names given to SetTagBudget; a budget for "ai" covers
"ai/pathfinding". Names that are computed are left alone.`,
		Help: "call SetTagBudget for this tag, or for the tag around it",
		Bad: `func setup(alloc *framealloc.Allocator) {
	alloc.SetTagBudget("physics", framealloc.Budget{Hard: 8 * framealloc.MiB})
}

func think(frame *framealloc.Frame) {
	defer frame.Tag("ai")()
	_ = framealloc.Slice[float32](frame, 4096)
}
`,
		Good: `func setup(alloc *framealloc.Allocator) {
	alloc.SetTagBudget("physics", framealloc.Budget{Hard: 8 * framealloc.MiB})
	alloc.SetTagBudget("ai", framealloc.Budget{Hard: 2 * framealloc.MiB})
}

func think(frame *framealloc.Frame) {
	defer frame.Tag("ai")()
	_ = framealloc.Slice[float32](frame, 4096)
}
`,
	},
	{
		Code:     FA310,
		Name:     "global budget exceeded",
		Category: CategoryBudget,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "All workers together hold more memory than the allocator's budget allows.",
		Explanation: `The allocator's budget is the sum over all workers. Passing its soft limit is a
warning, in time to drop caches or lower the detail; at the hard limit the
budget's policy decides what happens to the request: fail, warn, allow, or
promote it to the heap.

Look at the report by tag first: the worker that met the limit is not always
the one that used the memory.`,
		Detection: `Each worker reserves its next window ahead, and the limit is met when a window
does not fit: nothing is counted per allocation. With one worker that is exact to
the byte; with several the budget may seem full by a window (16 KiB) for each of
the others too early.`,
		Help: "see Stats and the table by tag for who holds the memory; lower it there, or raise the limit with SetBudget",
		Bad: `func setup() *framealloc.Allocator {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	alloc.SetBudget(framealloc.Budget{Hard: 1 * framealloc.MiB})
	return alloc
}

func draw(frame *framealloc.Frame) {
	_ = framealloc.Slice[[4]float32](frame, 100_000) // 1.6 MB
}
`,
		Good: `func setup() *framealloc.Allocator {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	alloc.SetBudget(framealloc.Budget{Soft: 12 * framealloc.MiB, Hard: 16 * framealloc.MiB})
	return alloc
}

func draw(frame *framealloc.Frame) {
	_ = framealloc.Slice[[4]float32](frame, 100_000)
}
`,
	},
	{
		Code:     FA311,
		Name:     "tag budget exceeded",
		Category: CategoryBudget,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "What was allocated under a tag exceeds the tag's budget.",
		Explanation: `A system took more memory in this frame than it was given. Passing the soft
limit is a warning; at the hard limit the budget's policy decides. What runs
under "ai/pathfinding" counts for "ai" as well. The limit holds for what each
worker's frame has in use at once.

This is the budget that finds the cause: it stops the system that grew, while
the frame as a whole still has room.`,
		Detection: `While the tag is in force the window ends at the tag's limit, so that it is exact
to the byte and costs nothing before.`,
		Help: "bound what the system takes with Remaining, spread it over frames, or raise the limit with SetTagBudget",
		Bad: `func think(frame *framealloc.Frame, agents int) {
	defer frame.Tag("ai")() // SetTagBudget("ai", …) allows 2 MiB
	for range agents {
		_ = framealloc.Slice[int32](frame, 64*64) // 16 KiB each: enough for 128
	}
}
`,
		Good: `func think(frame *framealloc.Frame, agents int) {
	defer frame.Tag("ai")()
	for range agents {
		frame.Sub(func(f *framealloc.Frame) { // given back for the next agent
			_ = framealloc.Slice[int32](f, 64*64)
		})
	}
}
`,
	},
	{
		Code:     FA312,
		Name:     "worker budget exceeded",
		Category: CategoryBudget,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A worker's frame took more than the worker's budget.",
		Explanation: `The worker was given a budget with SetFrameBudget or SetBudget, and its frame
needs more. Passing the soft limit is a warning; at the hard limit the budget's
policy decides. Forks count for the worker whose frame they were forked from.

It is mostly the amount of input that varies: a loader that takes in whatever has
arrived works in tests, and meets the limit when the player turns round fast.`,
		Detection: `The window ends at the limit, so that it is exact to the byte and costs nothing
before.`,
		Help: "process the work in parts of a fixed size, give memory back with Sub, or raise the limit with SetFrameBudget",
		Bad: `func stream(w *framealloc.Worker, chunks [][]byte) {
	w.SetFrameBudget(4 * framealloc.MiB)
	w.Frame(func(f *framealloc.Frame) {
		for _, c := range chunks { // everything that has arrived, in one frame
			_ = framealloc.Clone(f, c)
		}
	})
}
`,
		Good: `func stream(w *framealloc.Worker, chunks [][]byte) {
	w.SetFrameBudget(4 * framealloc.MiB)
	for _, c := range chunks {
		w.Frame(func(f *framealloc.Frame) { // one chunk a frame
			_ = framealloc.Clone(f, c)
		})
	}
}
`,
	},
}
