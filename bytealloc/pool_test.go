package bytealloc

import (
	"testing"

	"github.com/framealloc/framealloc"
)

// TestPoolCutsOut: where the pools' buffers are not aligned as they are, aligned
// bytes are cut out of larger ones, and the whole ones go back.
func TestPoolCutsOut(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	a := FromPool(alloc).(*pool)
	a.get = func(n int) []byte { // as BytesGet, at odd addresses
		size := roundUp(n, 16)
		for size&(size-1) != 0 {
			size += 16
		}
		b := make([]byte, size+8)
		skip := 8 - padding(address(b), 8)
		return b[skip : skip+n : skip+size]
	}
	for align := 16; align <= framealloc.MaxAlign; align *= 2 {
		for _, n := range []int{1, 100, 4096, 8000, framealloc.MaxPooledBytes} {
			b, err := a.Allocate(n, align)
			if err != nil || len(b) != n || padding(address(b), align) != 0 {
				t.Fatalf("%d bytes at a multiple of %d: %d at %#x, %v", n, align, len(b), address(b), err)
			}
			if pooled := cap(b) <= framealloc.MaxPooledBytes && cap(b)&(cap(b)-1) != 0; pooled && len(a.cut) != 1 {
				t.Fatalf("%d bytes at a multiple of %d: %d cut out, want 1", n, align, len(a.cut))
			}
			for i := range b[:cap(b)] {
				b[:cap(b)][i] = 0xff // all of it is the caller's
			}
			a.Free(b)
			if len(a.cut) != 0 {
				t.Fatalf("%d bytes at a multiple of %d: still cut out when freed", n, align)
			}
		}
	}
}
