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

// insert puts an entry behind all that are older.
func (l *list[T]) insert(e *Entry[T]) {
	after := l.last
	for after != nil && after.stamp > e.stamp {
		after = after.prev
	}
	if after == l.last {
		l.pushBack(e)
		return
	}
	e.list, e.prev = l, after
	if after != nil {
		e.next = after.next
		after.next = e
	} else {
		e.next = l.first
		l.first = e
	}
	e.next.prev = e
}

// touch gives an entry the age of now.
func (s *Stream[T]) touch(e *Entry[T]) {
	s.clock++
	e.stamp = s.clock
}
