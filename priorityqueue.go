package framealloc

import "iter"

// A PriorityQueue gives out its elements smallest first, by the order that it
// was made with; elements of the same rank come in no particular order, but in
// the same one each time. Its capacity is fixed unless it was made growable.
//
// Like the memory behind it, it belongs to the frame's goroutine and is gone at
// the frame's end: it is then empty, or another queue made in a later frame, and
// pushing to it panics with FA001, as for the zero PriorityQueue.
type PriorityQueue[T any] struct {
	heap  []T
	less  func(a, b T) bool
	moved func(x T, at int)
	f     *Frame
	grow  bool
}

// arity is the number of children of a place in the heap. Four measured a tenth
// faster than two up to some thousand elements, and alike beyond: the tree is half
// as high, and the children lie side by side.
const arity = 4

// NewPriorityQueue returns an empty queue with room for capacity elements. less
// reports whether a comes before b. A function that refers to no local variables
// costs nothing; one that does is a closure, which Go keeps on the heap. It panics
// as [Slice] does.
func NewPriorityQueue[T any](f *Frame, capacity int, less func(a, b T) bool) *PriorityQueue[T] {
	heap := slice[T](f, 0, capacity, false)
	q := New[PriorityQueue[T]](f)
	q.heap, q.less, q.f = heap, less, f
	return q
}

// Growable lets the queue grow beyond its capacity, as [Vec.Growable] does. It
// returns q.
func (q *PriorityQueue[T]) Growable() *PriorityQueue[T] {
	q.grow = true
	return q
}

// Track makes the queue tell where each element is: moved is called whenever
// one comes to another place, with the place for [PriorityQueue.Fix] and
// [PriorityQueue.Remove], and with -1 when it leaves the queue. Track the queue
// before the first push; moved must not use the queue. It returns q.
func (q *PriorityQueue[T]) Track(moved func(x T, at int)) *PriorityQueue[T] {
	q.moved = moved
	return q
}

// Len returns the number of elements.
func (q *PriorityQueue[T]) Len() int { return len(q.heap) }

// Cap returns the number of elements that fit without growing.
func (q *PriorityQueue[T]) Cap() int { return cap(q.heap) }

// Push adds an element. When the queue is full, and not growable, it panics with
// FA003; when it has no frame, or its frame has ended, with FA001. Growing panics
// as [Slice] does.
func (q *PriorityQueue[T]) Push(x T) {
	if err := q.TryPush(x); err != nil {
		panic(err)
	}
}

// TryPush is Push, but returns the error instead of a panic, and then leaves the
// queue as it was.
func (q *PriorityQueue[T]) TryPush(x T) error {
	if len(q.heap) == cap(q.heap) {
		if err := q.makeRoom(); err != nil {
			return err
		}
	}
	q.heap = append(q.heap, x)
	q.up(len(q.heap)-1, x)
	return nil
}

// Peek returns the smallest element; ok is false when there is none.
func (q *PriorityQueue[T]) Peek() (x T, ok bool) {
	if len(q.heap) == 0 {
		return x, false
	}
	return q.heap[0], true
}

// Pop removes the smallest element and returns it; ok is false when there is
// none.
func (q *PriorityQueue[T]) Pop() (x T, ok bool) {
	if len(q.heap) == 0 {
		return x, false
	}
	return q.Remove(0), true
}

// Fix restores the order after the element at a place has changed its rank. See
// [PriorityQueue.Track] for places; it panics as indexing a slice does when there
// is none of that number.
func (q *PriorityQueue[T]) Fix(at int) {
	x := q.heap[at]
	if !q.up(at, x) {
		q.down(at, x)
	}
}

// Remove removes the element at a place and returns it. See
// [PriorityQueue.Fix].
func (q *PriorityQueue[T]) Remove(at int) T {
	removed := q.heap[at]
	n := len(q.heap) - 1
	last := q.heap[n]
	clear(q.heap[n:])
	q.heap = q.heap[:n]
	if at < n && !q.up(at, last) {
		q.down(at, last)
	}
	if q.moved != nil {
		q.moved(removed, -1)
	}
	return removed
}

// Clear removes all elements and keeps the capacity.
func (q *PriorityQueue[T]) Clear() {
	if q.moved != nil {
		for _, x := range q.heap {
			q.moved(x, -1)
		}
	}
	clear(q.heap)
	q.heap = q.heap[:0]
}

// Slice returns the elements, place by place, the smallest first and the others
// in no useful order. It is a view of the queue, good until the queue is changed;
// appending to it copies it.
func (q *PriorityQueue[T]) Slice() []T { return q.heap[:len(q.heap):len(q.heap)] }

// Values returns an iterator over the elements in the order of Slice. The queue
// must not change meanwhile.
func (q *PriorityQueue[T]) Values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, x := range q.heap {
			if !yield(x) {
				return
			}
		}
	}
}

// Drain returns an iterator that pops until the queue is empty. More may be
// pushed meanwhile: it is the loop of a search.
func (q *PriorityQueue[T]) Drain() iter.Seq[T] {
	return func(yield func(T) bool) {
		for len(q.heap) > 0 {
			if !yield(q.Remove(0)) {
				return
			}
		}
	}
}

// up puts x where it belongs on the way from a place to the root, and reports
// whether that is another place.
func (q *PriorityQueue[T]) up(at int, x T) bool {
	from := at
	for at > 0 {
		parent := (at - 1) / arity
		if !q.less(x, q.heap[parent]) {
			break
		}
		q.put(at, q.heap[parent])
		at = parent
	}
	q.put(at, x)
	return at != from
}

// down puts x where it belongs on the way from a place to the leaves.
func (q *PriorityQueue[T]) down(at int, x T) {
	heap := q.heap
	for {
		first := at*arity + 1
		if first >= len(heap) {
			break
		}
		least := first
		for child := first + 1; child < min(first+arity, len(heap)); child++ {
			if q.less(heap[child], heap[least]) {
				least = child
			}
		}
		if !q.less(heap[least], x) {
			break
		}
		q.put(at, heap[least])
		at = least
	}
	q.put(at, x)
}

func (q *PriorityQueue[T]) put(at int, x T) {
	q.heap[at] = x
	if q.moved != nil {
		q.moved(x, at)
	}
}

// makeRoom makes room for another element, or says why there is none.
func (q *PriorityQueue[T]) makeRoom() error {
	if q.f != nil && !q.grow {
		return full[PriorityQueue[T]](q.f, len(q.heap), 1, cap(q.heap))
	}
	heap, err := regrow[PriorityQueue[T]](q.f, q.heap, 1)
	if err == nil {
		q.heap = heap
	}
	return err
}
