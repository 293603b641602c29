//go:build !(gc && go1.25 && !go1.27 && !tinygo && !framealloc_portable)

package typeinfo

import (
	"reflect"
	"sync"
)

// Portable tells which answer this build uses.
const Portable = true

var known sync.Map // reflect.Type of *T -> bool

// HasPointers reports whether T holds pointers, for ptr = any((*T)(nil)).
func HasPointers(ptr any) bool {
	t := reflect.TypeOf(ptr)
	if has, ok := known.Load(t); ok {
		return has.(bool)
	}
	has := walk(t.Elem())
	known.Store(t, has)
	return has
}

// Size returns T's size in bytes for ptr = any((*T)(nil)).
func Size(ptr any) int { return int(reflect.TypeOf(ptr).Elem().Size()) }

// Key identifies a type: equal for equal types, usable as a map key.
type Key = any

// KeyOf returns the identity of T for ptr = any((*T)(nil)), which it is itself.
func KeyOf(ptr any) Key { return ptr }

// FromKey returns any((*T)(nil)) for T's key.
func FromKey(k Key) (ptr any) { return k }

// Hash spreads keys for a small direct-mapped table. What the table misses is
// found in a map behind it, so a poor hash costs time only.
func Hash(k Key) uintptr {
	t := reflect.TypeOf(k).Elem()
	return t.Size()>>3 + uintptr(t.Kind())
}
