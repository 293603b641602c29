package stream

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/extent"
)

// ErrState is what errors match of calls that do not fit an entry's state, such as
// Finish without Begin.
var ErrState = errors.New("stream: not in this state")

// An Entry is a piece of data that a [Stream] has in memory, or can load.
type Entry[T any] struct {
	stream *Stream[T]
	name   string
	n      int
	load   LoadFunc[T]
	done   atomic.Int64 // values loaded

	// The rest is the stream's mutex's.
	state    State
	priority Priority
	err      error
	hopeless bool // it will never fit
	at       int  // in stream.all
	ref      extent.Ref
	stays    bool // has a pin for frames that use it
	making   bool // room is being made for it
	filling  bool // it has memory, with a pin, that somebody fills
	uses     lifetimes
	asked    lifetimes          // frames in which it was asked for
	stamp    uint64             // when it was used last, or queued: see Stream.clock
	awaited  *outcome           // made by who waits
	cancel   context.CancelFunc // of the load that runs

	list       *list[T]
	prev, next *Entry[T]
}

// A State says where an entry is.
type State uint8

// The states.
const (
	Absent  State = iota // not in memory
	Queued               // waits for its turn to be loaded
	Loading              // has memory, and is being filled
	Ready                // in memory
	Failed               // the load failed; it takes no memory
	Closed               // for good
)

// String returns the state's name.
func (s State) String() string {
	return [...]string{"absent", "queued", "loading", "ready", "failed", "closed", "?", "?"}[s&7]
}

// A Priority says what is loaded first and evicted last.
type Priority uint8

// The priorities.
const (
	Low Priority = iota
	Normal
	High
	Critical // never evicted to make room
	numPriorities
)

// String returns the priority's name.
func (p Priority) String() string { return [...]string{"low", "normal", "high", "critical"}[p&3] }

// Use returns the entry's values for a frame, if they are in memory: they stay valid,
// where they are, until f's lifetime is over ([framealloc.Frame.Lifetime]: frames in
// flight and forks are included), and must not be changed. Otherwise it asks for them to be loaded and
// returns false: do without in this frame. Where there was no room for them, that is
// tried again once in each frame that wants them (for the frame of a scratch or a group,
// once until that is reset); where the load failed, not before [Entry.Request].
//
// It belongs to the goroutine of f's worker, and panics with FA001 when f is not
// active. It allocates nothing in the steady state.
func (e *Entry[T]) Use(f *framealloc.Frame) ([]T, bool) {
	l := f.Lifetime()
	s := e.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case e.state == Ready:
		e.uses.add(l)
		if !e.stays {
			_, e.stays = s.space.Pin(e.ref)
		}
		s.touch(e)
		s.ready[e.priority].toBack(e)
		return extent.Values(&s.space, e.ref, s.blocks)
	case e.state == Absent:
		if first := e.asked.add(l); first || e.err == nil {
			e.request()
		}
	}
	return nil, false
}

// lifetimes are those of frames.
type lifetimes []framealloc.Lifetime

// add adds one, in the place of one that is over if there is one, and reports whether it
// was not there.
func (list *lifetimes) add(l framealloc.Lifetime) bool {
	free := -1
	for i, x := range *list {
		if x == l {
			return false
		}
		if x.Over() {
			free = i
		}
	}
	if free >= 0 {
		(*list)[free] = l
	} else {
		*list = append(*list, l)
	}
	return true
}

// inUse reports whether a frame uses the entry.
func (e *Entry[T]) inUse() bool {
	for _, u := range e.uses {
		if !u.Over() {
			return true
		}
	}
	return false
}

// settle lets go of the pin of an entry that no frame uses any more, and reports
// whether that is so.
func (e *Entry[T]) settle() bool {
	if e.inUse() {
		return false
	}
	e.uses = e.uses[:0]
	if e.stays {
		e.stream.space.Unpin(e.ref)
		e.stays = false
	}
	return true
}

// Request asks for the entry to be loaded, if it is neither in memory nor on the way:
// ahead of time, or again after a failure. It does not wait.
func (e *Entry[T]) Request() {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	if e.state == Absent || e.state == Failed {
		e.request()
	}
}

// request queues the entry. The mutex is held.
func (e *Entry[T]) request() {
	if s := e.stream; e.load != nil && !e.hopeless && !s.closed {
		e.state, e.err = Queued, nil
		e.done.Store(0)
		s.touch(e)
		s.queue[e.priority].pushBack(e)
		s.staff()
	}
}

