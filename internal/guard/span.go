package guard

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"unsafe"
)

// A span is a run of pages from one region.
type span struct {
	base   unsafe.Pointer
	size   int
	region *region
}

// A region is what the operating system gave in one piece.
type region struct{ memory []byte }

// The sizes in bytes of a span and of a region, unless one allocation needs more.
const (
	spanSize   = 64 << 10
	regionSize = 1 << 20
)

func (s span) bytes() []byte { return unsafe.Slice((*byte)(s.base), s.size) }

func (s span) contains(p uintptr) bool {
	return p >= uintptr(s.base) && p < uintptr(s.base)+uintptr(s.size)
}

// split cuts a span in two. A rest of nothing has no address: the one behind the
// end may be that of anything, in the collector's heap too, which takes a pointer to
// a free place for a fault.
func (s span) split(n int) (head, rest span) {
	if n == s.size {
		return s, span{}
	}
	return span{s.base, n, s.region}, span{unsafe.Add(s.base, n), s.size - n, s.region}
}

// before reports whether t begins where s ends.
func (s span) before(t span) bool {
	return s.region == t.region && uintptr(s.base)+uintptr(s.size) == uintptr(t.base)
}

// joined returns the spans in order of their addresses, neighbours as one. It
// uses the memory of the slice it is given.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(uintptr(a.base), uintptr(b.base)) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].before(s) {
			out[n-1].size += s.size
			continue
		}
		out = append(out, s)
	}
	return out
}

// A store holds spans that are inaccessible and free to be used again, in order
// of their addresses.
type store struct{ spans []span }

// put adds spans.
func (s *store) put(spans []span) { s.spans = joined(append(s.spans, spans...)) }

// take returns the first size bytes of the first span that is long enough.
func (s *store) take(size int) (t span, ok bool) {
	for i := range s.spans {
		if s.spans[i].size < size {
			continue
		}
		t, s.spans[i] = s.spans[i].split(size)
		if s.spans[i].size == 0 {
			s.spans = slices.Delete(s.spans, i, i+1)
		}
		return t, true
	}
	return span{}, false
}

// reservoir holds the addresses that closed allocators have left. They are never
// given back: see the package comment.
var reservoir struct {
	sync.Mutex
	store
	mapped int
}

// leave gives spans to the allocators that come.
func leave(spans []span) {
	reservoir.Lock()
	defer reservoir.Unlock()
	reservoir.put(spans)
}

// fresh returns an inaccessible span that no allocator has, from the reservoir
// or from the system. What is left of a new region goes to the reservoir.
func fresh(size int) (span, error) {
	reservoir.Lock()
	defer reservoir.Unlock()
	if s, ok := reservoir.take(size); ok {
		return s, nil
	}
	memory, err := reserve(max(size, regionSize))
	if err != nil {
		return span{}, fmt.Errorf("the system gives no pages: %w", err)
	}
	reservoir.mapped += len(memory)
	s := span{unsafe.Pointer(unsafe.SliceData(memory)), len(memory), &region{memory}}
	s, rest := s.split(size)
	if rest.size > 0 {
		reservoir.put([]span{rest})
	}
	return s, nil
}

// roundToPages rounds a size up to whole pages.
func roundToPages(n int) int { return (n + pageSize - 1) &^ (pageSize - 1) }

// Mapped returns the bytes of addresses that were ever asked of the system.
func Mapped() int {
	reservoir.Lock()
	defer reservoir.Unlock()
	return reservoir.mapped
}
