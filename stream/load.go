package stream

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/framealloc/framealloc/diag"
)

// A LoadFunc fills an entry's values, which are zero at first. It is called on a
// goroutine of the stream's, with dst as long as the entry; what it returns an error for, or
// panics in, has failed ([Entry.Err]). It may say how far it is by [Entry.Progressed].
// ctx is done when the stream or the entry is closed. dst must not be kept. A load must not
// close the stream, which waits for it; one that waits for another entry takes up one of
// [Config.Loads] meanwhile.
type LoadFunc[T any] func(ctx context.Context, e *Entry[T], dst []T) error

// staff sees to it that somebody works on the queue. The mutex is held.
func (s *Stream[T]) staff() {
	if s.loaders < s.config.Loads {
		s.loaders++
		s.idle.Add(1)
		go s.loader()
	}
}

// loader loads what is queued until there is nothing more.
func (s *Stream[T]) loader() {
	s.mu.Lock()
	returned := false
	defer func() {
		if s.loaders--; !returned && !s.closed { // what it called has ended the goroutine
			s.staff()
		}
		s.mu.Unlock()
		s.idle.Done()
	}()
	for e := s.dequeue(); e != nil; e = s.dequeue() {
		dst, shortage := s.place(e)
		switch {
		case shortage != nil:
			s.miss(e, shortage)
		case dst != nil && e.state == Closed:
			s.loaded(e, nil)
		case dst != nil:
			s.fill(e, dst)
		}
	}
	returned = true
}

// miss reports that there is no room for an entry that was queued. The mutex is held, and
// let go of meanwhile.
func (s *Stream[T]) miss(e *Entry[T], shortage *diag.Error) {
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if e.state == Queued { // and not closed meanwhile
			e.become(Absent, shortage)
		}
	}()
	s.report(shortage)
}

// dequeue returns the next entry to be loaded.
func (s *Stream[T]) dequeue() *Entry[T] {
	for p := int(Critical); p >= 0 && !s.closed; p-- {
		if e := s.queue[p].first; e != nil {
			e.list.remove(e)
			return e
		}
	}
	return nil
}

var errGoexit = errors.New("stream: the load ended its goroutine")

// fill has an entry loaded. The mutex is held, and let go of meanwhile.
func (s *Stream[T]) fill(e *Entry[T], dst []T) {
	ctx, cancel := context.WithCancel(s.ctx)
	e.cancel = cancel
	e.become(Loading, nil)
	s.mu.Unlock()
	err := errGoexit
	defer func() {
		s.mu.Lock()
		cancel()
		e.cancel = nil
		s.loaded(e, err)
	}()
	err = e.call(ctx, dst)
}

// call calls the entry's function, and makes an error of a panic.
func (e *Entry[T]) call(ctx context.Context, dst []T) (err error) {
	defer func() {
		if p := recover(); p != nil {
			cause, ok := p.(error)
			if !ok {
				cause = fmt.Errorf("%v", p)
			}
			err = fmt.Errorf("stream: loading %q panicked: %w\n%s", e.name, cause, debug.Stack())
		}
	}()
	return e.load(ctx, e, dst)
}

// loaded ends the filling of an entry. The mutex is held.
func (s *Stream[T]) loaded(e *Entry[T], err error) {
	e.filling = false
	s.space.Unpin(e.ref)
	switch {
	case e.state == Closed:
		s.free(e)
	case err != nil:
		s.failures++
		s.free(e)
		e.become(Failed, err)
	default:
		s.loads++
		e.done.Store(int64(e.n))
		s.touch(e)
		s.ready[e.priority].pushBack(e)
		e.become(Ready, nil)
	}
}
