package arena

import (
	"slices"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// Reserve gets memory ahead, so that n values of the type that t is a nil pointer
// to fit without growth: in their slab, or, where they hold no pointers, beside
// what else was reserved. It does nothing while the arena is in use.
func (a *Arena) Reserve(t any, n int) {
	size := typeinfo.Size(t)
	if size == 0 || !a.closed || a.used() != 0 {
		return
	}
	if !typeinfo.HasPointers(t) {
		a.reserved = min(a.reserved+n*round(size), maxChunk)
		if len(a.chunks) == 0 || a.chunks[0].size < a.reserved {
			a.chunks = append(a.chunks[:0:0], newChunk(round(a.reserved), a.config.Prefault))
			a.grown++
			a.enterChunk(0, 0)
			a.publishPlaces()
		}
		return
	}
	s := a.slabOf(t)
	if len(s.blocks) > 0 && s.blocks[0].end >= n*size {
		return
	}
	for _, b := range s.blocks {
		a.slabTotal -= b.end
	}
	s.blocks = s.blocks[:0:0]
	a.addBlock(s, n)
	a.touched = slices.Grow(a.touched, len(a.known))
	a.open = slices.Grow(a.open, len(a.known))
	s.enter(0, 0)
	s.end = 0 // rests: see wake
}
