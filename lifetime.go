package framealloc

import "sync/atomic"

// A Lifetime says whether what a frame holds is still valid. It may be kept beyond
// the frame and asked from any goroutine, which the frame itself may not: for code that
// lends its own memory to frames, and wants it back when they are over. See package
// stream. The zero Lifetime is over.
type Lifetime struct {
	worker  *published
	scratch *atomic.Uint64 // times that the scratch's memory was given back
	until   uint64
}

// Lifetime returns how long what is allocated from f stays valid: until f ends, and
// as many frames longer as [Config.FramesInFlight] says; for a fork, until that of
// its parent's; for the frame of a scratch or a group, until it is reset or freed. It
// belongs to the goroutine of f's worker, and panics with FA001 when f is not active.
func (f *Frame) Lifetime() Lifetime {
	f.mustBeActive("the lifetime asked of")
	for f.forked != nil {
		f = f.forked.parent
	}
	if s := f.scratch; s != nil {
		return Lifetime{scratch: s.released, until: s.released.Load() + 1}
	}
	return Lifetime{worker: f.w.published, until: f.number + uint64(f.w.alloc.config.FramesInFlight)}
}

// Over reports whether the lifetime has ended. What a goroutine did with the memory
// before it ended happens before Over returns true.
func (l Lifetime) Over() bool {
	switch {
	case l.scratch != nil:
		return l.scratch.Load() >= l.until
	case l.worker != nil:
		return l.worker.frames.Load() >= l.until || l.worker.closed.Load()
	}
	return true
}
