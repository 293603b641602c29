package arena

import (
	"math/bits"

	"github.com/framealloc/framealloc/internal/guard"
)

// Reset gives everything back. Slabs are cleared now, so that what they point
// to can be collected; pointer-free memory is zeroed when it is handed out
// again. Memory in several chunks or blocks is replaced by one piece that would
// have held it all: the steady state is one chunk, and no growth. The arena is
// closed afterwards.
func (a *Arena) Reset() {
	a.shutWindow()
	used := a.used()
	a.peak = max(a.peak, used)
	a.giveBackShut(used)
	if len(a.touched) > 0 {
		a.resetSlabs()
	}
	a.expect = a.before + a.pos
	if a.cur > 0 {
		a.mergeChunks()
	} else if a.base != nil {
		a.pos, a.clean = 0, 0
	}
	if i := a.inspect.Load(); i != nil {
		i.retire(a, guard.FrameEnd) // before anything lets go of the arena's memory
	}
	if a.config.ShrinkAfter > 0 {
		a.shrink()
	}
	a.before, a.slabBytes, a.lost, a.count, a.rolledBack, a.peak, a.grown = 0, 0, 0, 0, 0, 0, 0
	a.marks, a.saved = a.marks[:0], a.saved[:0]
	a.window = min(minWindow, a.config.MaxWindow)
	a.closed = true
}

// mergeChunks replaces all chunks by one of the size that was used.
func (a *Arena) mergeChunks() {
	total := a.before + a.pos
	for i := range a.chunks {
		total = max(total, a.chunks[i].size)
	}
	a.chunks = append(a.chunks[:0:0], newChunk(max(total, roundUp(total)), a.config.Prefault))
	a.enterChunk(0, 0)
	a.publishPlaces()
}

// roundUp gives capacities some slack: half as much again, in steps of a quarter
// of a power of two, so that a frame that takes more than the last need not grow
// again.
func roundUp(n int) int {
	n = min(n, maxChunk/2)
	n += n / 2
	step := max(8, 1<<max(0, bits.Len(uint(n))-3))
	return min((n+step)/step*step, maxChunk)
}

func (a *Arena) resetSlabs() {
	for _, s := range a.touched {
		used := max(s.peak, s.older+s.at) / s.size
		s.rewind(0, 0, 0)
		if len(s.blocks) > 1 {
			for _, b := range s.blocks {
				a.slabTotal -= b.end
			}
			s.blocks = s.blocks[:0:0]
			a.addBlock(s, max(used+used/2, 8)) // slack, for frames differ
			s.enter(0, 0)
			s.end = 0
		}
		s.peak = 0
	}
	clear(a.touched)
	a.touched = a.touched[:0]
}

// shrink cuts the capacity to twice what was used at most, once it has stayed
// under a quarter of it for long enough.
func (a *Arena) shrink() {
	capacity := a.Capacity()
	if capacity <= max(a.config.Chunk, a.reserved) || a.peak >= capacity/4 {
		a.idle, a.idlePeak = 0, 0
		return
	}
	a.idle++
	a.idlePeak = max(a.idlePeak, a.peak)
	if a.idle < a.config.ShrinkAfter {
		return
	}
	a.Release()
	a.addChunk(max(a.config.Chunk, roundUp(2*a.idlePeak)))
	a.enterChunk(0, 0)
	a.idle, a.idlePeak = 0, 0
}

// Release lets go of all memory. What still points into it keeps it alive.
func (a *Arena) Release() {
	a.shutWindow()
	a.closed = true
	a.chunks = nil
	a.cur, a.base, a.size, a.dirty, a.pos, a.clean, a.before = 0, nil, 0, 0, 0, 0, 0
	a.end = nil
	for _, r := range a.known {
		r.slab = nil
	}
	a.touched = nil
	a.slabBytes, a.slabTotal, a.lost = 0, 0, 0
	a.marks, a.saved = nil, nil
	if i := a.inspect.Load(); i != nil {
		i.retire(a, guard.Closing)
	}
	a.publishPlaces()
}

// Untouched reports whether nothing was allocated since the last reset.
func (a *Arena) Untouched() bool { return a.count == 0 && a.rolledBack == 0 }
