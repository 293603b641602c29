package framealloc

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// A RetentionPolicy says what becomes of a retained value when its frame ends.
type RetentionPolicy struct {
	kind    retentionKind
	scratch string
}

type retentionKind uint8

const (
	discard retentionKind = iota
	toPool
	toHeap
	toScratch
)

// The policies; see also [ToScratch]. The zero RetentionPolicy is Discard.
var (
	Discard = RetentionPolicy{kind: discard} // gone with the frame
	ToPool  = RetentionPolicy{kind: toPool}  // copied into an object of the worker's pool
	ToHeap  = RetentionPolicy{kind: toHeap}  // copied to the heap, counted as heap intent
)

// ToScratch copies the value into the worker's scratch of the given name.
func ToScratch(name string) RetentionPolicy { return RetentionPolicy{kind: toScratch, scratch: name} }

// String returns the policy as it is written in code.
func (p RetentionPolicy) String() string {
	if p.kind == toScratch {
		return fmt.Sprintf("ToScratch(%q)", p.scratch)
	}
	return [...]string{"Discard", "ToPool", "ToHeap"}[p.kind]
}

// Importance says how long a value matters, for those who would rather not
// think of places.
type Importance uint8

// The importances, from the least.
const (
	Ephemeral  Importance = iota // this frame only: Discard
	Scratchy                     // until the scratch "retained" is reset: ToScratch("retained")
	Reusable                     // will be given back: ToPool
	Persistent                   // stays: ToHeap
)

// Policy returns the retention policy that the importance stands for.
func (i Importance) Policy() RetentionPolicy {
	switch i {
	case Scratchy:
		return ToScratch("retained")
	case Reusable:
		return ToPool
	case Persistent:
		return ToHeap
	}
	return Discard
}

// Retained is a value in a frame that may outlive it: see [Retain].
type Retained[T any] struct {
	r      *retained[T]
	serial uint64
}

// retained is the record behind a Retained. It outlives the frame, in a pool of
// the worker, until the worker's next frame ends.
type retained[T any] struct {
	serial uint64
	value  *T // in the frame
	copied *T // where it was promised
	policy RetentionPolicy
	err    error
	done   bool
	taken  bool // someone asked for the copy
	tag    string
	frame  uint64
}

// Retain allocates a zeroed T in the frame and says what becomes of it at the
// frame's end: with [Worker.EndFrameWithPromotions] or
// [Worker.EndFrameWithSummary] it is copied where the policy says; with plain
// EndFrame, and under Discard, it is gone. Fill in Value, then end the frame:
//
//	hit := framealloc.Retain[Contact](f, framealloc.ToHeap)
//	hit.Value().Point = p
//	promotions := alloc.EndFrameWithPromotions()
//	kept, err := framealloc.Promoted(promotions, hit)
//
// The copy is shallow. A value that still points into the frame after it was
// copied is not promoted but reported (FA608), unless its type moves what it
// points to: see [Promoter].
func Retain[T any](f *Frame, policy RetentionPolicy) Retained[T] {
	value := New[T](f)
	w := f.w
	r := PoolGet[retained[T]](w)
	*r = retained[T]{serial: w.retained.next(), value: value, policy: policy, tag: w.tags.path(), frame: w.number}
	w.retained.add(r)
	w.busy = true
	return Retained[T]{r, r.serial}
}

// Value returns the value in the frame, nil once the frame has ended.
func (h Retained[T]) Value() *T {
	if h.r == nil || h.r.serial != h.serial {
		return nil
	}
	return h.r.value
}

// Promoted returns the copy of a value that outlived its frame. The error, if
// not nil, is a [*PromotionError] that says why there is none. The handle is good
// until the worker's next frame ends, or until the scratch that it was retained to is
// reset; the copy lives on where it was promised.
func Promoted[T any](p *Promotions, h Retained[T]) (*T, error) {
	switch {
	case h.r == nil || h.r.serial != h.serial:
		return nil, &PromotionError{Reason: StaleHandle}
	case !h.r.done:
		return nil, &PromotionError{Reason: FrameActive, Policy: h.r.policy, Tag: h.r.tag}
	case p == nil || h.r.frame != p.summary.Frame:
		return nil, &PromotionError{Reason: StaleHandle, Policy: h.r.policy, Tag: h.r.tag}
	}
	h.r.taken = true
	if h.r.err == errDiscarded {
		p.w.reportDiscarded(typeName[T](), h.r.tag, h.r.frame)
	}
	return h.r.copied, h.r.err
}

// A keeper is a retained value whose type is not known.
type keeper interface {
	promote(w *Worker, f *Frame) Promotion
	drop(w *Worker, f *Frame)
	forget(scratch string)
	recycle(w *Worker)
}

// retention is a worker's retained values.
type retention struct {
	serial uint64
	open   []keeper // of the frame that runs
	ended  []keeper // of the frame that ended last
	keep   bool     // the frame that ends promotes
	result Promotions
	to     Destination // of the value being promoted

	untaken int // promotions in a row that nobody asked for
}

// manyUntaken is how many promotions in a row nobody takes before that is
// reported: a second's worth of frames.
const manyUntaken = 60

