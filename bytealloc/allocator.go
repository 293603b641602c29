package bytealloc

import (
	"fmt"
	"math/bits"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// An Allocator hands out memory as bytes. The rules below hold for all of this
// package, and bind who implements one.
//
// Memory is valid until it is freed, reallocated, or its source ends: a frame's
// memory with the frame. A slice is given back as it was returned, with its length and
// capacity; what the caller has cut or appended to, it keeps beside. The bytes between
// length and capacity are the caller's.
//
// Sizes and alignments that cannot be are refused with FA003: a negative size, one of
// more than [MaxSize], an alignment that is not a power of two from 1 to
// [framealloc.MaxAlign]. A size that no such rule forbids, but the machine does not
// have, ends the program, as it does with make.
//
// Giving back what is another allocator's is a mistake, which each source documents
// its answer to, and a [Checker] finds.
type Allocator interface {
	// Allocate returns n zeroed bytes at an address that is a multiple of
	// align, or an error and nothing: a *diag.Error with FA003 where there is
	// no room. No bytes (n = 0) are an empty slice, not nil, that takes no memory
	// and may be given back or not.
	Allocate(n, align int) ([]byte, error)

	// Reallocate returns n bytes at a multiple of align that begin with those
	// of b, as far as both go, and are zero beyond; b is gone, whether or not it is
	// the memory returned. Where b is empty or nil it is Allocate, and for n = 0 it
	// is Free. With an error it returns b, which stays as it was. Shrinking at an
	// alignment no stricter than before does not fail.
	Reallocate(b []byte, n, align int) ([]byte, error)

	// Free gives b back. An empty or nil b is nothing to give back.
	Free(b []byte)
}

// An Owner knows its memory. Sources that own a range of addresses are Owners: a
// fixed buffer, a frame. The heap and the pools cannot be.
type Owner interface {
	// Owns reports whether b lies in memory that is the owner's. Nothing is
	// the owner of an empty slice.
	Owns(b []byte) bool
}

// An Unwrapper is a layer that returns the slices of the Allocator below it as they
// are, which Unwrap returns. What cannot be asked of the layer is asked there.
type Unwrapper interface {
	Unwrap() Allocator
}

// Owns reports whether b is a's, and whether that could be told: a, or what it is a
// layer over, is an [Owner].
func Owns(a Allocator, b []byte) (owns, known bool) {
	o := ownerOf(a)
	if o == nil {
		return false, false
	}
	return o.Owns(b), true
}

// ownerOf returns who knows what memory is a's, or nil.
func ownerOf(a Allocator) Owner {
	for {
		switch l := a.(type) {
		case *fallback:
			if l.secondOwner == nil {
				return nil
			}
			return l
		case Owner:
			return l
		case Unwrapper:
			a = l.Unwrap()
		default:
			return nil
		}
	}
}

// MaxSize is the largest size that is considered at all: 1 TiB, on 32 bits 1 GiB.
const MaxSize = 1 << (20 + 10*(bits.UintSize/32))

// empty is what no bytes are: not nil, and nobody's.
var empty = []byte{}

// check refuses sizes and alignments that cannot be. It is a function of two
// compares, so that good requests do not pay for the message.
func check(n, align int) error {
	if uint(n) > MaxSize || uint(align-1) >= framealloc.MaxAlign || align&(align-1) != 0 {
		return badRequest(n, align)
	}
	return nil
}

func badRequest(n, align int) error {
	help := "check sizes that come from data before allocating by them"
	if 0 <= n && n <= MaxSize {
		help = fmt.Sprintf("use an alignment that is a power of two from 1 to %d", framealloc.MaxAlign)
	}
	return refusal(diag.FA003, fmt.Sprintf("%d bytes at an alignment of %d cannot be allocated", n, align), help)
}

// refusal makes an error that knows the caller's line.
func refusal(code diag.Code, message, help string) *diag.Error {
	return diag.NewError(diag.Diagnostic{Code: code, Message: message, Help: help, PC: diag.CallerPC()}, nil)
}

// address returns where b, which has a capacity, begins.
func address(b []byte) uintptr { return arena.BytesAddress(b) }

// padding returns how many bytes to skip from address p to a multiple of align.
func padding(p uintptr, align int) int { return int(-p & uintptr(align-1)) }

// roundUp returns the lowest multiple of align, a power of two, that is not below n.
func roundUp(n, align int) int { return (n + align - 1) &^ (align - 1) }

// reallocate is Reallocate for sources that cannot lengthen a slice beyond its
// capacity: in place up to there, else by a copy.
func reallocate(a Allocator, b []byte, n, align int) ([]byte, error) {
	if err := check(n, align); err != nil {
		return b, err
	}
	if n == 0 {
		a.Free(b)
		return empty, nil
	}
	if 0 < n && n <= cap(b) && padding(address(b), align) == 0 {
		return resize(b, n), nil
	}
	return move(a, b, a, n, align)
}

// resize returns b with length n, up to its capacity. What it gains is zero: the
// caller may have written there.
func resize(b []byte, n int) []byte {
	if n > len(b) {
		clear(b[len(b):n])
	}
	return b[:n]
}

// move copies b, which is from's, to new memory of to's, and frees it.
func move(from Allocator, b []byte, to Allocator, n, align int) ([]byte, error) {
	moved, err := to.Allocate(n, align)
	if err != nil {
		return b, err
	}
	copy(moved, b)
	from.Free(b)
	return moved, nil
}
