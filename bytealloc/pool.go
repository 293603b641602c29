package bytealloc

import "github.com/framealloc/framealloc"

// FromPool returns an Allocator over the byte pools of src's worker (see
// [framealloc.BytesGet]), for bytes that outlive frames and are given back one by
// one. Up to [framealloc.MaxPooledBytes] it allocates nothing once the pools are warm;
// beyond, bytes come from the heap, counted as heap intent, and Free leaves them to
// the collector. Reallocate grows within the capacity, a power of two, and copies
// beyond.
//
// It is used on the goroutine of src's worker, for Free too: to let others give bytes
// back, put it over a worker of its own and under [Lock]. A slice is freed into the
// Allocator it came from, or another over a worker of the same allocator. It panics
// as BytesGet and BytesPut do: FA207 for a closed worker, FA208 for a slice that
// cannot have come from a pool; in debug mode for each that is foreign or was freed
// before.
func FromPool(src framealloc.Source) Allocator {
	return &pool{get: func(n int) []byte { return framealloc.BytesGet(src, n) }, heap: heap{src}}
}

type pool struct {
	get  func(n int) []byte // BytesGet
	heap heap

	// cut holds the buffers whose first bytes were skipped to an aligned
	// address, by the first byte returned. Pools align buffers to their size in
	// practice; nothing promises it.
	cut map[*byte][]byte
}

func (a *pool) Allocate(n, align int) ([]byte, error) {
	if err := check(n, align); err != nil {
		return nil, err
	}
	if n == 0 {
		return empty, nil
	}
	if n > framealloc.MaxPooledBytes {
		return a.heap.aligned(n, align), nil
	}
	b := a.get(max(n, align))
	if padding(address(b), align) != 0 {
		return a.cutOut(b, n, align), nil
	}
	return b[:n], nil
}

// cutOut returns n bytes out of a larger buffer than b, at a multiple of align.
func (a *pool) cutOut(b []byte, n, align int) []byte {
	framealloc.BytesPut(a.heap.src, b)
	if n+align > framealloc.MaxPooledBytes {
		// From the heap, and large enough for BytesPut to leave it there.
		return a.heap.aligned(framealloc.MaxPooledBytes+1, align)[:n]
	}
	whole := a.get(n + align)
	b = whole[padding(address(whole), align):]
	if a.cut == nil {
		a.cut = make(map[*byte][]byte)
	}
	a.cut[&b[0]] = whole
	return b[:n]
}

func (a *pool) Reallocate(b []byte, n, align int) ([]byte, error) { return reallocate(a, b, n, align) }

func (a *pool) Free(b []byte) {
	if cap(b) == 0 {
		return
	}
	if len(a.cut) > 0 {
		first := &b[:1][0]
		if whole, ok := a.cut[first]; ok {
			delete(a.cut, first)
			b = whole
		}
	}
	framealloc.BytesPut(a.heap.src, b)
}