// The common reasons allocate nothing.
var (
	errDiscarded = &PromotionError{Reason: Discarded}
	errNotAsked  = &PromotionError{Reason: NotAsked}
	errGone      = &PromotionError{Reason: StaleHandle} // with its scratch
)

func (t *retention) next() uint64  { t.serial++; return t.serial }
func (t *retention) add(k keeper)  { t.open = append(t.open, k) }
func (t *retention) pending() bool { return len(t.open)+len(t.ended) > 0 || t.keep }

// settle promotes or drops what the ending frame retained, and lets the handles
// of the frame before go stale.
func (t *retention) settle(f *Frame) {
	w := f.w
	for i, k := range t.ended {
		k.recycle(w)
		t.ended[i] = nil
	}
	t.ended = t.ended[:0]
	t.result.reset(f)
	if t.keep && w.booksTags() { // promotions are no heap intent of the tag that happens to be open
		n := w.tags.current()
		before := n.heap
		defer func() {
			n.last.promotedBytes += int(n.heap.Bytes - before.Bytes)
			n.last.promotedAllocs += int(n.heap.Allocations - before.Allocations)
		}()
	}
	dropped := 0
	for _, k := range t.open {
		if !t.keep {
			k.drop(w, f)
			dropped++
			continue
		}
		t.result.book(w, k.promote(w, f))
	}
	t.open, t.ended = t.ended, t.open
	if dropped > 0 {
		t.result.summary.Discarded += dropped
	}
	t.keep = false
}

// forget lets go of copies in a scratch that gives back what it holds: handles to
// them are stale.
func (t *retention) forget(s *Scratch) {
	if len(t.ended) == 0 || !slices.Contains(s.frame.w.scratches, s) {
		return
	}
	for _, k := range t.ended {
		k.forget(s.name)
	}
}

func (r *retained[T]) forget(scratch string) {
	if r.copied != nil && r.policy.kind == toScratch && r.policy.scratch == scratch {
		r.copied, r.err = nil, errGone
	}
}

// drop is what plain EndFrame does to a retained value.
func (r *retained[T]) drop(w *Worker, f *Frame) {
	r.value, r.done = nil, true
	r.err = errNotAsked
	if r.policy.kind == discard {
		return
	}
	d := f.diagnose(diag.FA604,
		fmt.Sprintf("a %s retained with %v is gone: its frame was ended by plain EndFrame, which promotes nothing", typeName[T](), r.policy),
		"end the frame with EndFrameWithPromotions or EndFrameWithSummary, or retain with Discard").Diagnostic
	d.Tag = r.tag
	w.report(d)
}

// recycle makes the record ready for another value, when the handle goes stale.
func (r *retained[T]) recycle(w *Worker) {
	t := &w.retained
	switch {
	case r.taken:
		t.untaken = 0
	case r.copied != nil && r.policy.kind != toScratch: // a scratch owns what it holds
		if t.untaken++; t.untaken == manyUntaken {
			w.report(diag.Diagnostic{
				Code: diag.FA604, Worker: w.name, Frame: r.frame, Tag: r.tag,
				Message: fmt.Sprintf("the last %d values promoted, a %s with %v among them, were taken by nobody", manyUntaken, typeName[T](), r.policy),
			})
			t.untaken = 0
		}
	}
	PoolPut(w, r)
}

// reportDiscarded says that someone wants a value that was to be discarded.
func (w *Worker) reportDiscarded(typ, tag string, frame uint64) {
	w.report(diag.Diagnostic{
		Code: diag.FA605, Worker: w.name, Frame: frame, Tag: tag,
		Message: fmt.Sprintf("a %s retained with Discard is asked for after its frame: it is gone", typ),
		Help:    "retain it with ToHeap, ToPool or ToScratch, or do not ask for it",
	})
}

// promote copies the value where it was promised.
func (r *retained[T]) promote(w *Worker, f *Frame) Promotion {
	p := Promotion{
		Worker: w.name, Frame: f.number, Policy: r.policy, Tag: r.tag,
		Type: typeName[T](), Bytes: int(unsafe.Sizeof(*new(T))),
	}
	value := r.value
	r.value, r.done = nil, true
	if r.policy.kind == discard {
		r.err, p.Err = errDiscarded, errDiscarded
		return p
	}
	to := &w.retained.to
	*to = Destination{w: w, frame: f, policy: r.policy}
	copied, err := promoteTo(to, value)
	if err != nil {
		err.Type, err.Policy, err.Tag = p.Type, r.policy, r.tag
		r.err, p.Err = err, err
		if err.Reason == Dangling {
			w.report(err.diagnostic(f))
		}
		return p
	}
	r.copied = copied
	return p
}

// diagnostic is what is reported of a value that still points into its frame.
func (e *PromotionError) diagnostic(f *Frame) diag.Diagnostic {
	d := f.diagnose(diag.FA608,
		fmt.Sprintf("a retained %s was not promoted: its %s points into frame %d, which is ending", e.Type, pathOr(e.Path, "value"), f.number),
		"give the type a Promote method that moves what it points to (framealloc.Promoter), or point to memory that outlives the frame").Diagnostic
	d.Tag = e.Tag
	return d
}

func pathOr(path, or string) string {
	if path == "" {
		return or
	}
	return "field " + path
}
