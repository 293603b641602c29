package framealloc

import (
	"fmt"
	"math/bits"
	"unsafe"
)

// Byte buffers come in size classes, powers of two from 1<<minByteShift to
// 1<<maxByteShift.
const (
	minByteShift = 4
	maxByteShift = 13
	byteClasses  = maxByteShift - minByteShift + 1

	// MaxPooledBytes is the size of the largest buffer that [BytesGet] pools.
	MaxPooledBytes = 1 << maxByteShift
)

// BytesGet returns a zeroed buffer of n bytes for memory that is raw, short of
// 8 KiB, and given back one by one: packets, paths, scanlines. Its capacity is n
// rounded up to a power of two, at least 16. A buffer of more than
// [MaxPooledBytes] comes from the heap and is counted as heap intent.
//
// Give it back with [BytesPut]. It belongs to the goroutine of src's worker, and
// panics with FA207 when that is closed, and as [HeapSlice] does when n is negative
// or too large.
func BytesGet(src Source, n int) []byte {
	if uint(n) > MaxPooledBytes {
		return HeapSlice[byte](src, n)
	}
	class := byteClass(n)
	w := src.worker()
	p := w.pools.bytes[class]
	if p == nil {
		p = w.addBytePool(class)
	}
	return unsafe.Slice((*byte)(p.pop(getSlow)), 1<<(class+minByteShift))[:n]
}

// BytesPut gives back a buffer from [BytesGet], of this worker or another one of
// its allocator, and zeroes it. The buffer may be shorter or, by append within
// its capacity, longer than it was, but must begin where it began; nothing may use
// it afterwards. Buffers of more than [MaxPooledBytes] are left to the collector.
//
// It panics with FA208 for a buffer that cannot have come from BytesGet, since
// its capacity is not that of a class. A buffer put twice, and one of a fitting capacity from elsewhere, it
// recognizes in debug mode only; otherwise the buffer is adopted.
func BytesPut(src Source, b []byte) {
	size := cap(b)
	if size > MaxPooledBytes {
		return
	}
	w := src.worker()
	class := byteClass(size)
	if size != 1<<(class+minByteShift) {
		w.alienBytes(b)
	}
	p := w.pools.bytes[class]
	if p == nil {
		p = w.addBytePool(class)
	}
	x := unsafe.Pointer(unsafe.SliceData(b))
	if p.n >= len(p.items) {
		putSlow(p, x)
		return
	}
	clear(b[:size])
	p.items[p.n] = x
	p.n++
}

// byteClass returns the class for n bytes, 0 to byteClasses-1.
func byteClass(n int) int {
	return max(bits.Len(uint(max(n, 1)-1)), minByteShift) - minByteShift
}

func (w *Worker) addBytePool(class int) *pool {
	p := w.addPool(w.alloc.depots.ofBytes(class, w.alloc))
	w.pools.bytes[class] = p
	return p
}

func (w *Worker) alienBytes(b []byte) {
	p := &pool{w: w}
	p.misput(fmt.Sprintf("a buffer of capacity %d put that is not from BytesGet", cap(b)), "",
		"put the slice as BytesGet returned it: b[:n] and appending within its capacity are fine, b[n:] is not")
}

// byteKind describes the buffers of a class.
func byteKind(class int) poolKind {
	size := 1 << (class + minByteShift)
	return poolKind{
		bytes: true,
		typ:   (*byte)(nil),
		size:  size,
		make:  func(n int) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(make([]byte, n*size))) },
		clear: func(p unsafe.Pointer) { clear(unsafe.Slice((*byte)(p), size)) },
		zero: func(p unsafe.Pointer) bool {
			for _, b := range unsafe.Slice((*byte)(p), size) {
				if b != 0 {
					return false
				}
			}
			return true
		},
	}
}
