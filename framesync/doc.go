// Package framesync coordinates goroutines that work to the same frames: a
// [Barrier] at which they meet at the end of each, and a [Transfer] that hands a
// value out of one goroutine's frame to another.
//
// # Barrier
//
// Simulation, renderer and audio each have a worker of their own, and none of
// them may begin frame N+1 before all have completed frame N:
//
//	b := framesync.NewBarrier("simulate", "render", "audio")
//	…
//	render := b.Participant("render")
//	defer render.Leave()
//	for running {
//		w.Frame(draw)
//		render.Wait()
//	}
//
// A barrier has no goroutine of its own and allocates nothing after its
// participants have joined.
//
// # Transfer
//
// Frame memory dies with its frame, so a result for another goroutine has to
// leave it. [NewTransfer] says so, moves what it can out of the frame, refuses
// what would dangle, and lets exactly one goroutine have the value.
package framesync
