package bytealloc

import "github.com/framealloc/framealloc"

// FromHeap returns an Allocator over Go's heap. What it allocates is counted as src's
// heap intent (see [framealloc.HeapSlice]), on the goroutine of src's worker. With a
// nil src nothing is counted, and any goroutine may use it.
//
// Free does nothing, for whatever it is given: the collector frees what nothing refers
// to. Reallocate grows within the capacity, and copies beyond.
func FromHeap(src framealloc.Source) Allocator { return heap{src} }

type heap struct{ src framealloc.Source }

func (a heap) Allocate(n, align int) ([]byte, error) {
	if err := check(n, align); err != nil {
		return nil, err
	}
	if n == 0 {
		return empty, nil
	}
	return a.aligned(n, align), nil
}

// aligned returns n bytes at a multiple of align. The heap aligns most sizes that are
// multiples of align by itself; for the others there is room to skip to one.
func (a heap) aligned(n, align int) []byte {
	b := a.make(roundUp(n, align))
	if skip := padding(address(b), align); skip != 0 {
		b = a.make(n + align - 1)
		b = b[padding(address(b), align):]
	}
	return b[:n]
}

func (a heap) make(n int) []byte {
	if a.src == nil {
		return make([]byte, n)
	}
	return framealloc.HeapSlice[byte](a.src, n)
}

func (a heap) Reallocate(b []byte, n, align int) ([]byte, error) { return reallocate(a, b, n, align) }

func (a heap) Free([]byte) {}
