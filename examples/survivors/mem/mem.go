// Package mem is where the game's temporary data comes from: a frame, or, for
// comparison, the heap. A game that has decided for frames needs none of this, and
// calls framealloc itself.
package mem

import (
	"strconv"

	"github.com/framealloc/framealloc"
)

// Mem is a frame, or with a nil Frame the heap.
type Mem struct{ Frame *framealloc.Frame }

// New returns a zero value.
func New[T any](m Mem) *T {
	if m.Frame == nil {
		return new(T)
	}
	return framealloc.New[T](m.Frame)
}

// List returns an empty slice with room for n values.
func List[T any](m Mem, n int) []T {
	if m.Frame == nil {
		return make([]T, 0, n)
	}
	return framealloc.SliceCap[T](m.Frame, 0, n)
}

// Slice returns n zero values.
func Slice[T any](m Mem, n int) []T {
	if m.Frame == nil {
		return make([]T, n)
	}
	return framealloc.Slice[T](m.Frame, n)
}

// Itoa returns n in decimal.
func Itoa(m Mem, n int) string {
	if m.Frame == nil {
		return strconv.Itoa(n)
	}
	return framealloc.NewText(m.Frame).Int(n).String()
}

// Fixed returns x with the given number of decimals.
func Fixed(m Mem, x float64, decimals int) string {
	if m.Frame == nil {
		return strconv.FormatFloat(x, 'f', decimals, 64)
	}
	return framealloc.NewText(m.Frame).Float(x, 'f', decimals).String()
}

// Tag books what is allocated until the returned function is called.
func (m Mem) Tag(name string) func() {
	if m.Frame == nil {
		return func() {}
	}
	return m.Frame.Tag(name)
}
