package guard

import (
	"reflect"
	"strconv"
	"sync"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// kind says what may be written to a value of a type that nobody owns any more.
type kind uint8

const (
	plain kind = iota // any bytes
	blank             // only zero
	mixed             // its parts differ
)

var kinds sync.Map // reflect.Type to kind

// kindOf returns the type's kind. Blank is whatever the runtime or the compiler
// trusts: pointers, the headers of strings, slices and interfaces with their
// lengths and types, and booleans.
func kindOf(t reflect.Type) kind {
	if t.Size() == 0 {
		return plain
	}
	switch t.Kind() {
	case reflect.Array:
		return kindOf(t.Elem())
	case reflect.Struct:
		if k, ok := kinds.Load(t); ok {
			return k.(kind)
		}
		k := kindOfFields(t)
		kinds.Store(t, k)
		return k
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return plain
	}
	return blank
}

func kindOfFields(t reflect.Type) kind {
	var have [mixed + 1]bool
	for i := range t.NumField() {
		if f := t.Field(i).Type; f.Size() > 0 {
			have[kindOf(f)] = true
		}
	}
	switch {
	case have[mixed] || have[plain] && have[blank]:
		return mixed
	case have[blank]:
		return blank
	}
	return plain
}

// pieces calls fn for the parts of a value of type t in b, until it returns
// false, and reports whether it never did.
func pieces(t reflect.Type, b []byte, fn func(b []byte, plain bool) bool) bool {
	if k := kindOf(t); k != mixed {
		return fn(b, k == plain)
	}
	if t.Kind() == reflect.Array {
		size := int(t.Elem().Size())
		for i := range t.Len() {
			if !pieces(t.Elem(), b[i*size:(i+1)*size], fn) {
				return false
			}
		}
		return true
	}
	for i := range t.NumField() {
		f := t.Field(i)
		from, size := int(f.Offset), int(f.Type.Size())
		if size > 0 && !pieces(f.Type, b[from:from+size], fn) {
			return false
		}
	}
	return true
}

// Field returns what of the record's values lies at an offset, as one would write
// it behind the value's name: "[3].Pos.X"; "" where the value has no parts.
func (r *Record) Field(offset int) string {
	if r.Type == nil {
		return index(offset)
	}
	t := typeinfo.Reflect(r.Type)
	size := int(t.Size())
	path := ""
	if r.Count > 1 {
		if size == 0 || offset >= r.Count*size {
			return ""
		}
		path = index(offset / size)
		offset %= size
	}
	return path + field(t, offset)
}

func field(t reflect.Type, offset int) string {
	switch t.Kind() {
	case reflect.Array:
		if size := int(t.Elem().Size()); size > 0 && offset < int(t.Size()) {
			return index(offset/size) + field(t.Elem(), offset%size)
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if from := int(f.Offset); offset >= from && offset < from+int(f.Type.Size()) {
				return "." + f.Name + field(f.Type, offset-from)
			}
		}
	}
	return ""
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }
