package framealloc

import (
	"github.com/framealloc/framealloc/internal/arena"
)

// New allocates a zeroed T in the frame. It is the fast path of the library:
// for a T without pointers it inlines into an addition and a compare; a T with
// pointers comes from a slab of its own type, which the collector scans. See
// [ArenaOf] for loops over one type.
//
// It panics with FA001 when the frame is not active and, under the policy Fail,
// with FA003 when the frame's limit is reached.
func New[T any](f *Frame) *T { return arena.Bump[T](&f.mem, arena.Slow) }

// TryNew is New, but returns the error instead of a panic.
func TryNew[T any](f *Frame) (*T, error) {
	f.mem.Try(true)
	defer f.mem.Try(false) // also when a hook or a check panics
	p := arena.Bump[T](&f.mem, arena.Slow)
	if p == nil {
		return nil, f.refused()
	}
	return p, nil
}

// NewValue allocates a T in the frame and sets it to v. For a large T it is
// cheaper to fill in what New returns: v is copied twice. It costs a call, where
// New inlines.
func NewValue[T any](f *Frame, v T) *T {
	p := arena.Bump[T](&f.mem, arena.Slow)
	*p = v
	return p
}

// TryNewValue is NewValue, but returns the error instead of a panic.
func TryNewValue[T any](f *Frame, v T) (*T, error) {
	p, err := TryNew[T](f)
	if err != nil {
		return nil, err
	}
	*p = v
	return p, nil
}

// NewMany allocates n zeroed values side by side, as one allocation, and
// returns a pointer to each. Where the values themselves will do, [Slice] is
// cheaper. It panics as [Slice] does.
func NewMany[T any](f *Frame, n int) []*T {
	values := Slice[T](f, n)
	pointers := Slice[*T](f, n)
	for i := range values {
		pointers[i] = &values[i]
	}
	return pointers
}

// refused takes the error that the door left for a Try function.
func (f *Frame) refused() error {
	err := f.err
	f.err = nil
	return err
}

// An Arena allocates values of one type from a frame, faster than [New] where T
// holds pointers: it takes them from the frame a few kilobytes at a time. It
// belongs to the frame's goroutine, and what it returns lives as long as what New
// returns.
type Arena[T any] struct {
	typed *arena.Typed[T]
}

// ArenaOf returns the frame's Arena for T. All Arenas for one type in one frame
// draw on the same memory, so several systems may each ask for theirs. It costs a
// map lookup; keep it for the loop, not beyond the frame.
func ArenaOf[T any](f *Frame) Arena[T] { return Arena[T]{arena.TypedOf[T](&f.mem)} }

// New allocates a zeroed T. It panics as the function [New] does.
func (a Arena[T]) New() *T { return a.typed.New() }
