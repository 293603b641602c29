package arena

import (
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// spill makes what r asks for on the heap, zeroed.
func spill(r Request) unsafe.Pointer {
	if r.Type == nil {
		// Enough for any alignment that AlignedBytes allows is asked for by
		// the caller, in Size.
		return unsafe.Pointer(unsafe.SliceData(make([]uint64, r.Size/8+1)))
	}
	t := typeinfo.Reflect(r.Type)
	if r.Count == 1 {
		return reflect.New(t).UnsafePointer()
	}
	return reflect.MakeSlice(reflect.SliceOf(t), r.Count, r.Count).UnsafePointer()
}
