package typeinfo

import (
	"reflect"
	"testing"
	"testing/quick"
	"unsafe"
)

func TestHasPointers(t *testing.T) {
	type vec struct{ x, y, z float32 }
	type node struct {
		pos  vec
		next *node
	}
	for _, tt := range []struct {
		ptr  any
		want bool
	}{
		{(*int)(nil), false},
		{(*vec)(nil), false},
		{(*[1 << 20]vec)(nil), false},
		{(*struct{})(nil), false},
		{(*[0]*int)(nil), false},
		{(*[0]string)(nil), false},
		{(*uintptr)(nil), false},
		{(*node)(nil), true},
		{(*[3]node)(nil), true},
		{(*string)(nil), true},
		{(*[]int)(nil), true},
		{(*any)(nil), true},
		{(*func())(nil), true},
		{(*map[int]int)(nil), true},
		{(*chan int)(nil), true},
		{(*unsafe.Pointer)(nil), true},
		{(*struct {
			a [100]int
			s string
		})(nil), true},
	} {
		if got := HasPointers(tt.ptr); got != tt.want {
			t.Errorf("HasPointers(%v) = %v, want %v", Reflect(tt.ptr), got, tt.want)
		}
		if got, want := Size(tt.ptr), int(Reflect(tt.ptr).Size()); got != want {
			t.Errorf("Size(%v) = %d, want %d", Reflect(tt.ptr), got, want)
		}
	}
}

// TestRandomTypes builds struct and array types at run time and compares the
// answer with a walk over them.
func TestRandomTypes(t *testing.T) {
	leaves := []reflect.Type{
		reflect.TypeFor[int8](), reflect.TypeFor[uint16](), reflect.TypeFor[int32](), reflect.TypeFor[float64](),
		reflect.TypeFor[complex128](), reflect.TypeFor[string](), reflect.TypeFor[*int](), reflect.TypeFor[[]byte](),
		reflect.TypeFor[any](), reflect.TypeFor[struct{}](), reflect.TypeFor[[0]*int](),
	}
	build := func(shape []byte) reflect.Type {
		var fields []reflect.StructField
		for i, b := range shape {
			leaf := leaves[int(b)%len(leaves)]
			if b >= 128 {
				leaf = reflect.ArrayOf(int(b-128)%5, leaf)
			}
			fields = append(fields, reflect.StructField{Name: "F" + string(rune('A'+i%26)) + string(rune('a'+i/26)), Type: leaf})
		}
		return reflect.StructOf(fields)
	}
	if err := quick.Check(func(shape []byte) bool {
		if len(shape) > 40 {
			shape = shape[:40]
		}
		typ := build(shape)
		ptr := reflect.Zero(reflect.PointerTo(typ)).Interface()
		return HasPointers(ptr) == walk(typ) && Size(ptr) == int(typ.Size()) && Reflect(ptr) == typ
	}, nil); err != nil {
		t.Error(err)
	}
}

func TestKeyIsIdentity(t *testing.T) {
	type a struct{ x int }
	type b struct{ x int }
	if KeyOf((*a)(nil)) != KeyOf((*a)(nil)) {
		t.Error("one type has two keys")
	}
	if KeyOf((*a)(nil)) == KeyOf((*b)(nil)) {
		t.Error("two types share a key")
	}
	if got := FromKey(KeyOf((*a)(nil))); got != any((*a)(nil)) {
		t.Errorf("FromKey leads to %T", got)
	}
}
