package diag

// Frames, workers and goroutines.
var threadingEntries = []Entry{
	{
		Code:     FA201,
		Name:     "frame used from another goroutine",
		Category: CategoryThreading,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A frame, a worker or frame memory is used by a goroutine that does not own it.",
		Explanation: `A frame and its worker have no locks and no atomics: that is why allocating is
as cheap as adding to a number. Two goroutines that allocate from one frame get
the same bytes twice, and the values change under each other's hands. Frame
memory that is only read elsewhere is a race as well: the owner ends the frame
when it likes, and the next frame's values appear in its place.

Give the goroutine a frame of its own. A fork lives as long as the parent frame
and fits work that is done within the frame. A worker fits a goroutine with its
own loop. A transfer hands one value over for good.`,
		Detection: `At build time fa follows frames, workers and frame memory into go statements,
sync.WaitGroup.Go, errgroup, channels and stored callbacks, through calls and
across packages. At run time, with Config.Debug, each allocation compares its
goroutine with the frame's owner and shows both.`,
		Help: "give the goroutine its own memory: frame.Fork() or framealloc.Parallel within the frame, NewWorker for a loop of its own, framesync.NewTransfer to hand a value over",
		Bad: `func physics(frame *framealloc.Frame, islands [][]int) {
	var wg sync.WaitGroup
	for _, island := range islands {
		wg.Go(func() {
			_ = framealloc.Slice[float32](frame, len(island)) // every goroutine, one frame
		})
	}
	wg.Wait()
}
`,
		Good: `func physics(frame *framealloc.Frame, islands [][]int) {
	framealloc.Parallel(frame, len(islands), func(f *framealloc.Frame, i int) {
		_ = framealloc.Slice[float32](f, len(islands[i])) // a frame of its own
	})
}
`,
	},
	{
		Code:     FA202,
		Name:     "goroutine outside the barrier",
		Category: CategoryThreading,
		Severity: SeverityWarning,
		Found:    Both,
		Summary:  "A goroutine works to the same frame boundary as others, but does not take part in their barrier.",
		Explanation: `A barrier says that nobody begins frame N+1 before everybody has finished frame
N. A worker that runs beside it and uses the same data is held by nothing: it
reads positions of one frame and velocities of the next, or still reads what
another goroutine has already released.

Such a mistake shows once in ten thousand frames, on the slowest machine.`,
		Detection: `At build time fa finds workers whose loop shares data with participants of a
barrier and neither signals nor waits. At run time framesync.Barrier finds a
participant that signals twice, is used after it left, or keeps the others waiting
longer than the time its builder was given.
Workers that share nothing, such as audio with a ring buffer of its own, are
not meant: name them in the ignore list, or give them an allocator.`,
		Help: "make the goroutine a participant of the barrier: Signal when its frame is complete, Wait before the next",
		Bad: `func start(alloc *framealloc.Allocator, step func(*framealloc.Frame)) {
	barrier := framesync.NewBarrier("simulate", "render")
	go loop(alloc.NewWorker("simulate"), barrier, step)
	go loop(alloc.NewWorker("render"), barrier, step)
	go func() {
		w := alloc.NewWorker("particles")
		defer w.Close()
		for {
			w.Frame(step) // runs ahead of the other two, or behind
		}
	}()
}

func loop(w *framealloc.Worker, b *framesync.Barrier, step func(*framealloc.Frame)) {
	defer w.Close()
	for {
		w.Frame(step)
		b.Participant(w.Name()).Wait()
	}
}
`,
		Good: `func start(alloc *framealloc.Allocator, step func(*framealloc.Frame)) {
	names := []string{"simulate", "render", "particles"}
	barrier := framesync.NewBarrier(names...)
	for _, name := range names {
		go loop(alloc.NewWorker(name), barrier, step)
	}
}

func loop(w *framealloc.Worker, b *framesync.Barrier, step func(*framealloc.Frame)) {
	defer w.Close()
	for {
		w.Frame(step)
		b.Participant(w.Name()).Wait()
	}
}
`,
	},
	{
		Code:     FA203,
		Name:     "goroutine allocates with no budget",
		Category: CategoryThreading,
		Severity: SeverityHint,
		Found:    Both,
		Summary:  "A worker allocates without a budget in a program that gives its workers budgets.",
		Explanation: `Budgets only protect a program if every worker has one. The one without can take
all the memory there is, and the others then fail at limits they keep to: the
report names the wrong one.

Streaming and path finding are the usual suspects, for their need depends on
what the player does.`,
		Detection: `Only where at least one worker of the program has a budget. At build time fa
looks for NewWorker without a following SetFrameBudget or SetBudget; at run time
it is seen at the first frame of a worker from NewWorker that no other limit
holds.`,
		Help: "give the worker a budget right after NewWorker: worker.SetFrameBudget(8*framealloc.MiB)",
		Bad: `func start(alloc *framealloc.Allocator) (physics, audio *framealloc.Worker) {
	physics = alloc.NewWorker("physics")
	physics.SetFrameBudget(8 * framealloc.MiB)
	audio = alloc.NewWorker("audio") // takes what it likes
	return physics, audio
}
`,
		Good: `func start(alloc *framealloc.Allocator) (physics, audio *framealloc.Worker) {
	physics = alloc.NewWorker("physics")
	physics.SetFrameBudget(8 * framealloc.MiB)
	audio = alloc.NewWorker("audio")
	audio.SetFrameBudget(32 * framealloc.MiB)
	return physics, audio
}
`,
	},
	{
		Code:     FA204,
		Name:     "queue of deferred frees may overflow",
		Category: CategoryThreading,
		Severity: SeverityWarning,
		Found:    Both,
		Summary:  "Other goroutines free a worker's objects faster than the worker takes them back.",
		Explanation: `A pooled object that another goroutine frees goes to its owner's queue, and the
owner takes it back at its next frame. If many are freed between two frames, or
the owner rests, the queue grows; when it is full, its policy decides: drop the
oldest (the memory goes to the collector, so the pool makes garbage again),
grow, or fail.

A queue that is usually nearly full is a sign that objects are made on one
goroutine and used up on another. Then a transfer fits better.`,
		Detection: `At run time when the queue passes three quarters of its bound. At build time fa
finds frees of another worker's objects in a loop without a bound.`,
		Help: "call ProcessDeferred on the owner more often, bound the loop that frees, or hand the objects over with framesync.NewTransfer",
		Bad: `type bullet struct{ x, y float32 }

// Runs on the renderer; the boxes belong to the simulation's worker.
func recycle(spent <-chan framealloc.Box[bullet]) {
	for box := range spent {
		box.FreeFrom(nil) // one entry in the owner's queue each, without end
	}
}
`,
		Good: `type bullet struct{ x, y float32 }

// Runs on the simulation, once a frame: its own objects, no queue.
func recycle(spent <-chan framealloc.Box[bullet]) {
	for range 256 {
		select {
		case box := <-spent:
			box.Free()
		default:
			return
		}
	}
}
`,
	},
	{
		Code:     FA205,
		Name:     "frame ended while forks or workers still run",
		Category: CategoryThreading,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A frame ended although a child frame, forked from it, was not joined.",
		Explanation: `The memory of a fork lives as long as the frame it was forked from. If that
frame ends while the fork's goroutine still works, the goroutine computes with
memory whose time is over.

The library never reuses memory under a running child: depending on the policy
EndFrame waits, panics, or reports this code and leaves the memory to the
collector. Waiting means a frame of unknown length; leaving it means garbage. So
the mistake is worth finding even where nothing breaks.`,
		Detection: `At run time EndFrame counts the forks that were not joined. At build time fa
finds paths from Fork to EndFrame without Join, Wait, or a channel that the
goroutine closes.`,
		Help: "wait for the goroutines before EndFrame: framealloc.Parallel and ForkGroup.Wait do it for you",
		Bad: `func update(alloc *framealloc.Allocator, paths int) {
	frame := alloc.BeginFrame()
	child := frame.Fork()
	go func() {
		defer child.Join()
		_ = framealloc.Slice[int32](child, paths)
	}()
	alloc.EndFrame() // the goroutine may have not even started
}
`,
		Good: `func update(ctx context.Context, alloc *framealloc.Allocator, paths int) error {
	frame := alloc.BeginFrame()
	defer alloc.EndFrame()
	g := framealloc.NewForkGroup(ctx, frame)
	g.Go(func(f *framealloc.Frame) error {
		_ = framealloc.Slice[int32](f, paths)
		return nil
	})
	return g.Wait()
}
`,
	},
	{
		Code:     FA206,
		Name:     "transfer dropped or received twice",
		Category: CategoryThreading,
		Severity: SeverityError,
		Found:    Both,
		Summary:  "A transfer was received a second time, or nobody ever received it.",
		Explanation: `A transfer hands one value from one goroutine to another, and exactly one of them
owns it at a time. A second Receive would give it two owners that both write to
it, so it returns an error with this code.

A transfer that is dropped without Receive or Drop is work done for nothing:
often a result that arrived after its reader gave up, and sometimes the reason
why a job seems never to finish.`,
		Detection: `Receiving twice is always found. A dropped transfer is noticed when the collector
finds it, and reported with the place where it was made; so the report comes
some frames late. At build time fa finds both within a function.`,
		Help: "receive each transfer once; call Drop where the value is no longer wanted",
		Bad: `func results(jobs <-chan *framesync.Transfer[[]int32], wanted func() bool) {
	for t := range jobs {
		if !wanted() {
			continue // nobody receives it
		}
		if path, err := t.Receive(); err == nil {
			_ = path
		}
	}
}
`,
		Good: `func results(jobs <-chan *framesync.Transfer[[]int32], wanted func() bool) {
	for t := range jobs {
		if !wanted() {
			t.Drop()
			continue
		}
		if path, err := t.Receive(); err == nil {
			_ = path
		}
	}
}
`,
	},
	{
		Code:     FA207,
		Name:     "worker misused or abandoned",
		Category: CategoryThreading,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "A worker was used after Close, or was dropped without Close.",
		Explanation: `A worker holds frame memory, free objects of its pools and a place in the
allocator's list. After Close all that is given back, and a further BeginFrame
or pool access panics with this code.

A worker that is dropped without Close, because its goroutine returned early or
a worker is made for every task, is cleaned up by the collector some time later
and reported as a warning. Until then its memory is lost to the others, and a
program that makes a worker per task pays for new chunks each time.`,
		Detection: `Use after Close is always found. Abandoned workers are found by the collector
(runtime.AddCleanup), so the report comes late and names the worker.`,
		Help: "make a worker once per goroutine and close it where the goroutine ends: defer worker.Close()",
		Bad: `func serve(alloc *framealloc.Allocator, tasks <-chan func(*framealloc.Frame)) {
	for task := range tasks {
		w := alloc.NewWorker("task") // a worker for every task, never closed
		w.Frame(task)
	}
}
`,
		Good: `func serve(alloc *framealloc.Allocator, tasks <-chan func(*framealloc.Frame)) {
	w := alloc.NewWorker("tasks")
	defer w.Close()
	for task := range tasks {
		w.Frame(task)
	}
}
`,
	},
	{
		Code:     FA208,
		Name:     "object put twice, or into a foreign pool",
		Category: CategoryThreading,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "An object was put into a pool that already holds it, or that it did not come from.",
		Explanation: `An object that lies in a pool twice is handed out twice: two enemies share one
position, and whichever moves last wins. An object of another allocator's pool
ends up in lists that nobody counts.

Double puts come from two places that both believe they own an object, usually
the list that holds it and the event that removes it.`,
		Detection: `With Config.Debug each pool knows which objects are out, and the report names the
place of the first put. Without it a double put is not found: PoolBox checks at
every access, for one compare.`,
		Help: "put an object where its one owner lets go of it, and set the owner's pointer to nil; or use PoolBox",
		Bad: `type enemy struct{ hp int }

func kill(alloc *framealloc.Allocator, e *enemy, dead *[]*enemy) {
	*dead = append(*dead, e)
	framealloc.PoolPut(alloc, e) // and again by whoever empties the list
}

func sweep(alloc *framealloc.Allocator, dead []*enemy) {
	for _, e := range dead {
		framealloc.PoolPut(alloc, e)
	}
}
`,
		Good: `type enemy struct{ hp int }

func kill(e *enemy, dead *[]*enemy) {
	*dead = append(*dead, e)
}

func sweep(alloc *framealloc.Allocator, dead []*enemy) {
	for i, e := range dead {
		framealloc.PoolPut(alloc, e) // the list owns them, and lets go here
		dead[i] = nil
	}
}
`,
	},
}
