package arena

import (
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// spill makes what r asks for on the heap, zeroed.
func spill(r Request) unsafe.Pointer {
	if r.Type == nil {
		p := unsafe.Pointer(unsafe.SliceData(make([]uint64, (r.Size+r.Align)/8+1)))
		return unsafe.Add(p, -uintptr(p)&uintptr(max(r.Align, 1)-1))
	}
	t := typeinfo.Reflect(r.Type)
	if r.Count == 1 {
		return reflect.New(t).UnsafePointer()
	}
	return reflect.MakeSlice(reflect.SliceOf(t), r.Count, r.Count).UnsafePointer()
}
