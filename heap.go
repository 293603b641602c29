package framealloc

import (
	"fmt"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// HeapNew returns a new zeroed T on Go's heap and counts it: the intent for what
// is too large, too long-lived or too irregular for a frame or a pool. It may be
// called on the goroutine of src's worker, and lives as long as it is
// referenced. Inside a frame it is booked to the current tag.
func HeapNew[T any](src Source) *T {
	x := new(T)
	heapIntent(src.worker(), unsafe.Pointer(x), (*T)(nil), 1, int(unsafe.Sizeof(*x)))
	return x
}

// HeapSlice is [HeapNew] for a slice of n zeroed elements. It panics with FA003
// when n is negative or no memory is that large.
func HeapSlice[T any](src Source, n int) []T {
	if size := int(unsafe.Sizeof(*new(T))); n < 0 || size > 0 && n > arena.MaxBytes/size {
		src.worker().badHeapLength(n, size)
	}
	s := make([]T, n)
	heapIntent(src.worker(), unsafe.Pointer(unsafe.SliceData(s)), (*T)(nil), n, n*int(unsafe.Sizeof(*new(T))))
	return s
}

// badHeapLength panics about a length that is none.
func (w *Worker) badHeapLength(n, size int) {
	w.misuse(diag.FA003, fmt.Sprintf("a slice of %d elements of %d bytes cannot be taken from the heap", n, size),
		"check lengths that come from data before allocating by them")
}

func heapIntent(w *Worker, x unsafe.Pointer, typ any, count, size int) {
	w.checkUser()
	w.allocated(IntentHeap, typ, count, size, nil)
	if s := w.sampler; s != nil {
		s.heaped(x, typ, count, size)
	}
	w.heapAllocated(size)
}

// heapAllocated books an allocation with heap intent.
func (w *Worker) heapAllocated(size int) {
	w.published.heapAllocated(size)
	if w.frame != nil && w.booksTags() {
		n := w.tags.current()
		n.heap.Allocations++
		n.heap.Bytes += uint64(size)
		w.tags.touch(n)
		w.busy = true
	}
}
