package stream

import (
	"errors"
	"fmt"
	"iter"
	"runtime"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/extent"
)

// portion is how much is moved at once, in bytes, while frames that want to use an entry
// wait: some 20 µs.
const portion = 256 << 10

var errOnEvict = errors.New("stream: OnEvict panicked, or ended its goroutine")

// place takes memory for an entry, zeroed and with a pin, and evicts and moves others for it.
// It returns nothing when the entry or the stream was closed meanwhile, and an error where
// there is no room. The mutex is held, and let go of now and then.
func (s *Stream[T]) place(e *Entry[T]) (dst []T, shortage *diag.Error) {
	evicted := s.names[:0]
	s.names = nil
	told, checked, wiped := false, false, 0
	e.making = true
	defer func() {
		e.making = false
		s.names = evicted
		switch {
		case told:
		case dst != nil:
			s.loaded(e, errOnEvict)
		case shortage != nil && e.state != Closed:
			e.become(Absent, shortage)
		}
	}()
	for e.state != Closed && !s.closed {
		s.part()
		if ref, ok := s.space.Take(e.n, e.n); ok {
			e.ref, e.filling = ref, true
			s.space.Pin(ref)
			s.high = max(s.high, s.space.Taken())
			dst, _ = extent.Values(&s.space, ref, s.blocks)
			break
		}
		if s.space.Size()-s.space.Taken() >= e.n && s.compact() {
			s.yield()
			checked = false
			continue
		}
		if !checked && !s.possible(e) {
			shortage = s.shortage(e)
			break
		}
		checked = true
		v := s.victim(e.priority)
		if v == nil {
			shortage = s.shortage(e)
			break
		}
		s.evict(v)
		if s.config.OnEvict != nil {
			evicted = append(evicted, v.name)
		}
		if wiped += v.n * s.size(); s.pointers && wiped >= portion {
			s.yield()
			wiped, checked = 0, false
		}
	}
	s.prepare(dst, evicted)
	told = true
	return dst, shortage
}

// yield lets go of the mutex for whoever waits for it. Without the scheduler's help that
// would be taken again before they have woken up, and they wait a millisecond or more.
func (s *Stream[T]) yield() {
	s.mu.Unlock()
	runtime.Gosched()
	s.mu.Lock()
}

// prepare does for an entry that was given room, or is refused it, what must not be done
// with the mutex held. It is held again when this has ended, in whatever way.
func (s *Stream[T]) prepare(dst []T, evicted []string) {
	s.mu.Unlock()
	defer s.mu.Lock()
	clear(dst)
	for _, name := range evicted {
		s.config.OnEvict(name)
	}
}

// part frees closed entries that no frame uses any more.
func (s *Stream[T]) part() {
	for e := s.parting.first; e != nil; {
		next := e.next
		if e.settle() {
			s.parting.remove(e)
			s.free(e)
		}
		e = next
	}
}

// compact moves a portion of the entries that no frame uses together, and reports
// whether there was anything to move.
func (s *Stream[T]) compact() bool {
	for p := range s.ready {
		for e := s.ready[p].first; e != nil; e = e.next {
			e.settle()
		}
	}
	n := s.space.Compact(max(1, portion/s.size()), func(m extent.Move) {
		extent.MoveValues(s.blocks, m, s.pointers)
		s.moves++
		s.moved += uint64(m.From.Len * s.size())
	})
	return n > 0
}

// possible reports whether evictions can make room for an entry: otherwise, they would
// be in vain, and what frames use next would have to be loaded again.
func (s *Stream[T]) possible(e *Entry[T]) bool {
	room := s.space.Size() - s.space.Taken()
	for p := range s.ready {
		for x := s.ready[p].first; x != nil; x = x.next {
			if x.settle() && evictable(x, e.priority) {
				room += x.n
			}
		}
	}
	return room >= e.n && s.space.Widest() >= e.n
}

// evictable reports whether an entry that no frame uses may go for one of priority p.
func evictable[T any](e *Entry[T], p Priority) bool { return e.priority <= min(p, High) }

// victim returns the entry to evict for one of priority p, nil if there is none: the one
// unused for longest, of the lowest priority that has one no frame uses.
func (s *Stream[T]) victim(p Priority) *Entry[T] {
	for q := Low; q <= min(p, High); q++ {
		for e := s.ready[q].first; e != nil; e = e.next {
			if e.settle() {
				return e
			}
		}
	}
	return nil
}

// evict gives back the memory of a ready entry that no frame uses.
func (s *Stream[T]) evict(e *Entry[T]) {
	e.list.remove(e)
	e.become(Absent, nil)
	e.done.Store(0)
	s.evictions++
	s.free(e)
}

// free gives back an entry's memory, which has no pins.
func (s *Stream[T]) free(e *Entry[T]) {
	if s.closed { // it is the collector's
		return
	}
	if s.pointers {
		values, _ := extent.Values(&s.space, e.ref, s.blocks)
		clear(values)
	}
	s.space.Free(e.ref)
	e.ref = extent.Ref{}
}

// shortage says why there is no room for an entry.
func (s *Stream[T]) shortage(e *Entry[T]) *diag.Error {
	s.shortages++
	size, taken := s.size(), s.space.Taken()
	used, kept, loading := 0, 0, taken // which is what remains
	for x := range s.present() {
		switch {
		case x.inUse():
			used += x.n
		case !evictable(x, e.priority):
			kept += x.n
		}
		loading -= x.n
	}
	message := fmt.Sprintf("no room for entry %q of %v: it takes %d bytes; of %d, frames use %d, %d are being loaded, %d are of higher priority",
		e.name, s, e.n*size, s.space.Size()*size, used*size, loading*size, kept*size)
	help := "use less at a time, or a smaller version, or raise the stream's budget; it is tried again when a later frame wants it"
	if s.space.Size()-used-loading-kept >= e.n {
		message += fmt.Sprintf("; the others are in pieces of %d at most", s.space.Widest()*size)
	}
	return s.error(diag.FA402, message, help)
}

// present iterates over the entries that are in memory, closed ones that frames use included.
func (s *Stream[T]) present() iter.Seq[*Entry[T]] {
	return func(yield func(*Entry[T]) bool) {
		for p := range s.ready {
			for x := s.ready[p].first; x != nil; x = x.next {
				if !yield(x) {
					return
				}
			}
		}
		for x := s.parting.first; x != nil; x = x.next {
			if !yield(x) {
				return
			}
		}
	}
}
