package bytealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
)

// A Fixed allocates from a buffer that the caller has, and refuses what does not fit:
// for a bound that is known, a mapped device buffer, or no memory to spare. It takes
// bytes from the buffer's start upwards. Freeing or shrinking what was allocated last
// gives its bytes back, and what was allocated last grows in place; everything else
// that is freed, and what was skipped to align, waits for Reset.
//
// It is an [Owner]. Freeing or reallocating memory that is not its own, or that
// it has back, panics with FA208 where it can tell. A Fixed is used by one goroutine
// at a time.
type Fixed struct {
	buf  []byte
	used int
	full *diag.Error // made once: refusing is not an occasion for garbage
}

// NewFixed returns an Allocator over buf, up to its length. The buffer is the Fixed's
// for as long as that is used.
//
// (It is not inlined, lest a buffer be on a stack: stacks move.)
//
//go:noinline
func NewFixed(buf []byte) *Fixed {
	return &Fixed{buf: buf, full: diag.NewError(diag.Diagnostic{
		Code:    diag.FA003,
		Message: fmt.Sprintf("a fixed buffer of %d bytes has no room", len(buf)),
		Help:    "make the buffer larger, or give it a Fallback",
	}, nil)}
}

// Used returns the bytes that are taken, those that were skipped to align others
// included.
func (a *Fixed) Used() int { return a.used }

// Reset gives all of the buffer back. Nothing allocated before may be used, freed or
// reallocated from here on.
func (a *Fixed) Reset() { a.used = 0 }

// Allocate implements [Allocator]. The capacity is n. The error of a full buffer is
// one value each time, and says nothing of the request.
func (a *Fixed) Allocate(n, align int) ([]byte, error) {
	if err := check(n, align); err != nil {
		return nil, err
	}
	if n == 0 {
		return empty, nil
	}
	from := a.used
	if len(a.buf) > 0 {
		from += padding(address(a.buf)+uintptr(a.used), align)
	}
	if n > len(a.buf)-from {
		return nil, a.full
	}
	a.used = from + n
	b := a.buf[from:a.used:a.used]
	clear(b)
	return b, nil
}

// Reallocate implements [Allocator].
func (a *Fixed) Reallocate(b []byte, n, align int) ([]byte, error) {
	if cap(b) == 0 || n == 0 || check(n, align) != nil {
		return reallocate(a, b, n, align)
	}
	from := a.offset(b)
	if from+cap(b) != a.used || n > len(a.buf)-from || padding(address(b), align) != 0 {
		return reallocate(a, b, n, align)
	}
	a.used = from + n
	if n > len(b) {
		clear(a.buf[from+len(b) : a.used])
	}
	return a.buf[from:a.used:a.used], nil
}

// Free implements [Allocator].
func (a *Fixed) Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	if from := a.offset(b); from+cap(b) == a.used {
		a.used = from
	}
}

// Owns implements [Owner].
func (a *Fixed) Owns(b []byte) bool {
	return cap(b) > 0 && len(a.buf) > 0 && address(b)-address(a.buf) < uintptr(len(a.buf))
}

// offset returns where b begins in the buffer.
func (a *Fixed) offset(b []byte) int {
	if !a.Owns(b) {
		panic(refusal(diag.FA208, fmt.Sprintf("%d bytes given back to a fixed buffer that they are not from", len(b)),
			"give bytes back to the Allocator they came from"))
	}
	from := int(address(b) - address(a.buf))
	if from+cap(b) > a.used {
		panic(refusal(diag.FA208, fmt.Sprintf("%d bytes given back to a fixed buffer that has them back already", len(b)),
			"free bytes once, as they were returned, and none from before a Reset"))
	}
	return from
}
