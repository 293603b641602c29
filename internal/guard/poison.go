package guard

import (
	"bytes"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// Damage is a write to memory that was given back.
type Damage struct {
	*Record
	Offset int    // of the first byte that was changed
	Bytes  []byte // what is there now, from Offset on: eight at most
}

// poison fills the record's object.
func (r *Record) poison() {
	if r.object == nil {
		return
	}
	pointers := r.Type != nil && typeinfo.HasPointers(r.Type)
	if pointers {
		r.values().Clear()
	}
	r.walk(func(b []byte, plain bool) bool {
		if plain {
			fill(b)
		} else if !pointers {
			clear(b) // booleans
		}
		return true
	})
}

// inspect returns where the fill was changed since poison.
func (r *Record) inspect() (d Damage, found bool) {
	if r.object == nil {
		return d, false
	}
	r.walk(func(b []byte, plain bool) bool {
		want := byte(0)
		if plain {
			want = Fill
		}
		if i := firstOther(b, want); i >= 0 {
			from := int(uintptr(unsafe.Pointer(&b[i])) - r.address)
			d, found = Damage{Record: r, Offset: from, Bytes: bytes.Clone(b[i:min(len(b), i+8)])}, true
		}
		return !found
	})
	return d, found
}

// walk calls fn for the pieces of the record's memory in ascending order, until
// it returns false: plain ones, which any bytes may be written to, and those that
// must stay zero.
func (r *Record) walk(fn func(b []byte, plain bool) bool) {
	all := unsafe.Slice((*byte)(r.object), r.Size)
	if r.Type == nil {
		fn(all, true)
		return
	}
	t := typeinfo.Reflect(r.Type)
	if k := kindOf(t); k != mixed {
		fn(all, k == plain)
		return
	}
	size := int(t.Size())
	for i := range r.Count {
		if !pieces(t, all[i*size:(i+1)*size], fn) {
			return
		}
	}
}

// pattern is what fill copies.
var pattern = bytes.Repeat([]byte{Fill}, 4096)

func fill(b []byte) {
	for len(b) > 0 {
		b = b[copy(b, pattern):]
	}
}

// zeros is what memory that was cleared is compared with.
var zeros [4096]byte

// firstOther returns the index of the first byte of b that is not want, Fill or
// 0, or -1.
func firstOther(b []byte, want byte) int {
	like := pattern
	if want == 0 {
		like = zeros[:]
	}
	for from := 0; from < len(b); from += len(like) {
		part := b[from:min(from+len(like), len(b))]
		if bytes.Equal(part, like[:len(part)]) {
			continue
		}
		for i, x := range part {
			if x != want {
				return from + i
			}
		}
	}
	return -1
}
