package arena

import "unsafe"

// InOnePiece returns the number of bytes of pointer-free memory taken since the
// last reset, and whether they lie side by side in the order in which they were
// taken: in one chunk, and with nothing given back in between.
//
// It closes the windows of runs: what they have not handed out is not taken, and
// would make n fall when they close later.
func (a *Arena) InOnePiece() (n int, ok bool) {
	a.closeRuns()
	return a.cursor(), a.cur == 0 && a.rolledBack == 0 && !a.kept
}

// Bytes returns the pointer-free memory between two values of InOnePiece, which
// must have been true and still be. It is good until the next allocation.
func (a *Arena) Bytes(from, to int) []byte {
	return unsafe.Slice((*byte)(unsafe.Add(a.base, from)), to-from)
}
