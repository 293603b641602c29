package framealloc

import (
	"fmt"
	"iter"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Promoter is a type with pointers into its frame that can move what they
// point to. Promote is called on the copy that outlives the frame and replaces
// those pointers:
//
//	func (r *Route) Promote(to *framealloc.Destination) {
//		r.Name = to.String(r.Name)
//		r.Steps = framealloc.PromoteSlice(to, r.Steps)
//	}
type Promoter interface {
	Promote(to *Destination)
}

// A Destination is where a promoted value goes, for the data it points to. It
// is good during the call of [Promoter.Promote] only.
type Destination struct {
	w      *Worker
	frame  *Frame
	policy RetentionPolicy
}

// String moves a string along.
func (d *Destination) String(s string) string {
	if d.policy.kind == toScratch {
		return String(d.scratch(), s)
	}
	b := HeapSlice[byte](d.w, len(s))
	copy(b, s)
	return string(b)
}

// scratch returns the memory of the scratch that the policy names.
func (d *Destination) scratch() *Frame { return d.w.Scratch(d.policy.scratch).frame }

// PromoteSlice moves a slice along. Elements that are Promoters are promoted
// themselves. With a pool as destination the elements go to the heap, for pools
// hold single objects.
func PromoteSlice[T any](d *Destination, s []T) []T {
	if s == nil {
		return nil
	}
	var c []T
	if d.policy.kind == toScratch {
		c = Slice[T](d.scratch(), len(s))
	} else {
		c = HeapSlice[T](d.w, len(s))
	}
	copy(c, s)
	for i := range c {
		if p, ok := any(&c[i]).(Promoter); ok {
			p.Promote(d)
		}
	}
	return c
}

// PromoteValue moves along a value that is pointed to, to the heap or the scratch; nil stays nil. A value
// that is a Promoter is promoted itself, so that trees move whole; shared and
// cyclic structures need a Promote of their own.
func PromoteValue[T any](d *Destination, p *T) *T {
	if p == nil {
		return nil
	}
	var c *T
	if d.policy.kind == toScratch {
		c = New[T](d.scratch())
	} else {
		c = HeapNew[T](d.w)
	}
	*c = *p
	if m, ok := any(c).(Promoter); ok {
		m.Promote(d)
	}
	return c
}

// Reason says why a value was not promoted.
type Reason uint8

// The reasons.
const (
	Discarded   Reason = iota // its policy is Discard
	NotAsked                  // the frame was ended by plain EndFrame
	Exhausted                 // the scratch or budget is full: see Err
	Dangling                  // it still points into the frame (FA608)
	Panicked                  // its Promote method panicked: see Err
	FrameActive               // its frame has not ended yet
	StaleHandle               // the handle is older than the frame that ended last
)

// String says the reason in a few words.
func (r Reason) String() string {
	return [...]string{
		"its policy is Discard", "the frame was ended without promotions", "there is no room left",
		"it still points into the frame", "its Promote method panicked",
		"its frame has not ended yet", "the handle is stale", "?",
	}[r&7]
}

// PromotionError says why a retained value did not outlive its frame.
type PromotionError struct {
	Reason Reason
	Type   string
	Policy RetentionPolicy
	Tag    string // path of the tag it was retained under
	Path   string // for Dangling: where the pointer is, such as "Steps[2].Name"
	Err    error  // for Exhausted and Panicked
}

// Error says it in a sentence.
func (e *PromotionError) Error() string {
	s := "value not promoted: " + e.Reason.String()
	if e.Type != "" {
		s = e.Type + " not promoted: " + e.Reason.String()
	}
	if e.Path != "" {
		s += " (" + e.Path + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *PromotionError) Unwrap() error { return e.Err }

// Is matches diag.FA608 for a value that still points into its frame.
func (e *PromotionError) Is(target error) bool {
	return e.Reason == Dangling && target == error(diag.FA608)
}

// A Promotion tells of one retained value at its frame's end.
type Promotion struct {
	Worker string
	Frame  uint64
	Type   string
	Bytes  int // of the value itself
	Policy RetentionPolicy
	Tag    string
	Err    error // a *PromotionError when it was not promoted
}

// Summary says what became of a frame and of what it retained.
type Summary struct {
	Frame       uint64
	Bytes       int // allocated in the frame
	Allocations int
	HighWater   int

	Promoted      int // values that were promoted, and where
	ToPool        int
	ToHeap        int
	ToScratch     int
	PromotedBytes int
	Discarded     int // values that were not meant, or not asked, to stay
	Failed        []PromotionError
}

// Promotions are the values that outlived a frame. It is the worker's, and good
// until its next frame ends.
type Promotions struct {
	w       *Worker
	summary Summary
	list    []Promotion
}

// Summary returns the figures. Its Failed is good as long as the Promotions.
func (p *Promotions) Summary() Summary { return p.summary }

// All iterates over what became of each retained value, in the order of
// retaining.
func (p *Promotions) All() iter.Seq[Promotion] {
	return func(yield func(Promotion) bool) {
		for _, x := range p.list {
			if !yield(x) {
				return
			}
		}
	}
}

// PromotedAll iterates over the promoted values of type T, in the order of
// retaining.
func PromotedAll[T any](p *Promotions) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, k := range p.w.retained.ended {
			r, ok := k.(*retained[T])
			if !ok || r.copied == nil {
				continue
			}
			r.taken = true
			if !yield(r.copied) {
				return
			}
		}
	}
}

