package bytealloc

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// Align returns an Allocator that asks a for bytes at multiples of align, or of more
// where more is asked for: for SIMD (16 to 64), cache lines (64), pages. It panics when
// align is not a power of two from 1 to [framealloc.MaxAlign].
func Align(a Allocator, align int) Allocator {
	if check(0, align) != nil {
		panic(fmt.Sprintf("bytealloc: Align(…, %d): want a power of two from 1 to %d", align, framealloc.MaxAlign))
	}
	return &aligned{a, align}
}

type aligned struct {
	a     Allocator
	align int
}

func (l *aligned) Allocate(n, align int) ([]byte, error) {
	return l.a.Allocate(n, l.raise(align))
}

func (l *aligned) Reallocate(b []byte, n, align int) ([]byte, error) {
	return l.a.Reallocate(b, n, l.raise(align))
}

func (l *aligned) Free(b []byte) { l.a.Free(b) }

func (l *aligned) Unwrap() Allocator { return l.a }

// raise leaves what cannot be an alignment to the source, which refuses it.
func (l *aligned) raise(align int) int {
	if check(0, align) != nil {
		return align
	}
	return max(align, l.align)
}
