package arena

import "unsafe"

// A sample point is a byte of the stream of all bytes that an arena hands out:
// the door is asked about the allocation that takes it. To the window it is a
// limit like any other, so allocations before it cost what they always do.
//
// a.sample is where the point lies, in terms of the bytes in use. What is given
// back before the point is reached moves it by as much, so that the bytes between
// two points are bytes allocated. Padding is nobody's, and does not count.

// SampleAfter has the door asked (Sampled) about the allocation that takes the
// byte behind the next n from here on; no longer, if n is negative. The door calls
// it to go on: a point is reached once. Called while the door is asked, n counts
// from before that allocation.
func (a *Arena) SampleAfter(n int) {
	if n < 0 {
		a.movePoint(maxInt)
		return
	}
	used := a.used()
	a.movePoint(used + min(n, maxInt-1-used))
}

// Sampling reports whether there is a sample point.
func (a *Arena) Sampling() bool { return a.sample != maxInt }

// movePoint puts the sample point where at bytes are in use.
func (a *Arena) movePoint(at int) {
	a.sample = at
	a.SetLimit(a.hard)
}

// giveBack moves the sample point for bytes that are no longer in use, or never
// were.
func (a *Arena) giveBack(bytes int) {
	if a.sample != maxInt && bytes != 0 {
		a.movePoint(a.sample - bytes)
	}
}

// giveBackShut is giveBack while the window is shut and is to stay so.
func (a *Arena) giveBackShut(bytes int) {
	if a.sample != maxInt {
		a.sample -= bytes
		a.limit = min(a.hard, a.sample)
	}
}

// reach asks the door about an admitted request if that holds the sample point.
// heap is where the request was spilled to, nil if it is carved.
func (a *Arena) reach(r Request, heap unsafe.Pointer) {
	if a.sample == maxInt {
		return
	}
	if len(a.open) > 0 && r.Size > a.sample-a.used() {
		a.closeRuns() // their windows hold memory that nobody uses
	}
	if r.Size > a.sample-a.used() {
		r.Why, r.Try, r.Heap = Sampled, a.try, heap
		a.sample = maxInt // unless the door sets another
		a.SetLimit(a.hard)
		a.door.Ask(r)
	} else if heap != nil {
		a.giveBack(r.Size)
	}
}

// Serial returns a number that grows with each mark: what was allocated after
// mark m was so while Serial was at least m's.
func (a *Arena) Serial() uint64 { return a.serial }

// Serial returns the value that [Arena.Serial] had just after m was made.
func (m Mark) Serial() uint64 { return m.serial }
