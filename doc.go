// Package framealloc allocates memory by intent for programs that have frames:
// games, renderers, simulations, audio callbacks.
//
// What a frame needs and nobody needs afterwards comes from the frame, is as
// cheap as adding to a number, and is given back all at once when the frame
// ends. The collector has nothing to do with it, so it has no reason to run:
//
//	alloc := framealloc.NewAllocator(framealloc.Config{})
//	defer alloc.Close()
//	for running {
//		frame := alloc.BeginFrame()
//		path := framealloc.Slice[Point](frame, 64)          // []Point, zeroed
//		hits := framealloc.NewVec[Contact](frame, 128)      // Contact may hold pointers
//		hud := framealloc.NewText(frame).Int(n).String()    // no heap allocation
//		…
//		alloc.EndFrame()                                    // all three are gone
//	}
//
// # When to use it, and when not
//
// Use it where the same work is done again and again, and a pause in between is
// seen or heard: what one turn of the loop allocates has a common end, and that
// end is known. Do not use it for memory whose end is not known: Go's heap is
// good at that, and [HeapNew] only counts it. Nothing is gained either where
// nothing is allocated: a slice that is kept and reused is as good, if one
// place keeps it.
//
// # Which memory for what
//
// One question decides: when is it over?
//
//	with this frame                     New, Slice, NewVec, NewMap, NewText, …
//	with a part of this frame           the same, inside Frame.Sub
//	if an attempt fails                 the same, inside Speculate, or after a Checkpoint
//	k frames later                      the same, with Config.FramesInFlight
//	with a task on another goroutine    the same, on a Frame.Fork, in Parallel
//	one by one, often                   PoolGet and PoolPut, PoolBox, BytesGet
//	when a job, a tool, a search ends   Scratch
//	when a level or a scene is left     package group
//	this frame, perhaps longer          Retain, and EndFrameWithPromotions
//	nobody knows                        HeapNew, HeapSlice
//
// # Lifetimes
//
// What comes from a frame is valid until [Worker.EndFrame], and no longer: the
// memory serves the next frame. With [Config.FramesInFlight] = k it is valid
// until the k-th frame after it has ended. What comes from it inside a scope
// ([Frame.Sub], a [Checkpoint] that is rolled back) is valid until that scope
// gives it back. To keep a value, copy it, or retain it ([Retain]).
//
// Nothing is run when memory is given back: a file in a frame is not closed, a
// lock not released. Finalizers and cleanups ([runtime.SetFinalizer],
// [runtime.AddCleanup]) must not be put on frame memory, which has no end of
// its own that the runtime could see.
//
// # Safety
//
// Any T may be allocated, pointers or not, and no caller needs package unsafe.
// Values with pointers live in slabs of their own type, ordinary slices that
// the collector scans; pointer-free values live in memory that it does not look
// into. Therefore a pointer that was kept beyond its frame reads and writes
// another value of the same type, or other pointer-free bytes. That is a bug in
// the program, and can be a baffling one, but never a corrupted heap and never
// an object freed while in use. It also keeps the piece of memory it points
// into alive, should the allocator have let go of that. Where a reference may
// outlive its frame or its object, a [FrameBox] or a [Box] checks every access.
//
// Memory is zeroed when it is handed out; only [SliceUninit] leaves that to the
// caller, and only for types without pointers.
//
// # Ownership
//
// A [Worker] with its frames, pools and scratches belongs to one goroutine at a
// time; there are no locks and no atomics in the way of an allocation. Another
// goroutine gets a worker of its own with [Allocator.NewWorker] for its own loop, or
// a fork of the frame for work inside it: [Parallel], [ForkGroup], [Frame.Fork].
// Package framesync hands values over and keeps loops in step. An [Allocator]'s
// own methods for frames are those of its main worker. In [ModeDebug] the use
// of a frame by another goroutine is found and reported.
//
// # Mistakes
//
// Every mistake that can be found has a code, such as FA001 for an allocation
// with no active frame; package diag explains them all. A certain mistake
// panics with a [*diag.Error], which says what happened, in which frame, tag and
// phase, and what to write instead. Nothing ever returns nil in silence. Where
// running out of memory is to be expected, use the functions that begin with
// Try: they return the error, to be tested with errors.Is(err, diag.FA003).
//
// What shows only later, such as a pointer that was kept too long, the debug modes
// find: see [Modes] and [ParseModes]. They are switched on from outside, with
// FRAMEALLOC=poison, or by [Allocator.SetModes].
//
// # Limits
//
// Frames grow as they need, to one piece of memory of the size that the largest
// frame took; from then on they allocate nothing from the heap. A limit
// ([Config.MaxFrameBytes]) or a budget ([Budget]) of a worker, a tag or the whole
// program says what happens beyond: [Fail], [Warn], [Allow] or [Promote].
// Limits are exact to the byte, sizes rounded up to 8, and cost nothing until
// they are reached.
//
// # Cost
//
// [New] inlines into its caller. For a type without pointers it is an addition
// and a compare; a type with pointers takes a call, which [ArenaOf] spares in
// loops. Tags, phases, budgets, statistics and observers that nobody uses cost
// an allocation nothing: whatever wants a say in it narrows the window that the
// frame allocates from, and waits where that window ends.
package framealloc
