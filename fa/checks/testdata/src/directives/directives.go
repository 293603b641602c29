// Package directives uses them, and misuses them.
package directives

import "github.com/framealloc/framealloc"

var kept, more []int

func line(f *framealloc.Frame) {
	kept = framealloc.Slice[int](f, 3) //fa:ignore FA601 reset before the frame ends
}

func above(f *framealloc.Frame) {
	//fa:ignore FA601,FA602 set anew in each frame // want `nothing to ignore here: no FA602`
	kept = framealloc.Slice[int](f, 3)
}

// All of the function.
//
//fa:ignore FA601 a debugging aid
func all(f *framealloc.Frame) {
	kept = framealloc.Slice[int](f, 3)
	more = framealloc.Slice[int](f, 3)
}

func noReason(f *framealloc.Frame) {
	/* want `needs a reason` */ //fa:ignore FA601
	kept = framealloc.Slice[int](f, 3)
}

func unneeded(f *framealloc.Frame) int {
	//fa:ignore FA601 just in case // want `nothing to ignore here: no FA601`
	s := framealloc.Slice[int](f, 3)
	return len(s)
}

func unknown(f *framealloc.Frame) {
	//fa:ignore FA999 what is this // want `unknown code FA999`
	_ = f.Used()
}

func runTime(f *framealloc.Frame) {
	//fa:ignore FA530 at run time // want `FA530 is found at run time only`
	_ = f.Used()
}

/* want `unknown directive` */ //fa:keeps x
func misspelt(x []int)         { _ = x }

// Contracts of functions that cannot be seen, or are not to be looked at.

type store interface {
	//fa:noescape b
	Put(b []int)
}

//fa:noescape s
func record(s []int) { kept = s }

func uses(f *framealloc.Frame, st store) {
	record(framealloc.Slice[int](f, 3))
	st.Put(framealloc.Slice[int](f, 3))
}
