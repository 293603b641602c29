package guard

import (
	"runtime"
	"slices"
	"sync"
)

// A Quarantine holds what the arenas of one allocator gave back, in the order in
// which they did. All methods may be called from any goroutine.
type Quarantine struct {
	mu      sync.Mutex
	frames  uint64 // how long memory stays out of use
	batches []*batch
	bytes   int // in batches, out of use
	most    int // of them
	free    store
	err     error // why pages could not be had or protected, once
	told    bool
	closed  bool
}

// A batch is what was given back at once.
type batch struct {
	key     any    // the worker's
	clock   uint64 // the frame of that worker in which it was
	gone    Place
	modes   Modes
	records []*Record // by address, where they are in pages
	spans   []span
	bytes   int
	due     bool // may be used again
	asked   bool // it is known who still refers to it
}

// maxBytes bounds what stays out of use at once, records included: beyond it the
// oldest goes early.
const maxBytes = 256 << 20

// recordSize is what a record itself takes, roughly.
const recordSize = 512

// NewQuarantine returns an empty quarantine that keeps memory out of use for the
// given number of frames.
func NewQuarantine(frames int) *Quarantine {
	return &Quarantine{frames: uint64(frames), most: maxBytes}
}

// take adds a batch.
func (q *Quarantine) take(b *batch) {
	for _, r := range b.records {
		b.bytes += r.Size + recordSize
		switch {
		case r.object == nil || r.Why == Closing:
			// In pages, or good for as long as somebody has it.
		case b.modes.Poison:
			r.poison()
		default:
			r.clear()
		}
		switch {
		case b.modes.Escape:
			r.drop()
		case !b.modes.Poison:
			r.object = nil
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	b.spans = joined(b.spans)
	for _, s := range b.spans {
		q.note(deny(s.bytes()))
	}
	if q.closed {
		leave(b.spans)
		return
	}
	q.batches = append(q.batches, b)
	q.bytes += b.bytes
	for _, old := range q.batches[:len(q.batches)-1] {
		if q.bytes <= q.most {
			break
		}
		q.release(old)
		old.asked = true
	}
	q.forget()
}

// note keeps the first error, for Err.
func (q *Quarantine) note(err error) {
	if q.err == nil {
		q.err = err
	}
}

// Err returns, once, why pages could not be had or protected, if so.
func (q *Quarantine) Err() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.told || q.err == nil {
		return nil
	}
	q.told = true
	return q.err
}

// release declares that a batch may be used again.
func (q *Quarantine) release(b *batch) {
	if !b.due {
		b.due = true
		q.bytes -= b.bytes
		for _, r := range b.records {
			r.object = nil
		}
	}
}

// forget drops the batches that nobody needs any more. Those in pages are kept
// for Find until their pages are used again.
func (q *Quarantine) forget() {
	q.batches = slices.DeleteFunc(q.batches, func(b *batch) bool {
		return b.due && len(b.spans) == 0 && (b.asked || !b.modes.Escape)
	})
}

// Advance tells that a frame of the key's worker has begun: what has been out of
// use for long enough may be used again.
func (q *Quarantine) Advance(key any, frame uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.batches {
		if b.key == key && frame > b.clock+q.frames {
			q.release(b)
		}
	}
	q.forget()
}

// Forget tells that the key's worker is closed, or wants nothing more to be
// looked for.
func (q *Quarantine) Forget(key any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.batches {
		if b.key == key {
			q.release(b)
			b.asked = true
		}
	}
	q.forget()
}

// Close leaves the pages to other allocators. What has not been given back stays
// as it is.
func (q *Quarantine) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	var left []span
	for _, b := range q.batches {
		left = append(left, b.spans...)
	}
	leave(append(left, q.free.spans...))
	q.free, q.batches, q.bytes, q.closed = store{}, nil, 0, true
}

// span returns accessible and zero pages of at least size bytes; its base is nil
// where there are none to be had.
func (q *Quarantine) span(size int) span {
	size = max(roundToPages(size), spanSize)
	q.mu.Lock()
	defer q.mu.Unlock()
	s, ok := q.free.take(size)
	for i := 0; !ok && i < len(q.batches); i++ {
		if b := q.batches[i]; b.due && len(b.spans) > 0 {
			q.free.put(b.spans)
			b.spans = nil
			s, ok = q.free.take(size)
		}
	}
	if !ok {
		q.forget()
		var err error
		if s, err = fresh(size); err != nil {
			q.note(err)
			return span{}
		}
	}
	if err := allow(s.bytes()); err != nil {
		q.note(err)
		leave([]span{s})
		return span{}
	}
	return s
}

// Find returns the allocation that was at an address and was given back. between
// is true when the address lies beside it, in its page.
func (q *Quarantine) Find(p uintptr) (r *Record, between bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range slices.Backward(q.batches) {
		if !slices.ContainsFunc(b.spans, func(s span) bool { return s.contains(p) }) {
			continue
		}
		for _, x := range b.records {
			if x.contains(p) {
				return x, false
			}
			if x.paged && x.address <= p && (r == nil || x.address > r.address) {
				r = x
			}
		}
		return r, true
	}
	return nil, false
}

// Holds reports whether an address lies in memory that was given back.
func (q *Quarantine) Holds(p uintptr) bool {
	r, _ := q.Find(p)
	return r != nil
}

// Inspect looks for writes to what the key's worker gave back, and mends them, so
// that each is found once.
func (q *Quarantine) Inspect(key any) (found []Damage) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range q.batches {
		if b.key != key || !b.modes.Poison || b.due {
			continue
		}
		for _, r := range b.records {
			if d, ok := r.inspect(); ok {
				found = append(found, d)
				r.poison()
			}
		}
	}
	return found
}

// Pending reports whether there is anything that Escaped would look at.
func (q *Quarantine) Pending(key any) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.ContainsFunc(q.batches, func(b *batch) bool { return b.key == key && b.modes.Escape && !b.asked })
}

// Escaped returns what the key's worker gave back since the last call and is
// still referred to. It runs the collector: a second time if something was found,
// for the collector also goes by what the registers of a goroutine held by chance.
func (q *Quarantine) Escaped(key any) (found []*Record) {
	q.mu.Lock()
	for _, b := range q.batches {
		if b.key == key && b.modes.Escape && !b.asked {
			b.asked = true
			for _, r := range b.records {
				if r.dropped != (dropped{}) && !r.exempt {
					found = append(found, r)
				}
			}
		}
	}
	q.forget()
	q.mu.Unlock()
	for range 2 {
		if len(found) == 0 {
			break
		}
		runtime.GC()
		found = slices.DeleteFunc(found, func(r *Record) bool { return !r.reachable() })
	}
	return found
}
