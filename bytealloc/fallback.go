package bytealloc

import "fmt"

// Fallback returns an Allocator that takes bytes from first and, where that
// refuses, from second. Bytes go back to where they came from; what grows out of first
// moves to second, and stays there. It costs a refusal's error, which a [Fixed] makes
// once, and a frame over its budget each time.
//
// Which bytes are first's, first has to know: it panics when [Owns] cannot tell. Whatever
// first does not own is taken to be second's. Several goroutines may use it if they may
// use both.
func Fallback(first, second Allocator) Allocator {
	owner := ownerOf(first)
	if owner == nil {
		panic(fmt.Sprintf("bytealloc: Fallback(%T, …): nobody could tell which bytes are the first one's; "+
			"want a Fixed, a frame, a Checker, or an Allocator that is an Owner", first))
	}
	return &fallback{first, second, owner, ownerOf(second)}
}

type fallback struct {
	first, second Allocator
	owner         Owner // of first's
	secondOwner   Owner // of second's; nil: nobody knows
}

func (a *fallback) Allocate(n, align int) ([]byte, error) {
	b, err := a.first.Allocate(n, align)
	if err != nil {
		return a.second.Allocate(n, align)
	}
	return b, nil
}

func (a *fallback) Reallocate(b []byte, n, align int) ([]byte, error) {
	if cap(b) == 0 {
		return a.Allocate(n, align)
	}
	if !a.owner.Owns(b) {
		return a.second.Reallocate(b, n, align)
	}
	grown, err := a.first.Reallocate(b, n, align)
	if err != nil {
		return move(a.first, b, a.second, n, align)
	}
	return grown, nil
}

func (a *fallback) Free(b []byte) {
	if cap(b) > 0 && !a.owner.Owns(b) {
		a.second.Free(b)
		return
	}
	a.first.Free(b)
}

// Owns is asked only where both sides know.
func (a *fallback) Owns(b []byte) bool {
	return a.owner.Owns(b) || a.secondOwner != nil && a.secondOwner.Owns(b)
}
