package diag

// What should never happen.
var internalEntries = []Entry{
	{
		Code:     FA901,
		Name:     "internal error",
		Category: CategoryInternal,
		Severity: SeverityError,
		Found:    RunTime,
		Summary:  "The library found itself in a state that should not be possible.",
		Explanation: `This is a mistake of the library, or memory was overwritten through unsafe or cgo.
No program that uses the library without those can cause it; run the program
once with -race to rule out a data race, for that can.

Frames that were active keep their values; what the message says about the
allocator's state afterwards decides whether to go on or to save and quit.`,
		Detection: `Checks of the library's own invariants, where they cost nothing.`,
		Help:      "please report it, with the message, the Go version and what the frame was doing",
		Bad: `// There is nothing that a program should do to get here. What can: unsafe.
func scribble(frame *framealloc.Frame) {
	p := framealloc.New[[8]byte](frame)
	q := (*[64]byte)(unsafe.Pointer(p)) // past the end of what was allocated
	clear(q[:])
}
`,
		Good: `func scribble(frame *framealloc.Frame) {
	p := framealloc.New[[64]byte](frame)
	clear(p[:])
}
`,
	},
}
