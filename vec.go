package framealloc

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// A Vec is a list in frame memory. Its capacity is fixed, so that a loop that
// runs away is reported and not fed, unless it was made growable:
//
//	hits := framealloc.NewVec[Contact](frame, 128)
//	path := framealloc.NewVec[Node](frame, 32).Growable()
//
// Like the memory behind it, it belongs to the frame's goroutine and is gone at
// the frame's end: it is then empty, or another list made in a later frame, and
// pushing to it panics with FA001, as for the zero Vec.
type Vec[T any] struct {
	s    []T
	f    *Frame
	grow bool
}

// NewVec returns an empty list with room for capacity elements. It panics as
// [Slice] does.
func NewVec[T any](f *Frame, capacity int) *Vec[T] {
	s := slice[T](f, 0, capacity, false)
	v := New[Vec[T]](f)
	v.s, v.f = s, f
	return v
}

// Growable lets the list grow beyond its capacity, into more frame memory: in
// place while it is the frame's newest allocation, otherwise to a copy of twice
// the capacity, while the old memory waits for the frame's end. It returns v.
func (v *Vec[T]) Growable() *Vec[T] {
	v.grow = true
	return v
}

// Len returns the number of elements.
func (v *Vec[T]) Len() int { return len(v.s) }

// Cap returns the number of elements that fit without growing.
func (v *Vec[T]) Cap() int { return cap(v.s) }

// Push adds an element at the end. When the list is full, and not growable, it
// panics with FA003; when it has no frame, or its frame has ended, with FA001.
// Growing panics as [Slice] does.
func (v *Vec[T]) Push(x T) {
	if len(v.s) == cap(v.s) {
		v.mustHaveRoom()
	}
	v.s = append(v.s, x)
}

// TryPush is Push, but returns the error instead of a panic, and then leaves the
// list as it was.
func (v *Vec[T]) TryPush(x T) error {
	if err := v.makeRoom(1); err != nil {
		return err
	}
	v.s = append(v.s, x)
	return nil
}

// PushMany adds elements at the end, all of them or, when it panics as Push
// does, none.
func (v *Vec[T]) PushMany(values ...T) {
	if err := v.makeRoom(len(values)); err != nil {
		panic(err)
	}
	v.s = append(v.s, values...)
}

// TryPushMany is PushMany, but returns the error instead of a panic.
func (v *Vec[T]) TryPushMany(values ...T) error {
	if err := v.makeRoom(len(values)); err != nil {
		return err
	}
	v.s = append(v.s, values...)
	return nil
}

// Pop removes the last element and returns it; ok is false when there is none.
func (v *Vec[T]) Pop() (x T, ok bool) {
	n := len(v.s) - 1
	if n < 0 {
		return x, false
	}
	x = v.s[n]
	v.cut(n)
	return x, true
}

// At returns element i. Like all that take an index, it panics as indexing a
// slice does when there is no such element.
func (v *Vec[T]) At(i int) T { return v.s[i] }

// Set replaces element i.
func (v *Vec[T]) Set(i int, x T) { v.s[i] = x }

// Ref returns a pointer to element i. It is good until elements are inserted or
// removed before i, or the list grows.
func (v *Vec[T]) Ref(i int) *T { return &v.s[i] }

// Insert puts x before element i, or at the end for i = Len. The elements from i
// on move up. It panics as Push does.
func (v *Vec[T]) Insert(i int, x T) {
	_ = v.s[i:] // the index first: a full list shall not hide a wrong one
	if err := v.makeRoom(1); err != nil {
		panic(err)
	}
	v.s = slices.Insert(v.s, i, x)
}

// Remove removes element i and returns it. The elements behind it move down;
// where their order does not matter, [Vec.SwapRemove] is cheaper.
func (v *Vec[T]) Remove(i int) T {
	x := v.s[i]
	copy(v.s[i:], v.s[i+1:])
	v.cut(len(v.s) - 1)
	return x
}

// SwapRemove removes element i and returns it; the last element takes its place.
func (v *Vec[T]) SwapRemove(i int) T {
	n := len(v.s) - 1
	x := v.s[i]
	v.s[i] = v.s[n]
	v.cut(n)
	return x
}

