package stream

// A list links entries, each of which is in one at most.
type list[T any] struct {
	first, last *Entry[T]
}

func (l *list[T]) pushBack(e *Entry[T]) {
	e.list, e.prev, e.next = l, l.last, nil
	if l.last != nil {
		l.last.next = e
	} else {
		l.first = e
	}
	l.last = e
}

func (l *list[T]) remove(e *Entry[T]) {
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		l.first = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		l.last = e.prev
	}
	e.list, e.prev, e.next = nil, nil, nil
}

func (l *list[T]) toBack(e *Entry[T]) {
	if l.last != e {
		l.remove(e)
		l.pushBack(e)
	}
}
