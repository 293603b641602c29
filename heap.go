package framealloc

import "unsafe"

// HeapNew returns a new zeroed T on Go's heap and counts it: the intent for what
// is too large, too long-lived or too irregular for a frame or a pool. It may be
// called from any goroutine, and lives as long as it is referenced.
func HeapNew[T any](src Source) *T {
	src.worker().published.heapAllocated(int(unsafe.Sizeof(*new(T))))
	return new(T)
}

// HeapSlice returns a new zeroed slice of n elements on Go's heap and counts it.
// It panics as make does when n is negative or too large.
func HeapSlice[T any](src Source, n int) []T {
	s := make([]T, n)
	src.worker().published.heapAllocated(n * int(unsafe.Sizeof(*new(T))))
	return s
}