// Wait asks for the entry as Request does, and waits until it was loaded, the load
// has failed, there was no room, or ctx is done: it returns nil or what was the
// matter. For loading screens: a frame should not wait. Where more is waited for than
// fits, an entry that was loaded may have been evicted again.
func (e *Entry[T]) Wait(ctx context.Context) error {
	e.stream.mu.Lock()
	if e.state == Absent || e.state == Failed {
		e.request()
	}
	if e.state == Ready || e.err != nil {
		defer e.stream.mu.Unlock()
		return e.err
	}
	if e.awaited == nil {
		e.awaited = &outcome{known: make(chan struct{})}
	}
	o := e.awaited
	e.stream.mu.Unlock()
	select {
	case <-o.known:
		return o.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// An outcome is what came of a load, for those who wait for it: the entry's own state
// may be another already when they look.
type outcome struct {
	known chan struct{} // closed when it is
	err   error
}

// become puts the entry into a state and wakes who waits for one. The mutex is held.
func (e *Entry[T]) become(state State, err error) {
	e.state, e.err = state, err
	if o := e.awaited; o != nil && state != Queued && state != Loading {
		o.err = err
		close(o.known)
		e.awaited = nil
	}
}

// Begin takes memory for an entry that the program fills itself, evicting what has to
// be, and returns its n zeroed values. They are the caller's to fill, on any
// goroutine, until [Entry.Finish] or [Entry.Fail]. The error matches diag.FA402 where
// there is no room, and [ErrState] where the entry has a [LoadFunc], or is not absent
// or failed.
func (e *Entry[T]) Begin() ([]T, error) {
	dst, shortage, err := e.begin()
	if shortage != nil {
		e.stream.report(shortage)
		return nil, shortage
	}
	return dst, err
}

func (e *Entry[T]) begin() (dst []T, shortage *diag.Error, err error) {
	s := e.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.load != nil || e.making || e.state != Absent && e.state != Failed {
		return nil, nil, e.wrong("begun")
	}
	if e.hopeless {
		return nil, nil, e.err
	}
	dst, shortage = s.place(e)
	switch {
	case dst == nil && shortage == nil, e.state == Closed:
		if dst != nil {
			s.loaded(e, nil)
		}
		return nil, nil, e.wrong("begun")
	case shortage != nil:
		e.become(Absent, shortage)
	default:
		e.done.Store(0)
		e.become(Loading, nil)
	}
	return dst, shortage, nil
}

// Finish says that the values are there: frames may use them from now on, and nobody
// may change them. The error matches [ErrState] without a Begin.
func (e *Entry[T]) Finish() error { return e.finish(nil) }

// Fail says that the values could not be had, for the reason given, and gives the memory
// back. The error matches [ErrState] without a Begin.
func (e *Entry[T]) Fail(reason error) error {
	if reason == nil {
		reason = errors.New("stream: failed for no reason given")
	}
	return e.finish(reason)
}

func (e *Entry[T]) finish(err error) error {
	s := e.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.load != nil || !e.filling || e.making { // nobody has its values before Begin has returned
		return e.wrong("finished")
	}
	s.loaded(e, err)
	if e.state == Closed {
		return e.wrong("finished")
	}
	return nil
}

// wrong is an error that matches ErrState.
func (e *Entry[T]) wrong(doing string) error {
	state := e.state.String()
	if e.load != nil {
		state += ", with a function that loads it"
	}
	return fmt.Errorf("entry %q of %v was %s while it is %s: %w", e.name, e.stream, doing, state, ErrState)
}

// Progressed says how many of the values are filled, for [Entry.Progress].
func (e *Entry[T]) Progressed(n int) { e.done.Store(int64(min(max(n, 0), e.n))) }

// Progress returns which part of the entry is loaded, 0 to 1, as far as whoever loads
// it says.
func (e *Entry[T]) Progress() float64 { return float64(e.done.Load()) / float64(e.n) }

// Name returns the name that the entry was made with.
func (e *Entry[T]) Name() string { return e.name }

// Len returns the number of its values.
func (e *Entry[T]) Len() int { return e.n }

// State returns where the entry is now.
func (e *Entry[T]) State() State {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	return e.state
}

// Err returns why the entry is not in memory: what the load failed with, or an error
// that matches diag.FA402 where there was no room. It is nil while nothing is wrong.
func (e *Entry[T]) Err() error {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	return e.err
}

// Priority returns the entry's priority.
func (e *Entry[T]) Priority() Priority {
	e.stream.mu.Lock()
	defer e.stream.mu.Unlock()
	return e.priority
}

// SetPriority changes the entry's priority: its place in the queue, and how long it is
// kept. Among entries of the new priority it takes the place that its age, or its last use,
// gives it: a change takes as many steps as there are younger ones.
func (e *Entry[T]) SetPriority(p Priority) {
	s := e.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	old := e.priority
	if e.priority = min(p, Critical); e.priority == old {
		return
	}
	switch e.list {
	case &s.ready[old]:
		e.list.remove(e)
		s.ready[e.priority].insert(e)
	case &s.queue[old]:
		e.list.remove(e)
		s.queue[e.priority].insert(e)
	}
}

// Evict gives the entry's memory back now, whatever its priority, and reports whether
// it did: not where it is not in memory, or a frame uses it.
func (e *Entry[T]) Evict() bool {
	s := e.stream
	s.mu.Lock()
	if e.state != Ready || !e.settle() {
		s.mu.Unlock()
		return false
	}
	s.evict(e)
	s.mu.Unlock()
	if s.config.OnEvict != nil {
		s.config.OnEvict(e.name)
	}
	return true
}

// Close ends the entry: it is in memory no more, as soon as no frame uses it and no load
// runs. Closing twice does nothing.
func (e *Entry[T]) Close() {
	s := e.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.state == Closed {
		return
	}
	last := s.all[len(s.all)-1]
	s.all[e.at], last.at = last, e.at
	s.all[len(s.all)-1] = nil
	s.all = s.all[:len(s.all)-1]
	e.end(s.error(diag.FA402, fmt.Sprintf("entry %q of %v is closed", e.name, s), "make a new entry for data that is needed again"))
}

// end closes the entry and takes it out of everything. The mutex is held.
func (e *Entry[T]) end(err error) {
	s, was := e.stream, e.state
	if e.list != nil {
		e.list.remove(e)
	}
	if e.cancel != nil {
		e.cancel()
	}
	e.become(Closed, err)
	switch {
	case was == Ready && e.settle():
		s.free(e)
	case was == Ready:
		s.parting.pushBack(e)
	}
	// What is being filled is freed when that has ended.
}
