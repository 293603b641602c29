// Package bytealloc stands in for the library's.
package bytealloc

import "github.com/framealloc/framealloc"

type Allocator interface {
	Allocate(n, align int) ([]byte, error)
	Reallocate(b []byte, n, align int) ([]byte, error)
	Free(b []byte)
}

type Counter struct{ a Allocator }

func (c *Counter) Allocate(n, align int) ([]byte, error)             { return nil, nil }
func (c *Counter) Reallocate(b []byte, n, align int) ([]byte, error) { return nil, nil }
func (c *Counter) Free(b []byte)                                     {}

type Fixed struct{ buf []byte }

func (a *Fixed) Allocate(n, align int) ([]byte, error)             { return nil, nil }
func (a *Fixed) Reallocate(b []byte, n, align int) ([]byte, error) { return nil, nil }
func (a *Fixed) Free(b []byte)                                     {}

func FromFrame(f *framealloc.Frame) Allocator    { return nil }
func FromWorker(w *framealloc.Worker) Allocator  { return nil }
func FromPool(src framealloc.Source) Allocator   { return nil }
func Fallback(first, second Allocator) Allocator { return nil }
func NewCounter(a Allocator) *Counter            { return nil }
func NewFixed(buf []byte) *Fixed                 { return nil }
