package snapshot

import (
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// Version is the version of the schema.
const Version = 1

// A Snapshot is what an allocator had done up to a frame boundary. Sums are since
// the allocator was made where nothing else is said. It is filled by
// [Observer.Take] and encoded by encoding/json.
//
// Taking into a Snapshot that was used before reuses its memory. So a copy made by
// assignment is overwritten, too: use [Snapshot.CopyFrom].
type Snapshot struct {
	SchemaID  string    `json:"$schema"`
	Version   int       `json:"version"`
	Sequence  uint64    `json:"sequence"`  // counts what the observer took
	Taken     time.Time `json:"taken"`     // UTC
	Allocator string    `json:"allocator"` // the observer's name
	Modes     string    `json:"modes"`     // debug modes: "debug,guard", or "none"

	Frame       Frame       `json:"frame"`
	Totals      Totals      `json:"totals"`
	Workers     []Worker    `json:"workers"` // by name
	Tags        []Tag       `json:"tags"`    // by worker and path
	Phases      []Phase     `json:"phases"`  // likewise
	Promotions  Promotions  `json:"promotions"`
	Transfers   Transfers   `json:"transfers"`
	Deferred    Deferred    `json:"deferred"`
	Trades      Trades      `json:"trades"`
	Budgets     []Budget    `json:"budgets"`
	Diagnostics Diagnostics `json:"diagnostics"`

	// DurationBounds are the upper bounds of the buckets in Timing.Buckets, but
	// for the last one, which has none.
	DurationBounds [DurationBuckets - 1]int64 `json:"duration_bounds_ns"`

	// Garbage is nil until somebody looks for it: see framealloc.ModeGarbage.
	Garbage *Garbage `json:"garbage"`

	scratch scratch
	garbage Garbage // what Garbage points to
}

// scratch is what Take needs besides the result.
type scratch struct {
	workers     []*framealloc.Worker
	tags        []framealloc.TagStats
	phases      []framealloc.PhaseStats
	budgets     []framealloc.BudgetStats
	occurrences []diag.Occurrence
}

// Frame is the frame that ended last on the worker whose boundaries count.
type Frame struct {
	Worker      string `json:"worker"`
	Number      uint64 `json:"number"` // 0: none has ended since the observer began
	Bytes       uint64 `json:"bytes"`
	Allocations uint64 `json:"allocations"`
	HighWater   uint64 `json:"high_water_bytes"` // the most in use at once
	Duration    int64  `json:"duration_ns"`
	Collections uint64 `json:"collections"` // that completed during it
	Pause       int64  `json:"pause_ns"`    // of those
}

// Totals are the sums over all workers, closed ones included.
type Totals struct {
	Workers   int    `json:"workers"` // open now
	Frames    uint64 `json:"frames"`
	Frame     Intent `json:"frame"`
	Pool      Intent `json:"pool"`
	Heap      Intent `json:"heap"`
	HighWater uint64 `json:"high_water_bytes"` // of one frame
	Growths   uint64 `json:"growths"`
	Capacity  uint64 `json:"capacity_bytes"` // frame memory held now
}

// Intent counts what was allocated with one intent.
type Intent struct {
	Allocations uint64 `json:"allocations"`
	Bytes       uint64 `json:"bytes"`
	Frees       uint64 `json:"frees"` // pool objects put back
}

// Last is what happened in the last frame that had any of it.
type Last struct {
	Bytes       uint64 `json:"bytes"`
	Allocations uint64 `json:"allocations"`
}

// Worker is an open worker, or the sum of several of the same name.
type Worker struct {
	Name      string   `json:"name"`
	Count     int      `json:"count"` // how many have the name
	Frames    uint64   `json:"frames"`
	LastFrame Last     `json:"last_frame"`
	Frame     Intent   `json:"frame"`
	Pool      Intent   `json:"pool"`
	Heap      Intent   `json:"heap"`
	HighWater uint64   `json:"high_water_bytes"`
	Growths   uint64   `json:"growths"`
	Capacity  uint64   `json:"capacity_bytes"`
	Deferred  Deferred `json:"deferred"`
	Timing    Timing   `json:"timing"`
}

// Timing says how long a worker's frames took, since the observer began.
type Timing struct {
	Frames      uint64 `json:"frames"`
	Last        int64  `json:"last_ns"`
	Max         int64  `json:"max_ns"`
	Total       int64  `json:"total_ns"`
	Collections uint64 `json:"collections"` // that completed during frames
	Pause       int64  `json:"pause_ns"`    // of those

	// Buckets count the frames that took up to each of
	// [Snapshot].DurationBounds and longer than the one before; the last those
	// that took longer than all.
	Buckets [DurationBuckets]uint64 `json:"buckets"`
}

// Tag is one tag of one worker, without the tags inside it.
type Tag struct {
	Worker    string `json:"worker"`
	Path      string `json:"path"` // "": outside of tags
	Entered   uint64 `json:"entered"`
	Frame     Intent `json:"frame"`
	Pool      Intent `json:"pool"`
	Heap      Intent `json:"heap"`
	LastFrame Last   `json:"last_frame"`
	HighWater uint64 `json:"high_water_bytes"` // the most in one frame
}

// Phase is one phase of one worker. Bytes and allocations are without the
// phases inside it, durations with them.
type Phase struct {
	Worker       string `json:"worker"`
	Path         string `json:"path"`
	Entered      uint64 `json:"entered"`
	Frame        Intent `json:"frame"`
	Duration     int64  `json:"duration_ns"`
	LastFrame    Last   `json:"last_frame"`
	LastDuration int64  `json:"last_duration_ns"`
}

// Promotions count the retained values that came to their frames' ends since the
// observer began.
type Promotions struct {
	ToPool    uint64 `json:"to_pool"`
	ToHeap    uint64 `json:"to_heap"`
	ToScratch uint64 `json:"to_scratch"`
	Bytes     uint64 `json:"bytes"` // of the three
	Discarded uint64 `json:"discarded"`
	Failed    uint64 `json:"failed"`
}

// Transfers count values that were handed to other goroutines since the observer
// began.
type Transfers struct {
	Made     uint64 `json:"made"`
	Received uint64 `json:"received"`
	Dropped  uint64 `json:"dropped"`
	Bytes    uint64 `json:"bytes"` // of those made
}

// Deferred counts pool objects that other goroutines gave back.
type Deferred struct {
	Queued    uint64 `json:"queued"`
	Processed uint64 `json:"processed"`
	Dropped   uint64 `json:"dropped"`
	Pending   uint64 `json:"pending"` // waiting now
}

// Trades count what pools did with the shared depot since the observer began.
type Trades struct {
	Taken uint64 `json:"taken"` // free objects got
	Made  uint64 `json:"made"`  // new objects, because there were none
	Given uint64 `json:"given"` // free objects left there
}

// Budget is one budget; see framealloc.BudgetStats. A limit of 0 is none.
type Budget struct {
	Scope  string `json:"scope"`  // global, frame, worker or tag
	Worker string `json:"worker"` // of a worker's
	Tag    string `json:"tag"`    // of a tag's
	Soft   uint64 `json:"soft_bytes"`
	Hard   uint64 `json:"hard_bytes"`
	Policy string `json:"policy"`
	Used   uint64 `json:"used_bytes"` // now; only for global
	Peak   uint64 `json:"peak_bytes"`

	// How often an allocation crossed the limit, since the observer began.
	SoftExceeded uint64 `json:"soft_exceeded"`
	HardExceeded uint64 `json:"hard_exceeded"`
}

// Diagnostics are what the allocator's reporter has taken, from every allocator
// that reports to it.
type Diagnostics struct {
	Hints      uint64 `json:"hints"`
	Warnings   uint64 `json:"warnings"`
	Errors     uint64 `json:"errors"`
	Suppressed uint64 `json:"suppressed"` // not passed on to the sinks

	// List has equal diagnostics as one, the most severe first, and the most
	// frequent of those. Omitted counts those beyond the first MaxDiagnostics.
	List    []Diagnostic `json:"list"`
	Omitted int          `json:"omitted"`
}

// MaxDiagnostics bounds the list of diagnostics in a snapshot.
const MaxDiagnostics = 50

// Diagnostic is one mistake, however often it was made.
type Diagnostic struct {
	Code     string `json:"code"`     // "" for a few without
	Severity string `json:"severity"` // hint, warning or error
	Message  string `json:"message"`  // of the last one passed on
	Caller   string `json:"caller"`   // file:line
	Worker   string `json:"worker"`
	Tag      string `json:"tag"`
	Frame    uint64 `json:"frame"`
	Count    uint64 `json:"count"`
}

// CopyFrom makes s a copy of o that shares no memory with it, and reuses what s
// had.
func (s *Snapshot) CopyFrom(o *Snapshot) {
	old := *s
	*s = *o
	s.Workers = append(notNil(old.Workers), o.Workers...)
	s.Tags = append(notNil(old.Tags), o.Tags...)
	s.Phases = append(notNil(old.Phases), o.Phases...)
	s.Budgets = append(notNil(old.Budgets), o.Budgets...)
	s.Diagnostics.List = append(notNil(old.Diagnostics.List), o.Diagnostics.List...)
	s.scratch = old.scratch
	s.garbage = Garbage{Sites: notNil(old.garbage.Sites)}
	if s.Garbage = nil; o.Garbage != nil {
		sites := append(s.garbage.Sites, o.Garbage.Sites...)
		s.garbage = *o.Garbage
		s.garbage.Sites = sites
		s.Garbage = &s.garbage
	}
}

// notNil returns list with nothing in it, and memory: null is no array in JSON.
func notNil[T any](list []T) []T {
	if list == nil {
		return make([]T, 0, 4)
	}
	return list[:0]
}
