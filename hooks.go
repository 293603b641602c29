package framealloc

import (
	"time"

	"github.com/framealloc/framealloc/diag"
)

// Hooks is what a tool sees of an allocator: a struct of optional functions, in
// the manner of [net/http/httptrace]. See [Allocator.Observe].
//
// Each function is called on the goroutine of the worker it is about, in the
// middle of that worker's frame, and should return soon. It may read the worker's
// frame but must not allocate from it, begin or end frames, tags or phases: what
// it allocates nobody is told of, and the others panic with FA002. The values it is passed are only good during the call where that is said.
type Hooks struct {
	// FrameBegin is called after a frame has begun.
	FrameBegin func(FrameBegin)
	// FrameEnd is called when a frame has ended, before its memory is given
	// back.
	FrameEnd func(FrameEnd)

	// TagEnter and TagLeave are called at the ends of a tag's scope.
	TagEnter func(ScopeEnter)
	TagLeave func(ScopeLeave)
	// PhaseBegin and PhaseEnd are called at the ends of a phase.
	PhaseBegin func(ScopeEnter)
	PhaseEnd   func(ScopeLeave)

	// Growth is called at the end of a frame whose memory had to grow.
	Growth func(Growth)
	// Budget is called when usage crosses a budget's soft or hard limit, or a
	// frame ends with a new peak.
	Budget func(BudgetEvent)
	// Promotion is called for each value that leaves its frame, or fails to.
	Promotion func(Promotion)
	// PoolRefill is called when a pool trades a magazine with the depot, or
	// makes new objects.
	PoolRefill func(PoolRefill)
	// Transfer is called when a value is handed to another goroutine, received
	// or dropped; Transfers are made by package framesync. It is called on the
	// goroutine that does so, and takes effect at once. It must make, receive and
	// drop none itself: it would be called for these, too.
	Transfer func(TransferEvent)
	// Deferred is called when the worker looks at its queue of objects that
	// other goroutines gave back, and something happened to it since the last
	// call: see [DeferredConfig].
	Deferred func(DeferredEvent)
	// Diagnostic is called for each diagnostic that the allocator reports.
	Diagnostic func(diag.Diagnostic)

	// Tag is called at a frame's end, after all promotions and before FrameEnd,
	// for each tag that was entered in the frame or took something, in the order
	// in which they first did. It costs no allocation anything.
	Tag func(TagFrame)
	// TagContents, if above 0, has [TagFrame.Contents] worked out in one frame
	// of so many.
	TagContents int

	// Alloc is called for every allocation from a frame, scratch or pool and for
	// heap intent, before it is made or, for a pool's object, as it is taken;
	// Free for every object put back into a pool. Setting either makes what it
	// sees take its slow path while the observer is there.
	Alloc func(Alloc)
	Free  func(Free)
	// AllocIntents are the intents for which Alloc and Free are called; all
	// others stay as fast as they are. nil: all of them.
	AllocIntents []Intent
	// AllocEvery, if above 1, has Alloc and Free called in one frame of so many
	// only: those whose number it divides. Between frames, the frame before
	// counts.
	AllocEvery int

	// Sampling, if set, asks for a random sample of all allocations.
	Sampling *Sampling
}

// FrameBegin tells of a frame that has begun.
type FrameBegin struct {
	Frame  *Frame // only during the call
	Worker string
	Number uint64
	Time   time.Time
}

// FrameEnd tells of a frame that has ended. Sizes are in bytes.
type FrameEnd struct {
	Frame       *Frame // only during the call
	Worker      string
	Number      uint64
	Time        time.Time // of the end
	Duration    time.Duration
	Bytes       int // allocated, what scopes gave back included
	Allocations int
	HighWater   int // the most in use at once
	Capacity    int // frame memory held by the worker
	Collections int // garbage collections that completed during the frame
	// Pause is how long those stopped the program, all pauses added.
	Pause time.Duration
	// GarbageAllocations and GarbageBytes count heap allocations that anyone made
	// during the frame: see [Garbage]. They are 0 outside of [ModeGarbage].
	GarbageAllocations int
	GarbageBytes       int
	// Deferred is what became of objects that other goroutines gave back,
	// since the frame before ended; and how many wait now.
	Deferred DeferredStats
}

