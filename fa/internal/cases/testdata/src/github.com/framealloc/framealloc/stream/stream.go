// Package stream stands in for the library's.
package stream

import (
	"context"
	"iter"

	"github.com/framealloc/framealloc"
)

type Config struct {
	Name          string
	Budget, Loads int
	OnEvict       func(name string)
}

type Priority uint8

const (
	Low Priority = iota
	Normal
	High
	Critical
)

type LoadFunc[T any] func(ctx context.Context, e *Entry[T], dst []T) error

type Stream[T any] struct{ entries []*Entry[T] }

func New[T any](src framealloc.Source, c Config) *Stream[T] { return nil }

func (s *Stream[T]) Entry(name string, n int, p Priority, load LoadFunc[T]) *Entry[T] { return nil }
func (s *Stream[T]) All() iter.Seq[*Entry[T]]                                         { return nil }
func (s *Stream[T]) Close()                                                           {}

type Entry[T any] struct{ values []T }

func (e *Entry[T]) Use(f *framealloc.Frame) ([]T, bool) { return nil, false }
func (e *Entry[T]) Begin() ([]T, error)                 { return nil, nil }
func (e *Entry[T]) Finish() error                       { return nil }
func (e *Entry[T]) Fail(reason error) error             { return nil }
func (e *Entry[T]) Request()                            {}
func (e *Entry[T]) Evict() bool                         { return false }
func (e *Entry[T]) Wait(ctx context.Context) error      { return nil }
func (e *Entry[T]) Close()                              {}
