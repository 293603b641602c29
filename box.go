package framealloc

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Box is a pooled T whose every access is checked: a Box that was freed, or
// any copy of it, is recognized also after its memory has been given to another.
// It is two words; copy it freely. The pointer that Get returns is not checked:
// use it and drop it.
//
// A Box belongs to one goroutine at a time. Free is for the one that owns the
// worker which the Box came from; any other frees it by FreeFrom.
type Box[T any] struct {
	slot *boxed[T]
	gen  uint64
}

// boxed is what a Box refers to. gen counts the frees, and never falls back: a
// Box is good as long as it has the same. Whoever counts it up owns the slot alone,
// so that of two goroutines that free one Box, one is told. While the slot is out,
// pool is where it goes back to.
type boxed[T any] struct {
	value T
	gen   atomic.Uint64
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
	return Box[T]{s, s.gen.Load()}
}

// Get returns the value. It panics with FA606 when the Box was freed, and for
// the zero Box.
func (b Box[T]) Get() *T { return b.get(staleBox) }

// get takes its slow path as a parameter for the inliner's sake.
func (b Box[T]) get(stale func(typ any, zero bool)) *T {
	if b.slot == nil || b.slot.gen.Load() != b.gen {
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
func (b Box[T]) Valid() bool { return b.slot != nil && b.slot.gen.Load() == b.gen }

// Free gives the value back to the pool. No copy of the Box is valid from then
// on. It panics with FA208 when the Box was freed before, and for the zero Box,
// and with FA207 when the worker is closed.
func (b Box[T]) Free() {
	if !b.claim() {
		panic(boxMistake(diag.FA208, (*Box[T])(nil), b.slot == nil))
	}
	b.put()
}

// FreeFrom is Free for a goroutine that may not own the worker which the Box came
// from. src is what that goroutine has: a worker or frame of its own, or nil. If
// it is of the Box's worker, the value goes back to the pool at once, else into
// the worker's queue, to be taken in as its next frames begin; see
// [DeferredConfig]. When the worker is closed, the memory is left to the
// collector. A Box from a fork goes to the queue of the worker that was forked.
//
// However many goroutines free one Box at the same time, one succeeds, and the
// others panic with FA208. With FA204 it panics when the queue is full and its
// policy is [FailWhenFull]; the Box then is still valid.
func (b Box[T]) FreeFrom(src Source) {
	if err := b.freeFrom(src); err != nil {
		panic(err)
	}
}

// TryFreeFrom is FreeFrom, but returns the error instead of a panic. It panics
// with FA207 when src's is the Box's worker and closed.
func (b Box[T]) TryFreeFrom(src Source) error {
	if err := b.freeFrom(src); err != nil {
		return err
	}
	return nil
}

func (b Box[T]) freeFrom(src Source) *diag.Error {
	if !b.claim() {
		return boxMistake(diag.FA208, (*Box[T])(nil), b.slot == nil)
	}
	s := b.slot
	w := s.pool.w
	if src != nil && src.worker() == w {
		b.put()
		return nil
	}
	alarm, err := w.addDeferred(s.pool.depot, unsafe.Pointer(s))
	if err != nil {
		s.gen.Store(b.gen)
	} else if alarm != nil {
		w.alloc.reporter.Report(*alarm)
	}
	return err
}

// claim makes the slot the caller's, unless the Box was freed.
func (b Box[T]) claim() bool { return b.slot != nil && b.slot.gen.CompareAndSwap(b.gen, b.gen+1) }

// put puts a slot that was claimed into its pool.
func (b Box[T]) put() {
	s := b.slot
	p := s.pool
	if p.n >= len(p.items) {
		b.putSlow(p)
		return
	}
	s.clear()
	p.items[p.n] = unsafe.Pointer(s)
	p.n++
}

// putSlow leaves the Box valid where the pool refuses it.
func (b Box[T]) putSlow(p *pool) {
	done := false
	defer func() {
		if !done {
			b.slot.gen.Store(b.gen)
		}
	}()
	putSlow(p, unsafe.Pointer(b.slot))
	done = true
}

// clear readies the slot for its next user.
func (s *boxed[T]) clear() {
	var zero T // not *new(T): that is made on the stack and copied with memmove
	s.value = zero
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
	message := fmt.Sprintf("a %s %s after it was freed", nameOf(typeinfo.Reflect(typ)), what)
	if zero {
		message = fmt.Sprintf("a zero %s %s: it was not made by PoolBox", nameOf(typeinfo.Reflect(typ)), what)
	}
	return &diag.Error{Diagnostic: diag.Diagnostic{Code: code, Message: message, Help: help, PC: diag.CallerPC()}}
}

func boxKind[T any]() poolKind {
	k := kindOf[boxed[T]]()
	k.typ = (*Box[T])(nil) // what the program knows it as
	k.clear = func(p unsafe.Pointer) { (*boxed[T])(p).clear() }
	k.zero = func(p unsafe.Pointer) bool { return reflect.ValueOf(&(*boxed[T])(p).value).Elem().IsZero() }
	return k
}
