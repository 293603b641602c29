package framealloc

import (
	"iter"
	"slices"
)

// A Ring is a queue with two ends in frame memory. Its capacity is fixed unless
// it was made growable. A full ring reports what is pushed onto it; the Overwrite
// methods drop from its other end instead, for histories and logs.
//
// Like the memory behind it, it belongs to the frame's goroutine and is gone at
// the frame's end: it is then empty, or another ring made in a later frame, and
// pushing to it panics with FA001, as for the zero Ring.
type Ring[T any] struct {
	buf  []T // of full length
	head int // where the front is
	n    int
	f    *Frame
	grow bool
}

// NewRing returns an empty ring with room for capacity elements. It panics as
// [Slice] does.
func NewRing[T any](f *Frame, capacity int) *Ring[T] {
	buf := slice[T](f, capacity, capacity, false)
	r := New[Ring[T]](f)
	r.buf, r.f = buf, f
	return r
}

// Growable lets the ring grow beyond its capacity, to a copy of twice the
// capacity, while the old memory waits for the frame's end. It returns r.
func (r *Ring[T]) Growable() *Ring[T] {
	r.grow = true
	return r
}

// Len returns the number of elements.
func (r *Ring[T]) Len() int { return r.n }

// Cap returns the number of elements that fit without growing.
func (r *Ring[T]) Cap() int { return len(r.buf) }

// PushBack adds an element behind the last. When the ring is full, and not
// growable, it panics with FA003; when it has no frame, or its frame has ended,
// with FA001. Growing panics as [Slice] does.
func (r *Ring[T]) PushBack(x T) {
	if r.n == len(r.buf) {
		r.mustHaveRoom()
	}
	r.n++
	r.buf[r.index(r.n-1)] = x
}

// TryPushBack is PushBack, but returns the error instead of a panic, and then
// leaves the ring as it was.
func (r *Ring[T]) TryPushBack(x T) error {
	if err := r.makeRoom(); err != nil {
		return err
	}
	r.PushBack(x)
	return nil
}

// OverwriteBack adds an element behind the last. When the ring is full it drops
// the front for it, whether growable or not, and returns that. It panics with
// FA003 for a ring of capacity 0, and with FA001 as PushBack does.
func (r *Ring[T]) OverwriteBack(x T) (dropped T, full bool) {
	if r.n == len(r.buf) {
		r.mustHoldSomething()
		dropped, full = r.PopFront()
	}
	r.PushBack(x)
	return dropped, full
}

// PushFront adds an element before the first. It panics as PushBack does.
func (r *Ring[T]) PushFront(x T) {
	if r.n == len(r.buf) {
		r.mustHaveRoom()
	}
	if r.head--; r.head < 0 {
		r.head = len(r.buf) - 1
	}
	r.n++
	r.buf[r.head] = x
}

// TryPushFront is PushFront, but returns the error instead of a panic, and then
// leaves the ring as it was.
func (r *Ring[T]) TryPushFront(x T) error {
	if err := r.makeRoom(); err != nil {
		return err
	}
	r.PushFront(x)
	return nil
}

// OverwriteFront is OverwriteBack for the other end: it drops the back.
func (r *Ring[T]) OverwriteFront(x T) (dropped T, full bool) {
	if r.n == len(r.buf) {
		r.mustHoldSomething()
		dropped, full = r.PopBack()
	}
	r.PushFront(x)
	return dropped, full
}

// PopFront removes the first element and returns it; ok is false when there is
// none.
func (r *Ring[T]) PopFront() (x T, ok bool) {
	if r.n == 0 {
		return x, false
	}
	slot := &r.buf[r.head]
	x, *slot = *slot, x
	if r.head++; r.head == len(r.buf) {
		r.head = 0
	}
	r.n--
	return x, true
}

// PopBack removes the last element and returns it; ok is false when there is
// none.
func (r *Ring[T]) PopBack() (x T, ok bool) {
	if r.n == 0 {
		return x, false
	}
	slot := &r.buf[r.index(r.n-1)]
	x, *slot = *slot, x
	r.n--
	return x, true
}

// Front returns the first element; ok is false when there is none.
func (r *Ring[T]) Front() (x T, ok bool) {
	if r.n == 0 {
		return x, false
	}
	return r.buf[r.head], true
}

// Back returns the last element; ok is false when there is none.
func (r *Ring[T]) Back() (x T, ok bool) {
	if r.n == 0 {
		return x, false
	}
	return r.buf[r.index(r.n-1)], true
}

// At returns element i, counted from the front. It panics as indexing a slice
// does when there is no such element.
func (r *Ring[T]) At(i int) T { return *r.Ref(i) }

// Ref returns a pointer to element i, counted from the front: until the element
// is removed or the ring grows. It panics as At does.
func (r *Ring[T]) Ref(i int) *T {
	if uint(i) >= uint(r.n) {
		_ = r.buf[:r.n:r.n][i] // the runtime's own panic
	}
	return &r.buf[r.index(i)]
}

// index returns where in buf element i is, 0 <= i < len(buf).
func (r *Ring[T]) index(i int) int {
	if i += r.head; i >= len(r.buf) {
		i -= len(r.buf)
	}
	return i
}

// Clear removes all elements and keeps the capacity.
func (r *Ring[T]) Clear() {
	clear(r.buf)
	r.head, r.n = 0, 0
}

// Slice returns the elements from front to back, moving them together within
// the ring's memory where they are in two pieces. It is a view of the ring, good
// until the ring is changed; appending to it copies it.
func (r *Ring[T]) Slice() []T {
	if end := r.head + r.n; end > len(r.buf) {
		slices.Reverse(r.buf[:r.head])
		slices.Reverse(r.buf[r.head:])
		slices.Reverse(r.buf)
		r.head = 0
	}
	return r.buf[r.head : r.head+r.n : r.head+r.n]
}

// All returns an iterator over indexes and elements, from front to back. The
// ring may change meanwhile: the iterator goes by index.
func (r *Ring[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := 0; i < r.n; i++ {
			if !yield(i, r.buf[r.index(i)]) {
				return
			}
		}
	}
}

// Values returns an iterator over the elements, from front to back. See
// [Ring.All].
func (r *Ring[T]) Values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := 0; i < r.n; i++ {
			if !yield(r.buf[r.index(i)]) {
				return
			}
		}
	}
}

// Backward returns an iterator over indexes and elements, from back to front.
// See [Ring.All].
func (r *Ring[T]) Backward() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := r.n - 1; i >= 0; i-- {
			if i < r.n && !yield(i, r.buf[r.index(i)]) {
				return
			}
		}
	}
}

func (r *Ring[T]) mustHaveRoom() {
	if err := r.makeRoom(); err != nil {
		panic(err)
	}
}

// mustHoldSomething panics for a ring that cannot hold a single element.
func (r *Ring[T]) mustHoldSomething() {
	if r.f == nil {
		panic(frameless[Ring[T]]())
	}
	if len(r.buf) == 0 {
		panic(full[Ring[T]](r.f, 0, 1, 0))
	}
}

// makeRoom makes room for another element, or says why there is none.
func (r *Ring[T]) makeRoom() error {
	switch {
	case r.f == nil:
		return frameless[Ring[T]]()
	case r.n < len(r.buf):
		return nil
	case !r.grow:
		return full[Ring[T]](r.f, r.n, 1, len(r.buf))
	}
	buf, err := trySlice[T](r.f, max(2*len(r.buf), 4), false)
	if err != nil {
		return err
	}
	front := copy(buf, r.buf[r.head:])
	copy(buf[front:], r.buf[:r.head])
	r.buf, r.head = buf, 0
	return nil
}
