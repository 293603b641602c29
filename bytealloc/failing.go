package bytealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
)

// A Failing is a layer for tests that refuses requests: what becomes of a program at
// the moment when there is no memory is otherwise seen by its users first. Requests are
// allocations of bytes, and reallocations to more bytes; shrinking, freeing and asking
// for none always go through. A Failing is used by one goroutine at a time.
type Failing struct {
	a            Allocator
	from, to     int // the requests to refuse, counted from 1
	seen, failed int
}

// FailAt returns a layer over a that refuses the nth request, counted from 1, and no
// other. With n below 1 it refuses none.
func FailAt(a Allocator, n int) *Failing { return &Failing{a: a, from: n, to: n} }

// FailAfter returns a layer over a that grants the first n requests and refuses all
// others.
func FailAfter(a Allocator, n int) *Failing {
	return &Failing{a: a, from: max(n, 0) + 1, to: int(^uint(0) >> 1)}
}

// Requests returns how many requests there were, the refused ones among them.
func (l *Failing) Requests() int { return l.seen }

// Refused returns how many requests were refused.
func (l *Failing) Refused() int { return l.failed }

// Allocate implements [Allocator]. The error is a *diag.Error with FA003, as a full
// source's is.
func (l *Failing) Allocate(n, align int) ([]byte, error) {
	if err := l.request(n, 0); err != nil {
		return nil, err
	}
	return l.a.Allocate(n, align)
}

// Reallocate implements [Allocator], with errors as Allocate's.
func (l *Failing) Reallocate(b []byte, n, align int) ([]byte, error) {
	if err := l.request(n, len(b)); err != nil {
		return b, err
	}
	return l.a.Reallocate(b, n, align)
}

// Free implements [Allocator].
func (l *Failing) Free(b []byte) { l.a.Free(b) }

// Unwrap returns the Allocator below.
func (l *Failing) Unwrap() Allocator { return l.a }

func (l *Failing) request(n, have int) error {
	if n <= have {
		return nil
	}
	l.seen++
	if l.seen < l.from || l.seen > l.to {
		return nil
	}
	l.failed++
	return refusal(diag.FA003, fmt.Sprintf("request %d, for %d bytes, is refused on purpose", l.seen, n),
		"this is a test: return the error, or do with less")
}

// FailEach runs fn again and again, with an Allocator over a that refuses the first
// request of that run, then in the next run the second, and so on, until a run ends
// without having come that far. So every request of fn is refused once. In each run fn
// must give back all that it allocated, whether or not it returns an error:
//
//	err := bytealloc.FailEach(bytealloc.FromHeap(nil), func(mem bytealloc.Allocator) error {
//		index, err := BuildIndex(mem, words)
//		if err != nil {
//			return err
//		}
//		return index.Close()
//	})
//
// It returns a [*LeakError] when a run leaks, and the last run's error, for nothing was
// refused in that. A panic in fn is fn's. Misuse of the Allocator panics as a [Checker]
// does.
func FailEach(a Allocator, fn func(mem Allocator) error) error {
	for n := 1; ; n++ {
		checked := NewChecker(a)
		failing := FailAt(checked, n)
		err := fn(failing)
		if leak := checked.Err(); leak != nil {
			return fmt.Errorf("with request %d refused: %w", n, leak)
		}
		if failing.Refused() == 0 {
			return err
		}
	}
}
