// Package measure times a peer's loop. One process measures one peer, so that
// no peer's heap slows another; the processes are asked in turn, so that a slow
// moment of the machine hits all of them alike.
package measure

import (
	"runtime"
	"time"

	"github.com/framealloc/framealloc/bench/peers"
)

// Nanoseconds returns the time of one operation of c, the frame's share
// included, measured for d after a warm-up. ok is false for a case that the peer
// does not offer.
func Nanoseconds(s *peers.Subject, c peers.Case, d time.Duration) (ns float64, ok bool) {
	run := s.Runs[c]
	if run == nil {
		return 0, false
	}
	runtime.GC() // what the case before left behind is not this one's cost
	if fill := s.Runs[peers.Bytes64]; c == peers.Frame && fill != nil {
		fill(1) // an arena that has seen a frame, as in any program
	}
	batch := warm(run, d/8)
	frames := 0
	start := time.Now()
	elapsed := time.Duration(0)
	for elapsed < d {
		run(batch)
		frames += batch
		elapsed = time.Since(start)
	}
	return float64(elapsed.Nanoseconds()) / float64(frames*c.Operations()), true
}

// warm runs until d is over and returns a number of frames that takes about as
// long as d, but is never so short that reading the clock would show.
func warm(run func(int), d time.Duration) int {
	for frames := 1; ; frames *= 2 {
		start := time.Now()
		run(frames)
		if time.Since(start) >= d/2 {
			return frames
		}
	}
}
