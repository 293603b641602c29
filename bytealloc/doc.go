// Package bytealloc is memory as bytes, behind an interface that composes: what a
// codec, a text shaper, a column store or a network layer asks for buffers with, so
// that its caller decides where they come from.
//
// An [Allocator] allocates, reallocates and frees. Five are sources:
//
//	FromFrame(frame)    a frame, a scratch or a group: freed all at once
//	FromWorker(worker)  whichever frame of the worker is active
//	FromPool(src)       the byte pools, buffers given back one by one
//	FromHeap(src)       the heap, counted as heap intent; nil: not counted
//	NewFixed(buf)       a buffer of yours, and not a byte more
//
// The others are layers, Allocators over Allocators:
//
//	Fallback(a, b)      from a; what a has no room for, from b
//	Align(a, 64)        nothing less aligned than that
//	Lock(a)             for several goroutines
//	Log(a, func)        tells each request
//	NewCounter(a)       counts calls and bytes, leaks among them
//	NewChecker(a)       for tests: leaks, double frees, wrong sizes, with stacks
//	FailAt(a, n)        for tests: refuses the nth request
//	FailAfter(a, n)     for tests: refuses all but the first n
//
// They stack as needed: eight kilobytes from a buffer of one's own, what goes beyond
// from the frame, all of it counted:
//
//	mem := bytealloc.NewCounter(bytealloc.Fallback(bytealloc.NewFixed(buf), bytealloc.FromFrame(frame)))
//
// A source or layer of your own needs the three methods, and keeps to what
// [Allocator] says of them. Two optional ones let others see through it: a layer's
// Unwrap (see [Unwrapper]) and a source's Owns (see [Owner]).
//
// Sources and layers are used by one goroutine at a time unless they say otherwise;
// nothing here allocates on the heap where its source does not, but for an error and
// in what is for tests.
package bytealloc
