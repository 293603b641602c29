// Package handle stands in for the library's.
package handle

import (
	"iter"

	"github.com/framealloc/framealloc"
)

type Config struct {
	Name           string
	Limit, Reserve int
}

type Handle[T any] struct{ table, index, generation uint32 }

func (h Handle[T]) IsZero() bool   { return false }
func (h Handle[T]) String() string { return "" }

type Table[T any] struct{ blocks [][]T }

func NewTable[T any](src framealloc.Source, c Config) *Table[T] { return nil }

func (t *Table[T]) New() Handle[T]                            { return Handle[T]{} }
func (t *Table[T]) TryNew() (Handle[T], error)                { return Handle[T]{}, nil }
func (t *Table[T]) NewValue(v T) Handle[T]                    { return Handle[T]{} }
func (t *Table[T]) TryNewValue(v T) (Handle[T], error)        { return Handle[T]{}, nil }
func (t *Table[T]) NewSlice(n int) Handle[T]                  { return Handle[T]{} }
func (t *Table[T]) TryNewSlice(n int) (Handle[T], error)      { return Handle[T]{}, nil }
func (t *Table[T]) Get(h Handle[T]) *T                        { return nil }
func (t *Table[T]) Lookup(h Handle[T]) (*T, bool)             { return nil, false }
func (t *Table[T]) Slice(h Handle[T]) []T                     { return nil }
func (t *Table[T]) LookupSlice(h Handle[T]) ([]T, bool)       { return nil, false }
func (t *Table[T]) Has(h Handle[T]) bool                      { return false }
func (t *Table[T]) Resize(h Handle[T], n int) []T             { return nil }
func (t *Table[T]) TryResize(h Handle[T], n int) ([]T, error) { return nil, nil }
func (t *Table[T]) Pin(h Handle[T]) []T                       { return nil }
func (t *Table[T]) Unpin(h Handle[T]) bool                    { return false }
func (t *Table[T]) Free(h Handle[T]) bool                     { return false }
func (t *Table[T]) Clear()                                    {}
func (t *Table[T]) Compact(maxBytes int) int                  { return 0 }
func (t *Table[T]) Len() int                                  { return 0 }
func (t *Table[T]) All() iter.Seq2[Handle[T], *T]             { return nil }
func (t *Table[T]) Slices() iter.Seq2[Handle[T], []T]         { return nil }
