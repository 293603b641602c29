package guard

import (
	"reflect"
	"unsafe"
	"weak"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// minWords is the size in words of the smallest object: below two words the
// runtime has pointer-free objects share a block, which then lives for as long as
// any of them.
const minWords = 4

// newObject makes an object of the heap that is all the record's own.
func newObject(t any, count, size, align int) unsafe.Pointer {
	if t == nil || !typeinfo.HasPointers(t) {
		words := make([]uint64, max(minWords, (size+align-1)/8+1))
		p := unsafe.Pointer(unsafe.SliceData(words))
		return unsafe.Add(p, int(-uintptr(p)&uintptr(align-1)))
	}
	typ := typeinfo.Reflect(t)
	if count == 1 {
		return reflect.New(typ).UnsafePointer()
	}
	return reflect.MakeSlice(reflect.SliceOf(typ), count, count).UnsafePointer()
}

// dropped is an object that the library does not hold any more.
type dropped struct{ weak weak.Pointer[byte] }

// drop lets go of the record's object.
func (r *Record) drop() {
	if r.object != nil {
		r.dropped.weak = weak.Make((*byte)(r.object))
		r.object = nil
	}
}

// reachable reports whether a dropped object is still there.
func (r *Record) reachable() bool { return r.dropped.weak.Value() != nil }

// values returns the record's values as a slice, whose clearing the collector
// learns of. The record must still hold its object.
func (r *Record) values() reflect.Value {
	return reflect.SliceAt(typeinfo.Reflect(r.Type), r.object, r.Count)
}

// clear drops what the record's values with pointers refer to.
func (r *Record) clear() {
	if r.Type != nil && typeinfo.HasPointers(r.Type) {
		r.values().Clear()
	}
}
