package behavior

// Thresholds say from where on a use is reported. Shares are from 0 to 1. Begin
// with [Default], [Strict] or [Relaxed] and change what does not fit; a zero
// share or size switches its check off.
type Thresholds struct {
	// WarmUp is how many frames of each worker are not looked at: levels are
	// loaded, memory grows, caches fill.
	WarmUp int
	// MinFrames is for how many frames of a worker a tag must be known before it
	// is judged.
	MinFrames int

	// LongLived is for FA501: the share of frames in which a tag takes exactly
	// what it took in the frame before, and finds equal contents at its end. Tags
	// that take less than LongLivedBytes a frame are left alone.
	LongLived      float64
	LongLivedBytes int
	// SameSize is LongLived for tags whose contents are not known: such as
	// hold types with pointers. Equal sizes alone prove little, so these are hints.
	SameSize float64
	// Survival is for FA502: the share of a tag's frame bytes that is promoted.
	Survival float64
	// SameFrame is for FA510: the share of the objects taken from a pool at one
	// line that are put back in the same frame.
	SameFrame float64
	// Churn is for FA520: the share of frames in which a tag has values promoted.
	Churn float64
	// HotHeap is for FA530: the share of frames in which a tag takes heap memory.
	HotHeap float64
	// Garbage is for FA531: heap allocations a frame, made by anyone, the worst
	// frame left out.
	Garbage float64
}

// Default returns thresholds at which what is reported is worth a look in most
// games: judged after two seconds at 60 frames a second, and one to warm up.
func Default() Thresholds {
	return Thresholds{
		WarmUp: 60, MinFrames: 120,
		LongLived: 0.9, LongLivedBytes: 1 << 10,
		Survival: 0.5, SameFrame: 0.9, Churn: 0.9, HotHeap: 0.5, Garbage: 1,
	}
}

// Strict returns thresholds for code that must be clean: audio callbacks, inner
// loops, and tests that run some dozens of frames.
func Strict() Thresholds {
	return Thresholds{
		WarmUp: 10, MinFrames: 30,
		LongLived: 0.75, LongLivedBytes: 64, SameSize: 0.95,
		Survival: 0.25, SameFrame: 0.5, Churn: 0.5, HotHeap: 0.05, Garbage: 0.25,
	}
}

// Relaxed returns thresholds at which only what is wrong all the time is
// reported: for a first look at a large program.
func Relaxed() Thresholds {
	return Thresholds{
		WarmUp: 300, MinFrames: 600,
		LongLived: 0.99, LongLivedBytes: 64 << 10,
		Survival: 0.8, SameFrame: 0.99, Churn: 0.99, HotHeap: 0.9, Garbage: 10,
	}
}
