package arena

import (
	"math/bits"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// MaxBytes is the largest request that an arena considers at all. Beyond it
// sizes could not be added without overflow.
const MaxBytes = maxChunk

// fastLength is the number of elements up to which [Make] looks at the window
// first. With sizes that fit into memory the product stays far from an overflow on
// 64 bits; on 32 bits it might not, and there every slice takes the longer way.
const fastLength = (32 << 10) * (bits.UintSize / 64)

// Make returns a slice of n zeroed elements. A length that is none is the door's to
// refuse. It is one call: 80 nodes do not hold a whole fast path for slices, so that
// New's trick would not help.
func Make[T any](a *Arena, n int) []T {
	at := a.free
	end := at + n*int(unsafe.Sizeof(*new(T)))
	if uint(n) > fastLength || end > 0 || typeinfo.HasPointers((*T)(nil)) {
		a.checkLength((*T)(nil), n)
		return Slice[T](a, n, n, true)
	}
	a.free = round(end)
	a.count++
	return unsafe.Slice((*T)(unsafe.Add(a.end, at)), n)
}

// MakeUninit is Make without zeroing, for types without pointers.
func MakeUninit[T any](a *Arena, n int) []T {
	size := int(unsafe.Sizeof(*new(T)))
	at := a.pos + a.free // the cursor, where there is a window
	if uint(n) > uint((a.size-at)/max(size, 1)) || a.free > 0 || a.limit != maxInt || typeinfo.HasPointers((*T)(nil)) {
		a.checkLength((*T)(nil), n)
		return Slice[T](a, n, n, false)
	}
	a.free += round(n * size)
	a.count++
	if a.free > 0 { // beyond the window: an empty one follows
		a.pos, a.free = a.pos+a.free, 0
		a.end = unsafe.Add(a.base, a.pos)
		a.dirty = max(a.dirty, a.pos)
	}
	return unsafe.Slice((*T)(unsafe.Add(a.base, at)), n)
}

// checkLength has the door refuse a length that is none.
func (a *Arena) checkLength(t any, n int) {
	if size := typeinfo.Size(t); n < 0 || size > 0 && n > MaxBytes/size {
		a.door.Ask(Request{Why: Length, Type: t, Count: n})
		panic("arena: the door admitted a length that is none")
	}
}

// Slice returns a slice of length n and capacity c, 0 <= n <= c, whose bytes
// the caller has checked against MaxBytes. Its elements up to the capacity are
// zero, except that without zero those of a pointer-free type are arbitrary. It
// returns nil where the door refused.
func Slice[T any](a *Arena, n, c int, zero bool) []T {
	t := any((*T)(nil))
	size := c * int(unsafe.Sizeof(*new(T)))
	var p unsafe.Pointer
	switch {
	case typeinfo.HasPointers(t):
		if c == 0 {
			if _, carve := a.admit(Request{Type: t}); !carve && a.closed {
				return nil
			}
			return []T{}
		}
		p = a.typed(a.slabOf(t), c)
	case a.free <= 0 && round(size) <= -a.free:
		p = unsafe.Add(a.end, a.free)
		a.free += round(size)
		a.count++
	default:
		p = a.raw(Request{Type: t, Count: c, Size: round(size)}, 1, zero)
	}
	if p == nil {
		return nil
	}
	return unsafe.Slice((*T)(p), c)[:n]
}

// Bytes returns n zeroed bytes at a multiple of align, a power of two, or nil
// where the door refused.
func Bytes(a *Arena, n, align int) []byte {
	pad := a.padAhead(round(n), align)
	used := a.Used()
	p := a.raw(Request{Count: n, Size: round(n), Align: align, Pad: pad}, align, true)
	a.giveBack(min(0, used+round(n)-a.Used())) // the padding
	if p == nil {
		return nil
	}
	return unsafe.Slice((*byte)(p), n)
}

// FullCap returns the largest capacity that takes no more memory than c does:
// pointer-free memory is handed out in granules of 8 bytes.
func FullCap[T any](c int) int {
	size := int(unsafe.Sizeof(*new(T)))
	if size == 0 || size >= 8 || typeinfo.HasPointers((*T)(nil)) {
		return c
	}
	return round(c*size) / size
}

// Extend lengthens the capacity of s to at least c in place and reports
// whether that was possible: s must be the arena's newest allocation, with a
// full capacity (see FullCap: the rest of its last granule may be another
// slice's), and there must be room behind it. The new elements are zero.
func Extend[T any](a *Arena, s []T, c int) ([]T, bool) {
	size := int(unsafe.Sizeof(*new(T)))
	if cap(s) == 0 || size == 0 || a.barred() || cap(s) != FullCap[T](cap(s)) {
		return s, false
	}
	start := unsafe.Pointer(unsafe.SliceData(s))
	if t := any((*T)(nil)); typeinfo.HasPointers(t) {
		if !a.extendTyped(t, start, cap(s)*size, c-cap(s)) {
			return s, false
		}
	} else {
		have := round(cap(s) * size)
		if !a.extendRaw(start, have, round(c*size)-have) {
			return s, false
		}
		c = FullCap[T](c)
	}
	return unsafe.Slice((*T)(start), c)[:len(s)], true
}

// endsAt reports whether the have bytes at start lie in the block at base and end
// at offset at. Addresses are compared as numbers: a slice that was spilled to the
// heap must not get a pointer made behind its end, where another object or
// nothing may be.
func endsAt(base unsafe.Pointer, at int, start unsafe.Pointer, have int) bool {
	return base != nil && have <= at && uintptr(start) == uintptr(base)+uintptr(at-have)
}

func (a *Arena) extendTyped(t any, start unsafe.Pointer, have, n int) bool {
	s := a.slabOf(t)
	bytes := n * s.size
	if !endsAt(s.base, s.at, start, have) || bytes > s.end-s.at || !a.fits(bytes) {
		return false
	}
	a.reach(Request{Type: t, Count: n, Size: bytes, Grow: true}, nil)
	s.at += bytes
	a.slabBytes += bytes
	a.trim()
	return true
}

// fits reports whether n bytes more stay within the limit, where necessary without
// the windows of runs, which hold memory that nobody uses.
func (a *Arena) fits(n int) bool {
	if n <= a.hardRoom() {
		return true
	}
	a.closeRuns()
	return n <= a.hardRoom()
}

func (a *Arena) extendRaw(start unsafe.Pointer, have, n int) bool {
	if !endsAt(a.base, a.cursor(), start, have) {
		return false
	}
	if a.free <= 0 && n <= -a.free {
		a.free += n
		return true
	}
	if n > a.size-a.cursor() || !a.fits(n) {
		return false
	}
	a.raw(Request{Count: n, Size: n, Grow: true}, 1, true)
	a.count-- // it is still the same allocation
	return true
}

// String returns a copy of s in the arena, or "" where the door refused, which
// ok tells.
func String(a *Arena, s string) (copied string, ok bool) {
	b := MakeUninit[byte](a, len(s))
	if b == nil {
		return "", false
	}
	copy(b, s)
	return unsafe.String(unsafe.SliceData(b), len(b)), true
}

// View returns b's bytes as a string without copying. They must not change
// while the string is in use.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Try runs an allocation that prefers refusal to a panic.
func (a *Arena) Try(on bool) { a.try = on }