// Truncate removes all elements from n on. It panics as slicing does when there
// are fewer than n.
func (v *Vec[T]) Truncate(n int) {
	_ = v.s[:n:len(v.s)]
	v.cut(n)
}

// Clear removes all elements and keeps the capacity.
func (v *Vec[T]) Clear() { v.cut(0) }

// cut shortens the list to n elements and drops what the others referred to.
func (v *Vec[T]) cut(n int) {
	clear(v.s[n:])
	v.s = v.s[:n]
}

// Slice returns the elements, to sort, search or change in place. It is a view
// of the list, good as long as a [Vec.Ref] is; appending to it copies it.
func (v *Vec[T]) Slice() []T { return v.s[:len(v.s):len(v.s)] }

// All returns an iterator over indexes and elements, in order. The list may
// change meanwhile: the iterator goes by index.
func (v *Vec[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := 0; i < len(v.s); i++ {
			if !yield(i, v.s[i]) {
				return
			}
		}
	}
}

// Values returns an iterator over the elements, in order. See [Vec.All].
func (v *Vec[T]) Values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := 0; i < len(v.s); i++ {
			if !yield(v.s[i]) {
				return
			}
		}
	}
}

// Backward returns an iterator over indexes and elements, the last one first;
// removing the element that it stands on is fine.
func (v *Vec[T]) Backward() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := len(v.s) - 1; i >= 0; i-- {
			if i < len(v.s) && !yield(i, v.s[i]) {
				return
			}
		}
	}
}

// mustHaveRoom is Push's slow path.
//
//go:noinline
func (v *Vec[T]) mustHaveRoom() {
	if err := v.makeRoom(1); err != nil {
		panic(err)
	}
}

// makeRoom makes room for n more elements, or says why there is none.
func (v *Vec[T]) makeRoom(n int) error {
	if n <= cap(v.s)-len(v.s) && v.f != nil {
		return nil
	}
	if v.f != nil && !v.grow {
		return full[Vec[T]](v.f, len(v.s), n, cap(v.s))
	}
	s, err := regrow[Vec[T]](v.f, v.s, n)
	if err == nil {
		v.s = s
	}
	return err
}

// regrow returns the backing of a collection with room for n more elements,
// which hold anything. It grows in place or moves. C is the collection's type.
func regrow[C, T any](f *Frame, s []T, n int) ([]T, error) {
	if f == nil {
		return nil, frameless[C]()
	}
	if n > arena.MaxBytes-len(s) {
		return nil, f.badLength(n, n, int(unsafe.Sizeof(*new(T))))
	}
	need := len(s) + n
	if err := checkLength[T](f, need, need); err != nil {
		return nil, err
	}
	if grown, ok := arena.Extend(&f.mem, s, max(need, min(2*cap(s), cap(s)+1024))); ok {
		return grown, nil
	}
	grown, err := trySlice[T](f, max(need, 2*cap(s), 4), false)
	if err != nil {
		return nil, err
	}
	copy(grown, s)
	return grown[:len(s)], nil
}

// full is the report of a push past a collection's fixed capacity.
func full[C any](f *Frame, have, more, capacity int) error {
	e := f.diagnose(diag.FA003,
		fmt.Sprintf("%v is full: %d more pushed onto %d, with a capacity of %d", reflect.TypeFor[C](), more, have, capacity),
		"give it the capacity that the worst frame needs, make it growable with .Growable(), or use the Try form")
	if f.mem.Closed() {
		e.Note = fmt.Sprintf("its frame %d has ended", f.number)
	}
	return e
}

// frameless is the report of using a collection that no frame stands behind.
func frameless[C any]() error {
	name := reflect.TypeFor[C]().String()
	constructor, _, _ := strings.Cut(strings.TrimPrefix(name, "framealloc."), "[")
	return &diag.Error{Diagnostic: diag.Diagnostic{
		Code: diag.FA001, PC: diag.CallerPC(),
		Message: name + " used without a frame: it is a zero value, or its frame has ended",
		Help:    "make it with framealloc.New" + constructor + " in the frame that uses it, and do not keep it beyond",
	}}
}
