package arena

import "unsafe"

// A Mark is a point in an arena's allocations to which it can go back.
type Mark struct {
	serial    uint64
	depth     int
	chunk     int
	pos       int
	before    int
	slabBytes int
	lost      int
	saved     int // where its slabs begin in Arena.saved
	slabs     int // how many there are
}

type savedSlab struct {
	cur, at, older int
}

// Mark remembers the present point. Marks nest; see [Arena.Rollback].
func (a *Arena) Mark() Mark {
	a.closeRuns()
	a.serial++
	m := Mark{
		serial: a.serial, depth: len(a.marks),
		chunk: a.cur, pos: a.cursor(), before: a.before,
		slabBytes: a.slabBytes, lost: a.lost,
		saved: len(a.saved), slabs: len(a.touched),
	}
	for _, s := range a.touched {
		a.saved = append(a.saved, savedSlab{s.cur, s.at, s.older})
	}
	a.marks = append(a.marks, m.serial)
	if k := a.keeper(); k != nil {
		k.Mark(m.serial)
	}
	return m
}

// Valid reports whether m is one of the arena's open marks.
func (a *Arena) Valid(m Mark) bool {
	return m.serial != 0 && m.depth < len(a.marks) && a.marks[m.depth] == m.serial
}

// Rollback gives back everything since m, which must be valid, and drops the
// references it held. m stays open; marks after m are closed.
func (a *Arena) Rollback(m Mark) {
	a.closeRuns()
	used := a.used()
	a.peak = max(a.peak, used)
	for i, s := range a.touched {
		if i < m.slabs {
			at := a.saved[m.saved+i]
			s.rewind(at.cur, at.at, at.older)
		} else {
			s.rewind(0, 0, 0)
		}
	}
	clear(a.touched[m.slabs:])
	a.touched = a.touched[:m.slabs]
	if k := a.keeper(); k != nil {
		k.Rollback(m.serial)
	}
	a.slabBytes, a.lost = m.slabBytes, m.lost
	a.rewindChunks(m)
	a.rolledBack += used - a.used()
	a.giveBack(used - a.used())
	a.marks = a.marks[:m.depth+1]
	a.saved = a.saved[:m.saved+m.slabs]
}

// Commit keeps everything since m, which must be valid, and closes it and the
// marks after it.
func (a *Arena) Commit(m Mark) {
	a.marks = a.marks[:m.depth]
	a.saved = a.saved[:m.saved]
}

// smallRewind is how many bytes are zeroed at once on a rollback, so that the
// open window can serve again: a scope that takes little costs no refill.
const smallRewind = 1 << 10

func (a *Arena) rewindChunks(m Mark) {
	if a.base == nil && a.cur == 0 {
		return // nothing was ever carved
	}
	if a.free <= 0 && a.base != nil && a.cur == m.chunk {
		if at := a.cursor(); at-m.pos <= smallRewind {
			clear(unsafe.Slice((*byte)(unsafe.Add(a.base, m.pos)), at-m.pos))
			a.free -= at - m.pos
			return
		}
	}
	a.pos, a.free = a.cursor(), shut
	if a.cur != m.chunk || a.base == nil {
		if a.base != nil {
			a.leaveChunk()
		}
		a.enterChunk(m.chunk, m.pos)
	}
	a.pos, a.clean = m.pos, m.pos
	a.before = m.before
	a.resume()
}
