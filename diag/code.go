package diag

// Code names one kind of mistake, such as "FA601". A code means the same
// whether the analyzer finds the mistake at build time or the library finds it
// at run time.
//
// A Code is itself an error, so that it serves as the sentinel for every
// [Error] that carries it:
//
//	if errors.Is(err, diag.FA003) { … }    // frame memory exhausted
type Code string

// Frame: beginning, filling and ending a frame (FA0xx).
const (
	// FA001: memory was asked for while no frame was active.
	FA001 Code = "FA001"
	// FA002: a frame was begun or ended out of order.
	FA002 Code = "FA002"
	// FA003: the memory that a frame may take is exhausted.
	FA003 Code = "FA003"
)

// Engine integration: adapters that drive frames from an engine's loop (FA1xx).
const (
	// FA101: an engine adapter is used that was never registered.
	FA101 Code = "FA101"
	// FA102: the engine did not call the adapter's hooks during this frame.
	FA102 Code = "FA102"
	// FA103: entity commands were recorded, but cannot be applied.
	FA103 Code = "FA103"
)

// Threading: frames, workers and goroutines (FA2xx).
const (
	// FA201: a frame, worker or frame memory is used from another goroutine
	// without a fork or a transfer.
	FA201 Code = "FA201"
	// FA202: a goroutine shares the frame boundary, but not the barrier.
	FA202 Code = "FA202"
	// FA203: a goroutine allocates with no budget.
	FA203 Code = "FA203"
	// FA204: the queue of deferred frees may overflow.
	FA204 Code = "FA204"
	// FA205: a frame ended while forks or workers still run.
	FA205 Code = "FA205"
	// FA206: a transfer was dropped or received twice.
	FA206 Code = "FA206"
	// FA207: a worker was misused or abandoned.
	FA207 Code = "FA207"
	// FA208: an object was put into a pool twice, or into a foreign pool.
	FA208 Code = "FA208"
)

// Budgets: limits and what runs into them (FA3xx).
const (
	// FA301: a loop without a bound allocates from a frame.
	FA301 Code = "FA301"
	// FA302: a tag has no budget although the program uses budgets.
	FA302 Code = "FA302"
	// FA310: the global budget is exceeded.
	FA310 Code = "FA310"
	// FA311: the budget of a tag is exceeded.
	FA311 Code = "FA311"
	// FA312: the budget of a worker is exceeded.
	FA312 Code = "FA312"
)

// Handles and streams (FA4xx).
const (
	// FA401: a handle is stale, or belongs to another table.
	FA401 Code = "FA401"
	// FA402: the budget of a stream is exhausted.
	FA402 Code = "FA402"
)

// Behavior: memory whose use does not match its intent (FA5xx).
const (
	// FA501: frame data lives as long as long-lived data.
	FA501 Code = "FA501"
	// FA502: a high share of frame memory survives its frame.
	FA502 Code = "FA502"
	// FA510: a pool is used as scratch memory.
	FA510 Code = "FA510"
	// FA520: values are promoted over and over.
	FA520 Code = "FA520"
	// FA530: heap memory is taken in the hot path.
	FA530 Code = "FA530"
	// FA531: the program makes heap garbage during the frame.
	FA531 Code = "FA531"
)

// Lifetime: frame memory and the end of its frame (FA6xx).
const (
	// FA601: frame memory escapes its frame.
	FA601 Code = "FA601"
	// FA602: an allocation stands in a hot loop.
	FA602 Code = "FA602"
	// FA603: a frame is not begun, or not ended, on some path.
	FA603 Code = "FA603"
	// FA604: a retention policy contradicts the use of the value.
	FA604 Code = "FA604"
	// FA605: a value is discarded at the end of the frame, yet stored.
	FA605 Code = "FA605"
	// FA606: frame memory is used after EndFrame or a rollback.
	FA606 Code = "FA606"
	// FA607: a frame's hot path allocates on the heap.
	FA607 Code = "FA607"
	// FA608: a value was promoted while it still points into the frame.
	FA608 Code = "FA608"
	// FA609: something was taken and never given back.
	FA609 Code = "FA609"
)

// Async: frames across blocking operations and callbacks (FA7xx).
const (
	// FA701: a frame is held across a blocking operation.
	FA701 Code = "FA701"
	// FA702: frame memory is alive across a wait while another goroutine may
	// end the frame.
	FA702 Code = "FA702"
	// FA703: frame memory is captured by a callback that outlives the frame.
	FA703 Code = "FA703"
)

// Architecture: the program's own rules about tags and intents (FA8xx).
const (
	// FA801: the tag is not allowed in this package.
	FA801 Code = "FA801"
	// FA802: the tag is unknown.
	FA802 Code = "FA802"
	// FA803: the allocation's intent breaks the package's rule.
	FA803 Code = "FA803"
)

// Internal (FA9xx).
const (
	// FA901: an internal error of the library; please report it.
	FA901 Code = "FA901"
)

// Error returns the code itself, "FA601", so that a Code prints as what it is.
// [Lookup] knows its name.
func (c Code) Error() string { return string(c) }
