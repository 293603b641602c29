// Package typeinfo answers, for a type that is only known as a type argument,
// the two questions every allocation asks: how large is it, and does it hold
// pointers.
//
// Types travel as a nil pointer to them in an interface, any((*T)(nil)): such a
// value costs nothing to make (its data word is nil and its type word a
// constant), whatever the size of T. An interface that holds a T itself would
// have to copy it.
//
// # Invariant
//
// [HasPointers] must never answer false for a type with pointers: the arena
// would put it into memory that the collector does not scan, and the objects it
// points to would be freed under it. The fast answer reads the runtime's type
// descriptor, whose layout is no part of Go's compatibility promise. So it is
// compiled only by the gc compiler, for the Go versions that it was tested on
// (see the build line of descriptor.go), checks itself against reflect when the
// program starts, and gives way to the portable answer everywhere else. The
// build tag framealloc_portable forces the portable answer.
package typeinfo

import "reflect"

// Reflect returns T's reflect.Type for ptr = any((*T)(nil)).
func Reflect(ptr any) reflect.Type { return reflect.TypeOf(ptr).Elem() }

// walk reports whether a value of t holds anything that the collector must see.
func walk(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return false
	case reflect.Array:
		return t.Len() > 0 && walk(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if walk(t.Field(i).Type) {
				return true
			}
		}
		return false
	default:
		return true
	}
}
