package framealloc

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Box is a pooled T whose every access is checked: a Box that was freed, or
// any copy of it, is recognized also after its memory has been given to another.
// It is two words; copy it freely. The pointer that Get returns is not checked:
// use it and drop it.
//
// Get and Free belong to the goroutine that owns the worker which the Box came
// from.
type Box[T any] struct {
	slot *boxed[T]
	gen  uint64
}

// boxed is what a Box refers to. gen counts the frees, and never falls back: a
// Box is good as long as it has the same. While the slot is out, pool is where it
// goes back to.
type boxed[T any] struct {
	value T
	gen   uint64
	pool  *pool
}

// PoolBox returns a Box with a zeroed T from the pool of src's worker. It panics
// with FA207 when the worker is closed.
func PoolBox[T any](src Source) Box[T] {
	p := poolFor(src, typeinfo.KeyOf((*boxed[T])(nil)))
	if p == nil {
		p = newPoolFor(src, typeinfo.KeyOf((*boxed[T])(nil)), boxKind[T])
	}
	s := (*boxed[T])(p.pop(getSlow))
	s.pool = p
	return Box[T]{s, s.gen}
}

// Get returns the value. It panics with FA606 when the Box was freed, and for
// the zero Box.
func (b Box[T]) Get() *T { return b.get(staleBox) }

// get takes its slow path as a parameter for the inliner's sake.
func (b Box[T]) get(stale func(typ any, zero bool)) *T {
	if b.slot == nil || b.slot.gen != b.gen {
		stale((*Box[T])(nil), b.slot == nil)
	}
	return &b.slot.value
}

// TryGet is Get, but returns the error instead of a panic.
func (b Box[T]) TryGet() (*T, error) {
	if !b.Valid() {
		return nil, boxMistake(diag.FA606, (*Box[T])(nil), b.slot == nil)
	}
	return &b.slot.value, nil
}

// Valid reports whether the Box was made by [PoolBox] and not freed.
func (b Box[T]) Valid() bool { return b.slot != nil && b.slot.gen == b.gen }

// Free gives the value back to the pool. No copy of the Box is valid from then
// on. It panics with FA208 when the Box was freed before, and for the zero Box,
// and with FA207 when the worker is closed.
func (b Box[T]) Free() {
	s := b.slot
	if !b.Valid() {
		panic(boxMistake(diag.FA208, (*Box[T])(nil), s == nil))
	}
	p := s.pool
	if p.n >= len(p.items) {
		putSlow(p, unsafe.Pointer(s))
		return
	}
	s.retire()
	p.items[p.n] = unsafe.Pointer(s)
	p.n++
}

// retire clears the slot for its next user and outdates all Boxes for it.
func (s *boxed[T]) retire() {
	s.value = *new(T)
	s.gen++
	s.pool = nil // or a slot in the depot would keep a closed worker
}

// staleBox panics.
func staleBox(typ any, zero bool) { panic(boxMistake(diag.FA606, typ, zero)) }

// boxMistake describes the misuse of a Box; typ is a nil pointer to its type.
func boxMistake(code diag.Code, typ any, zero bool) *diag.Error {
	what, help := "used", "check Valid or use TryGet where a Box may outlive its Free"
	if code == diag.FA208 {
		what, help = "freed", "free a Box once; its copies are invalid from then on"
	}
	message := fmt.Sprintf("a %v %s after it was freed", typeinfo.Reflect(typ), what)
	if zero {
		message = fmt.Sprintf("a zero %v %s: it was not made by PoolBox", typeinfo.Reflect(typ), what)
	}
	return &diag.Error{Diagnostic: diag.Diagnostic{Code: code, Message: message, Help: help, PC: diag.CallerPC()}}
}

func boxKind[T any]() poolKind {
	k := kindOf[boxed[T]]()
	k.clear = func(p unsafe.Pointer) { (*boxed[T])(p).retire() }
	k.zero = func(p unsafe.Pointer) bool { return reflect.ValueOf(&(*boxed[T])(p).value).Elem().IsZero() }
	return k
}