// ScopeEnter tells of a tag or phase that was entered.
type ScopeEnter struct {
	By     *Worker // only during the call: tells workers of one name apart
	Worker string
	Frame  uint64
	Path   string // names from the outermost in, joined by slashes
	Depth  int    // 1: the outermost
	Time   time.Time
}

// ScopeLeave tells of a tag or phase that was left. Bytes and Allocations are
// those of frame memory since it was entered, scopes inside it included.
type ScopeLeave struct {
	By          *Worker // only during the call: tells workers of one name apart
	Worker      string
	Frame       uint64
	Path        string
	Depth       int
	Time        time.Time
	Duration    time.Duration
	Bytes       int
	Allocations int
}

// TagFrame tells what a frame took under one tag, tags inside it not included.
// What forks took is in it. Sizes are in bytes.
type TagFrame struct {
	By     *Worker // only during the call: tells workers of one name apart
	Worker string
	Frame  uint64
	Path   string // "" stands for what was taken outside of tags

	Bytes       int // frame memory, what scopes gave back included
	Allocations int

	PoolGets  int // objects
	PoolPuts  int
	PoolBytes int // of the objects taken

	// HeapAllocations and HeapBytes count heap intent and what budgets spilled,
	// but not what was promoted to the heap.
	HeapAllocations int
	HeapBytes       int

	// Contents stands for what the tag's frame memory held at the frame's end:
	// equal memory has equal Contents as long as the program runs, and unequal
	// memory almost always different ones; of large memory it is a sample.
	// ContentsKnown is false where nobody asked (see [Hooks.TagContents]), where
	// much of the memory holds types with pointers, was given back before the
	// end or is still zero, and in frames whose memory grew.
	Contents      uint64
	ContentsKnown bool
}

// Growth tells that a worker's frame memory had to grow in a frame.
type Growth struct {
	Worker   string
	Frame    uint64
	Times    int // chunks and slab blocks made
	Capacity int // bytes of frame memory held afterwards
}

// PoolRefill tells that a worker's pool traded with the depot.
type PoolRefill struct {
	Worker string
	Frame  uint64
	Type   string // of the pool's objects
	Taken  int    // free objects that the depot gave
	Made   int    // new objects, made because it had none
	Given  int    // free objects that the depot took
}

// TransferEvent tells of one step in a transfer's life.
type TransferEvent struct {
	Worker string // whose frame the value came from
	Frame  uint64
	Kind   TransferKind
	Bytes  int
}

// TransferKind says what happened to a transfer.
type TransferKind uint8

// The steps in a transfer's life.
const (
	TransferMade TransferKind = iota
	TransferReceived
	TransferDropped
)

// DeferredEvent tells of objects that other goroutines put back.
type DeferredEvent struct {
	Worker    string
	Frame     uint64
	Queued    int // added since the last event
	Processed int // taken back since then
	Dropped   int // left to the collector since then
	Pending   int // in the queue now
}

// Alloc tells of one allocation.
type Alloc struct {
	Worker string
	Frame  uint64
	Intent Intent
	Type   string // of the value, or of the elements; "" for raw bytes
	Count  int    // elements
	Bytes  int
	Tag    string // path of the current tag
	// PC is in the function that asked for the memory; see diag.CallerPC.
	PC uintptr
	// Object is the address of a pool's object, as in the Free that gives it
	// back; 0 for other intents. It keeps nothing alive.
	Object uintptr
}

// Free tells of one object that was put back into a pool.
type Free struct {
	Worker string
	Frame  uint64
	Type   string
	Bytes  int
	Tag    string // path of the current tag
	PC     uintptr
	Object uintptr // its address
}

// Intent says what a piece of memory is for.
type Intent uint8

// The intents.
const (
	IntentFrame   Intent = iota // gone with its frame
	IntentScratch               // gone with its scratch's reset
	IntentPool                  // put back one by one
	IntentHeap                  // left to the collector
)

// String returns the intent's name in lower case.
func (i Intent) String() string {
	return [...]string{"frame", "scratch", "pool", "heap"}[i&3]
}
