package snapshot

import (
	"sync"
	"time"

	"github.com/framealloc/framealloc"
)

// A History keeps the last so many snapshots in a ring, whose memory it reuses. All methods may be called from any goroutine.
type History struct {
	observer *Observer
	every    time.Duration
	stop     func()

	mu   sync.Mutex
	ring []Snapshot
	n    int // in the ring
	next int // place of the next one
	due  time.Time
}

// NewHistory returns a History of n snapshots that fills itself: it takes one as a
// frame of the main worker begins, when at least every has passed since the last
// one; with 0, at each frame. Call Stop when it is no longer needed. It panics if n
// is not positive.
func NewHistory(o *Observer, n int, every time.Duration) *History {
	if n <= 0 {
		panic("snapshot: a history of no snapshots")
	}
	h := &History{observer: o, every: every, ring: make([]Snapshot, n)}
	main := o.alloc.Main().Name()
	h.stop = o.alloc.Observe(framealloc.Hooks{FrameBegin: func(e framealloc.FrameBegin) {
		// With number 1, no frame has ended.
		if e.Worker == main && e.Number > 1 {
			h.boundary(e.Time)
		}
	}})
	return h
}

// boundary takes a snapshot if one is due.
func (h *History) boundary(now time.Time) {
	if !h.mu.TryLock() {
		return // somebody reads: at the next boundary
	}
	defer h.mu.Unlock()
	if now.Before(h.due) {
		return
	}
	h.due = now.Add(h.every)
	h.observer.Take(&h.ring[h.next])
	h.next = (h.next + 1) % len(h.ring)
	h.n = min(h.n+1, len(h.ring))
}

// Stop ends taking. What is in the history stays. Stopping twice does nothing.
func (h *History) Stop() { h.stop() }

// Len returns how many snapshots there are.
func (h *History) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

// Latest copies into s the snapshot that was taken back snapshots before the
// last one: 0 is the last. It reports whether there is one.
func (h *History) Latest(back int, s *Snapshot) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if back < 0 || back >= h.n {
		return false
	}
	s.CopyFrom(&h.ring[(h.next-1-back+2*len(h.ring))%len(h.ring)])
	return true
}

// Snapshots returns copies of all, the oldest first.
func (h *History) Snapshots() []*Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*Snapshot, h.n)
	for i := range list {
		list[i] = new(Snapshot)
		list[i].CopyFrom(&h.ring[(h.next-h.n+i+len(h.ring))%len(h.ring)])
	}
	return list
}
