package framealloc

import (
	"fmt"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// Slice allocates a slice of n zeroed elements in the frame, as one allocation.
// Its capacity is n. It panics with FA003 when n is negative or the slice is
// larger than any memory, and otherwise as [New] does.
func Slice[T any](f *Frame, n int) []T { return arena.Make[T](&f.mem, n) }

// SliceCap is Slice with a capacity of its own: n elements long, with room for c.
// It panics as Slice does, also when c is smaller than n.
func SliceCap[T any](f *Frame, n, c int) []T { return slice[T](f, n, c, true) }

// SliceUninit is Slice without zeroing: the elements hold whatever was in the
// memory before, and must be written before they are read. It costs a few
// nanoseconds whatever n is. For a T with pointers it is Slice: the collector must
// never see a stale pointer.
func SliceUninit[T any](f *Frame, n int) []T { return arena.MakeUninit[T](&f.mem, n) }

// TrySlice is Slice, but returns the error instead of a panic.
func TrySlice[T any](f *Frame, n int) ([]T, error) { return trySlice[T](f, n, true) }

// TrySliceUninit is SliceUninit, but returns the error instead of a panic.
func TrySliceUninit[T any](f *Frame, n int) ([]T, error) { return trySlice[T](f, n, false) }

func slice[T any](f *Frame, n, c int, zero bool) []T {
	if err := checkLength[T](f, n, c); err != nil {
		panic(err)
	}
	if !zero {
		return arena.MakeUninit[T](&f.mem, c)[:n]
	}
	return arena.Slice[T](&f.mem, n, c, true)
}

func trySlice[T any](f *Frame, n int, zero bool) ([]T, error) {
	if err := checkLength[T](f, n, n); err != nil {
		return nil, err
	}
	f.mem.Try(true)
	defer f.mem.Try(false) // also when a hook or a check panics
	s := arena.Slice[T](&f.mem, n, n, zero)
	if s == nil {
		return nil, f.refused()
	}
	return s, nil
}

// checkLength refuses lengths that are no lengths. It returns a plain
// *diag.Error, so that the good case costs two compares.
func checkLength[T any](f *Frame, n, c int) *diag.Error {
	size := int(unsafe.Sizeof(*new(T)))
	if n < 0 || c < n || size > 0 && c > arena.MaxBytes/size {
		return f.badLength(n, c, size)
	}
	return nil
}

func (f *Frame) badLength(n, c, size int) *diag.Error {
	e := f.diagnose(diag.FA003,
		fmt.Sprintf("a slice of %d elements of %d bytes, capacity %d, cannot be allocated", n, size, c),
		"check lengths that come from data before allocating by them")
	switch {
	case n < 0:
		e.Note = "the length is negative"
	case c < n:
		e.Note = "the capacity is smaller than the length"
	default:
		e.Note = "no memory is that large"
	}
	return e
}

// Clone copies s into the frame. The copy's elements are shallow: what they
// point to stays where it is. The clone of an empty slice is empty, not nil.
func Clone[T any](f *Frame, s []T) []T {
	c := arena.MakeUninit[T](&f.mem, len(s))
	copy(c, s)
	return c
}

// Append appends values to s, which the frame owns or which is empty, and
// returns the result as the built-in append does. When s is the frame's newest
// allocation it grows in place; otherwise its capacity doubles in new frame
// memory, and the old memory waits for the frame's end.
func Append[T any](f *Frame, s []T, values ...T) []T {
	if len(values) <= cap(s)-len(s) {
		return append(s, values...)
	}
	return append(Grow(f, s, len(values)), values...)
}

// Grow returns s with room for at least n more elements, in place where s is
// the frame's newest allocation, otherwise copied to new frame memory of twice
// the capacity. It panics as [Slice] does.
func Grow[T any](f *Frame, s []T, n int) []T {
	if n < 0 || n > arena.MaxBytes-len(s) {
		panic(f.badLength(n, n, int(unsafe.Sizeof(*new(T)))))
	}
	need := len(s) + n
	if need <= cap(s) {
		return s
	}
	if err := checkLength[T](f, need, need); err != nil {
		panic(err)
	}
	if grown, ok := arena.Extend(&f.mem, s, max(need, min(2*cap(s), cap(s)+1024))); ok {
		return grown
	}
	if grown, ok := arena.Extend(&f.mem, s, need); ok {
		return grown
	}
	grown := slice[T](f, len(s), arena.FullCap[T](max(need, 2*cap(s), 4)), true)
	copy(grown, s)
	return grown
}

// Extend lengthens s in place, to a capacity of at least c, and reports whether it
// could: s must be the frame's newest allocation, as the frame returned it, with room
// behind it under every hard limit. The bytes behind its length are zero where they
// are new. Where Extend cannot, nothing has happened; it never copies and never
// panics. [Grow] is what a growing slice wants; Extend is for code that has
// somewhere else to go.
func Extend[T any](f *Frame, s []T, c int) ([]T, bool) {
	if c <= cap(s) {
		return s, true
	}
	if checkLength[T](f, c, c) != nil {
		return s, false
	}
	return arena.Extend(&f.mem, s, c)
}

// String copies s into the frame. Use it for a string whose memory is about to
// be reused; strings are immutable and otherwise need no copy.
func String(f *Frame, s string) string {
	c, _ := arena.String(&f.mem, s)
	return c
}

// Bytes allocates n zeroed bytes in the frame.
func Bytes(f *Frame, n int) []byte { return arena.Make[byte](&f.mem, n) }

// MaxAlign is the largest alignment that [AlignedBytes] gives: a page.
const MaxAlign = 4096

// AlignedBytes allocates n zeroed bytes at an address that is a multiple of
// align, a power of two up to [MaxAlign], for SIMD and device buffers. It panics
// with FA003 for any other align, and otherwise as [Slice] does.
func AlignedBytes(f *Frame, n, align int) []byte {
	if err := f.checkAligned(n, align); err != nil {
		panic(err)
	}
	return arena.Bytes(&f.mem, n, align)
}

// TryAlignedBytes is AlignedBytes, but returns the error instead of a panic.
func TryAlignedBytes(f *Frame, n, align int) ([]byte, error) {
	if err := f.checkAligned(n, align); err != nil {
		return nil, err
	}
	f.mem.Try(true)
	defer f.mem.Try(false) // also when a hook or a check panics
	b := arena.Bytes(&f.mem, n, align)
	if b == nil {
		return nil, f.refused()
	}
	return b, nil
}

func (f *Frame) checkAligned(n, align int) *diag.Error {
	if err := checkLength[byte](f, n, n); err != nil {
		return err
	}
	if align <= 0 || align > MaxAlign || align&(align-1) != 0 {
		return f.diagnose(diag.FA003, fmt.Sprintf("bytes asked for at an alignment of %d", align),
			fmt.Sprintf("use a power of two from 1 to %d", MaxAlign))
	}
	return nil
}

// Sprintf formats into frame memory. The arguments are boxed by the language
// before Sprintf sees them, so every number that is not a constant still costs a
// heap allocation; [NewText] formats without any.
func Sprintf(f *Frame, format string, args ...any) string {
	var buf [128]byte
	return arenaString(f, fmt.Appendf(buf[:0], format, args...))
}

func arenaString(f *Frame, b []byte) string {
	return arena.View(Clone(f, b))
}
