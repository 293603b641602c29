//go:build gc && go1.25 && !go1.27 && !tinygo && !framealloc_portable

package typeinfo

import (
	"fmt"
	"reflect"
	"unsafe"
)

// Portable tells which answer this build uses.
const Portable = false

// descriptor mirrors the head that every type descriptor of the gc runtime
// begins with, and pointerDescriptor that of a pointer type.
type descriptor struct {
	size     uintptr
	ptrBytes uintptr // how far into a value the collector looks; 0: nothing to see
	_        uint32  // hash
	_        [4]uint8
	_        func(unsafe.Pointer, unsafe.Pointer) bool
	_        *byte
	_        int32
	_        int32
}

type pointerDescriptor struct {
	descriptor
	elem *descriptor
}

// HasPointers reports whether T holds pointers, for ptr = any((*T)(nil)).
// Inlined where T is known it is one compare with a constant address: the
// linker resolves both loads, and the compiler folds the interface away.
func HasPointers(ptr any) bool {
	return (*(**pointerDescriptor)(unsafe.Pointer(&ptr))).elem.ptrBytes != 0
}

// Size returns T's size in bytes for ptr = any((*T)(nil)).
func Size(ptr any) int {
	return int((*(**pointerDescriptor)(unsafe.Pointer(&ptr))).elem.size)
}

// Key identifies a type: equal for equal types, usable as a map key.
type Key = unsafe.Pointer

// KeyOf returns the identity of T for ptr = any((*T)(nil)).
func KeyOf(ptr any) Key { return *(*unsafe.Pointer)(unsafe.Pointer(&ptr)) }

// FromKey returns any((*T)(nil)) for T's key.
func FromKey(k Key) (ptr any) {
	*(*unsafe.Pointer)(unsafe.Pointer(&ptr)) = k
	return ptr
}

// Hash spreads keys for a small direct-mapped table. A key is the descriptor of a
// pointer type, about 64 bytes long, and the linker puts those of one package side
// by side: dividing by 64 gives them slots side by side.
func Hash(k Key) uintptr { return uintptr(k) >> 6 }

func init() {
	if err := check(); err != nil {
		panic(err)
	}
}

// check compares the descriptor's answers with reflect's on one type of every
// kind. It costs about a microsecond, once.
func check() error {
	type mixed struct {
		a int8
		b string
		c [3]int64
	}
	for _, ptr := range []any{
		(*bool)(nil), (*int8)(nil), (*int64)(nil), (*uintptr)(nil), (*float32)(nil), (*complex128)(nil),
		(*string)(nil), (*[]byte)(nil), (**int)(nil), (*map[int]int)(nil), (*chan int)(nil), (*func())(nil),
		(*any)(nil), (*error)(nil), (*unsafe.Pointer)(nil),
		(*[0]*int)(nil), (*[7]uint16)(nil), (*[2]*int)(nil), (*struct{})(nil), (*mixed)(nil), (*[5]mixed)(nil),
		(*struct {
			a [40]float64
			_ *byte
		})(nil),
	} {
		t := reflect.TypeOf(ptr).Elem()
		if HasPointers(ptr) != walk(t) || Size(ptr) != int(t.Size()) {
			return fmt.Errorf("framealloc: this Go runtime lays out type descriptors in a way that "+
				"framealloc does not know (type %v); build with -tags framealloc_portable and please report it", t)
		}
	}
	return nil
}