func (p *Promotions) reset(f *Frame) {
	failed := p.summary.Failed[:0]
	p.w = f.w
	p.list = p.list[:0]
	p.summary = Summary{
		Frame: f.number, Bytes: f.bytes(), Allocations: f.count(), HighWater: f.peak(), Failed: failed,
	}
}

func (p *Promotions) book(w *Worker, x Promotion) {
	p.list = append(p.list, x)
	s := &p.summary
	if e, ok := x.Err.(*PromotionError); ok {
		if e.Reason == Discarded {
			s.Discarded++
		} else {
			s.Failed = append(s.Failed, *e)
		}
	} else {
		s.Promoted++
		s.PromotedBytes += x.Bytes
		switch x.Policy.kind {
		case toPool:
			s.ToPool++
		case toHeap:
			s.ToHeap++
		case toScratch:
			s.ToScratch++
		}
	}
	w.each(func(h *Hooks) {
		if h.Promotion != nil {
			h.Promotion(x)
		}
	})
}

// EndFrameWithPromotions ends the worker's frame like EndFrame, after copying
// every retained value where its policy says. What it returns is good until the
// worker's next frame ends.
func (w *Worker) EndFrameWithPromotions() *Promotions {
	if w.frame == nil {
		w.cannotEnd()
	}
	w.retained.keep, w.busy = true, true
	w.EndFrame()
	return &w.retained.result
}

// EndFrameWithSummary is EndFrameWithPromotions for those who want the figures.
func (w *Worker) EndFrameWithSummary() Summary { return w.EndFrameWithPromotions().summary }

// EndFrameWithPromotions ends the main worker's frame. See
// [Worker.EndFrameWithPromotions].
func (a *Allocator) EndFrameWithPromotions() *Promotions { return a.main.EndFrameWithPromotions() }

// EndFrameWithSummary ends the main worker's frame. See
// [Worker.EndFrameWithSummary].
func (a *Allocator) EndFrameWithSummary() Summary { return a.main.EndFrameWithSummary() }

// promoteTo copies *value to its destination.
func promoteTo[T any](to *Destination, value *T) (c *T, failure *PromotionError) {
	w := to.w
	switch to.policy.kind {
	case toPool:
		c = PoolGet[T](w)
	case toHeap:
		c = HeapNew[T](w)
	default:
		p, err := TryNew[T](to.scratch())
		if err != nil {
			return nil, &PromotionError{Reason: Exhausted, Err: err}
		}
		c = p
	}
	*c = *value
	if !typeinfo.HasPointers((*T)(nil)) {
		return c, nil
	}
	failure = to.move(c)
	if failure == nil {
		if path, found := FindFramePointer(to.frame, c); found {
			failure = &PromotionError{Reason: Dangling, Path: path}
		}
	}
	if failure != nil {
		// Nothing of it may stay: neither a hole in the pool nor a pointer
		// into the frame.
		var zero T
		*c = zero
		if to.policy.kind == toPool {
			PoolPut(w, c)
		}
		return nil, failure
	}
	return c, nil
}

// MoveOut makes *v independent of f's memory as far as its type can: it calls
// the Promote method of a [Promoter], with the heap as destination, and then looks
// for what still points into frame memory, as [FindFramePointer] does. It is for
// code that hands values to other goroutines, such as package framesync; the
// error, if not nil, is a [*PromotionError]. It belongs to the goroutine of f's
// worker.
func MoveOut[T any](f *Frame, v *T) error {
	if !typeinfo.HasPointers((*T)(nil)) {
		return nil
	}
	to := &Destination{w: f.w, frame: f, policy: ToHeap}
	failure := to.move(v)
	if failure == nil {
		if path, found := FindFramePointer(f, v); found {
			failure = &PromotionError{Reason: Dangling, Path: path}
		}
	}
	if failure != nil {
		failure.Type, failure.Policy, failure.Tag = typeName[T](), ToHeap, f.w.tags.path()
		return failure
	}
	return nil
}

// move calls the copy's own Promote, if it has one.
func (d *Destination) move(c any) (failure *PromotionError) {
	m, ok := c.(Promoter)
	if !ok {
		return nil
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *diag.Error:
			failure = &PromotionError{Reason: Exhausted, Err: p}
		case error:
			failure = &PromotionError{Reason: Panicked, Err: p}
		default:
			failure = &PromotionError{Reason: Panicked, Err: fmt.Errorf("%v", p)}
		}
	}()
	m.Promote(d)
	return nil
}

func typeName[T any]() string { return nameOf(typeinfo.Reflect((*T)(nil))) }
