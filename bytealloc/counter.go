package bytealloc

import "sync/atomic"

// A Counter is a layer that counts: what a subsystem takes, how much at once, and
// whether it gives all of it back. It counts with atomics, so that Stats may be called
// from any goroutine, and it is used by as many as the Allocator below may be.
type Counter struct {
	a Allocator

	allocations, reallocations, frees, refused atomic.Uint64
	total                                      atomic.Uint64
	live, bytes, peak                          atomic.Int64
}

// NewCounter returns a Counter over a.
func NewCounter(a Allocator) *Counter { return &Counter{a: a} }

// CounterStats is what a [Counter] has counted. Requests for no bytes do not count; a
// reallocation from none counts as an allocation, one to none as a free.
type CounterStats struct {
	Allocations   uint64
	Reallocations uint64
	Frees         uint64
	Refused       uint64 // allocations and reallocations that failed
	Total         uint64 // bytes ever handed out; by reallocations, what they grew
	Live          int64  // slices handed out and not freed
	Bytes         int64  // in them
	Peak          int64  // the most that Bytes ever was
}

// Stats returns what was counted until now. The figures are read one after the other,
// while other goroutines may go on.
func (c *Counter) Stats() CounterStats {
	return CounterStats{
		Allocations: c.allocations.Load(), Reallocations: c.reallocations.Load(), Frees: c.frees.Load(),
		Refused: c.refused.Load(), Total: c.total.Load(),
		Live: c.live.Load(), Bytes: c.bytes.Load(), Peak: c.peak.Load(),
	}
}

// Allocate implements [Allocator].
func (c *Counter) Allocate(n, align int) ([]byte, error) {
	b, err := c.a.Allocate(n, align)
	c.count(0, len(b), err)
	return b, err
}

// Reallocate implements [Allocator].
func (c *Counter) Reallocate(b []byte, n, align int) ([]byte, error) {
	old := len(b)
	b, err := c.a.Reallocate(b, n, align)
	c.count(old, len(b), err)
	return b, err
}

// Free implements [Allocator].
func (c *Counter) Free(b []byte) {
	n := len(b)
	c.a.Free(b)
	c.count(n, 0, nil)
}

// Unwrap returns the Allocator below.
func (c *Counter) Unwrap() Allocator { return c.a }

// count books that from bytes became to bytes.
func (c *Counter) count(from, to int, err error) {
	switch {
	case err != nil:
		c.refused.Add(1)
		return
	case from == 0 && to == 0:
		return
	case from == 0:
		c.allocations.Add(1)
		c.live.Add(1)
	case to == 0:
		c.frees.Add(1)
		c.live.Add(-1)
	default:
		c.reallocations.Add(1)
	}
	c.total.Add(uint64(max(0, to-from)))
	now := c.bytes.Add(int64(to) - int64(from))
	for peak := c.peak.Load(); now > peak && !c.peak.CompareAndSwap(peak, now); {
		peak = c.peak.Load()
	}
}
