package handle

import (
	"fmt"

	"github.com/framealloc/framealloc/internal/extent"
)

// A Handle names a value, or a slice of values, of one [Table]. It is a plain value
// of 12 bytes without pointers, comparable, and good as a map key; it may be kept,
// copied and handed to other goroutines for as long as one likes. It names what it
// was made for until that is freed, wherever the table moves it, and nothing else
// ever again. The zero Handle names nothing.
type Handle[T any] struct {
	table uint32
	ref   extent.Ref
}

// IsZero reports whether h is the zero Handle.
func (h Handle[T]) IsZero() bool { return h == Handle[T]{} }

// String returns a short name for logs: the table's number, the place's, and how
// often that was used before.
func (h Handle[T]) String() string {
	if h.IsZero() {
		return "no handle"
	}
	return fmt.Sprintf("handle %d:%d#%d", h.table, h.ref.Index, h.ref.Generation)
}
