package arena

import "unsafe"

// A chunk is pointer-free memory. It keeps one spare word behind its usable
// bytes, so that the end of a full window is still inside it.
type chunk struct {
	base  unsafe.Pointer
	size  int // usable bytes
	dirty int // bytes that may not be zero, while it is not the current chunk
	used  int // bytes used, while it is an earlier chunk
}

// newChunk makes a zeroed chunk of size usable bytes. Memory that the collector
// need not scan comes from a slice of a pointer-free type; words, so that it is
// aligned on every platform.
func newChunk(size int, prefault bool) chunk {
	words := make([]uint64, size/8+1)
	if prefault {
		for i := 0; i < len(words); i += 512 {
			words[i] = 0 // a write, so that the system backs the page now
		}
	}
	return chunk{base: unsafe.Pointer(unsafe.SliceData(words)), size: size}
}

// raw carves r.Size bytes of pointer-free memory at a multiple of align, zeroed
// if asked, and opens a window behind them where nothing stands against it. It
// returns nil where the door refused.
func (a *Arena) raw(r Request, align int, zero bool) unsafe.Pointer {
	if p, carve := a.admit(r); !carve {
		return p
	}
	if k := a.keeper(); k != nil {
		return a.made(k, r, align)
	}
	p := a.carveAdmitted(r.Size, align, zero)
	if !a.barred() {
		a.openWindow(r.Size)
	}
	return p
}

// carve is raw without a window.
func (a *Arena) carve(r Request, align int, zero bool) unsafe.Pointer {
	if p, carve := a.admit(r); !carve {
		return p
	}
	return a.carveAdmitted(r.Size, align, zero)
}

func (a *Arena) carveAdmitted(size, align int, zero bool) unsafe.Pointer {
	a.pos, a.free = a.cursor(), shut
	pad := a.pad(align)
	if a.base == nil || size > a.size-a.pos-pad {
		a.nextChunk(size + max(align, 8) - 8)
		pad = a.pad(align)
	}
	from := a.pos + pad
	to := from + size
	if zero {
		a.zero(from, to)
	}
	a.dirty = max(a.dirty, to)
	a.pos = to
	a.count++
	return unsafe.Add(a.base, from)
}

// pad returns how many bytes to skip to reach a multiple of align. Chunks are
// aligned to 8 at least and do not move.
func (a *Arena) pad(align int) int {
	if align <= 8 || a.base == nil {
		return 0
	}
	return int(-(uintptr(a.base) + uintptr(a.pos)) & uintptr(align-1))
}

// padAhead returns how many bytes a request of so many will skip to reach a
// multiple of align, for a limit counts them too. So that this is known before
// anyone is asked, the chunk that has the room becomes current now.
func (a *Arena) padAhead(size, align int) int {
	if align <= 8 || a.limit == maxInt || a.closed || a.kept {
		return 0
	}
	a.shutWindow()
	if size > a.hardRoom() {
		a.resume()
		return 0 // it is asked about anyway
	}
	pad := a.pad(align)
	if a.base == nil || size > a.size-a.pos-pad {
		a.nextChunk(size + align - 8)
		pad = a.pad(align)
	}
	a.resume()
	return pad
}

// openWindow zeroes the bytes behind the cursor and lets allocations pass
// through them: as many as the last frame used, within bounds, for clearing a few
// kilobytes costs several times as much a byte as clearing sixteen; else few, and
// twice as many each time, so that a frame that takes little has little zeroed. A
// request as large as a window gets an empty one, so that a run of large buffers
// zeroes nothing ahead.
func (a *Arena) openWindow(request int) {
	length := 0
	if want := max(a.window, min(a.expect-a.before-a.pos, a.config.MaxWindow)); request < want {
		length = min(want, a.size-a.pos)
		if a.limit != maxInt {
			length = max(0, min(length, a.room()&^7))
		}
		a.window = min(2*a.window, a.config.MaxWindow)
	}
	to := a.pos + length
	a.zero(a.pos, to)
	a.dirty = max(a.dirty, to)
	a.pos = to
	a.free = -length
	a.end = unsafe.Add(a.base, to)
}

// zero clears the bytes from..to of the current chunk, from at the cursor or
// behind it, as far as they may hold something.
func (a *Arena) zero(from, to int) {
	if to <= a.clean {
		return
	}
	from = max(from, a.clean)
	a.clean = to
	if to = min(to, a.dirty); from < to {
		clear(unsafe.Slice((*byte)(unsafe.Add(a.base, from)), to-from))
	}
}

// nextChunk makes a chunk with at least size free bytes current.
func (a *Arena) nextChunk(size int) {
	if a.base != nil {
		a.leaveChunk()
	}
	for a.cur < len(a.chunks) && a.chunks[a.cur].size < size {
		a.chunks[a.cur].used = 0
		a.cur++ // too small for this request: left out until the next reset
	}
	if a.cur == len(a.chunks) {
		grown := a.config.Chunk
		if n := len(a.chunks); n > 0 {
			grown = min(2*a.chunks[n-1].size, maxChunk)
		}
		a.addChunk(max(grown, round(size)))
	}
	a.enterChunk(a.cur, 0)
}

// addChunk appends a chunk.
func (a *Arena) addChunk(size int) {
	a.chunks = append(a.chunks, newChunk(round(size), a.config.Prefault))
	a.grown++
	a.publishPlaces()
}

// leaveChunk books what the current chunk holds and steps behind it.
func (a *Arena) leaveChunk() {
	c := &a.chunks[a.cur]
	c.dirty, c.used = a.dirty, a.pos
	a.before += a.pos
	a.cur++
	a.base, a.size, a.pos = nil, 0, 0
}

// enterChunk makes chunk i current, with the cursor at pos.
func (a *Arena) enterChunk(i, pos int) {
	c := &a.chunks[i]
	a.cur, a.base, a.size, a.dirty, a.pos, a.clean = i, c.base, c.size, c.dirty, pos, pos
	a.free = shut
}
