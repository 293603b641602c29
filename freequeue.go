package framealloc

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// A freeQueue holds the pool objects that other goroutines gave back to a
// worker, until the worker takes them in: its pools are its own, and nobody else
// ever touches them. Any goroutine adds, the worker takes.
//
// It is a ring under a lock, which is held for a few stores: a list without a
// lock would need a node for each object, since pooled objects have no room for
// one. The queue knows nothing of the worker but its name, so that it does not
// keep a worker that was dropped.
type freeQueue struct {
	_       [64]byte     // not on a cache line with what the worker works on
	pending atomic.Int64 // objects in the ring; what the worker looks at as a frame begins

	mu      sync.Mutex
	ring    []queuedFree // a power of two long
	head, n int
	closed  bool
	retired bool // the allocator has added the figures to its own

	queued, processed, dropped uint64

	// bypassed counts the objects that left the ring by another way than
	// through the worker's pools, which have yet to count them as put.
	bypassed map[*depot]int

	alarmed bool             // FA204 was reported and the queue not half emptied since
	alarm   *diag.Diagnostic // for the worker's observers

	config DeferredConfig
	owner  string // name of the worker
	alloc  *Allocator
	_      [64]byte
}

// queuedFree is an object on its way back. It is cleared already.
type queuedFree struct {
	depot *depot
	x     unsafe.Pointer
}

func newFreeQueue(a *Allocator, owner string) *freeQueue {
	return &freeQueue{config: a.config.Deferred, owner: owner, alloc: a}
}

// add clears x and queues it, or, when the queue is full or x is not out, returns
// an error and leaves x as it is. The caller passes alarm to the reporter, if
// there is one.
func (q *freeQueue) add(d *depot, x unsafe.Pointer) (alarm *diag.Diagnostic, err *diag.Error) {
	if d.ledger != nil {
		if err := d.retire(q.owner, x); err != nil {
			return nil, err
		}
	}
	failing := q.config.Policy == FailWhenFull
	if !failing {
		d.kind.clear(x) // it may be large: not under the lock
	}
	q.mu.Lock()
	if !q.closed && q.full() && failing {
		q.mu.Unlock()
		d.unretire(x)
		return nil, q.overflow(d)
	}
	if failing {
		d.kind.clear(x)
	}
	defer q.mu.Unlock()
	if q.closed {
		d.forget(x)
		q.queued++
		q.dropped++
		if q.retired {
			q.alloc.droppedLate.Add(1)
		}
		return nil, nil
	}
	if q.full() {
		q.makeRoom()
	}
	q.push(queuedFree{d, x})
	q.queued++
	return q.sound(), nil
}

func (q *freeQueue) full() bool { return q.config.Capacity > 0 && q.n >= q.config.Capacity }

// makeRoom does what the policy says about a queue that is full.
func (q *freeQueue) makeRoom() {
	switch q.config.Policy {
	case DropOldest:
		e := q.pop()
		e.depot.forget(e.x)
		q.dropped++
		q.bypass(e.depot)
	case ProcessImmediately:
		for q.n > 0 {
			e := q.pop()
			e.depot.adopt(e.x)
			q.processed++
			q.bypass(e.depot)
		}
	}
}

func (q *freeQueue) bypass(d *depot) {
	if q.bypassed == nil {
		q.bypassed = make(map[*depot]int)
	}
	q.bypassed[d]++
}

// sound returns a diagnostic when the queue has just passed three quarters of
// its capacity.
func (q *freeQueue) sound() *diag.Diagnostic {
	c := q.config.Capacity
	if c == 0 || q.alarmed || q.n < c-c/4 {
		return nil
	}
	q.alarmed = true
	d := diag.Diagnostic{
		Code: diag.FA204, Worker: q.owner, PC: diag.CallerPC(),
		Message: fmt.Sprintf("queue of deferred frees of worker %q holds %d of %d objects; when it is full it will %s",
			q.owner, q.n, c, [...]string{"grow", "drop the oldest", "refuse more", "pass them to the shared pool"}[q.config.Policy&3]),
	}
	d = d.Complete()
	q.alarm = &d
	return &d
}

func (q *freeQueue) overflow(d *depot) *diag.Error {
	return diag.NewError(diag.Diagnostic{
		Code: diag.FA204, Worker: q.owner, PC: diag.CallerPC(),
		Message: fmt.Sprintf("a %v freed for worker %q, whose queue of deferred frees is full: it holds %d objects", d.kind, q.owner, q.config.Capacity),
	}, nil)
}

func (q *freeQueue) push(e queuedFree) {
	if q.n == len(q.ring) {
		grown := make([]queuedFree, max(16, 2*len(q.ring)))
		k := copy(grown, q.ring[q.head:])
		copy(grown[k:], q.ring[:q.head])
		q.ring, q.head = grown, 0
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = e
	q.n++
	q.pending.Store(int64(q.n))
}

func (q *freeQueue) pop() queuedFree {
	e := q.ring[q.head]
	q.ring[q.head] = queuedFree{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	q.pending.Store(int64(q.n))
	return e
}

// take moves up to len(to) objects, the oldest first, out of the queue. It also
// tells whether takeBypassed has something to tell.
func (q *freeQueue) take(to []queuedFree) (n int, bypassed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n = min(len(to), q.n)
	for i := range n {
		to[i] = q.pop()
	}
	q.processed += uint64(n)
	if q.n <= q.config.Capacity/2 {
		q.alarmed = false
	}
	return n, len(q.bypassed) > 0
}

// takeBypassed calls fn for each depot with the number of its objects that left
// otherwise.
func (q *freeQueue) takeBypassed(fn func(*depot, int)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for d, n := range q.bypassed {
		fn(d, n)
	}
	clear(q.bypassed)
}

// takeAlarm returns the last alarm, once.
func (q *freeQueue) takeAlarm() *diag.Diagnostic {
	q.mu.Lock()
	defer q.mu.Unlock()
	d := q.alarm
	q.alarm = nil
	return d
}

// close has everything that is added from now on dropped. What is queued stays.
func (q *freeQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

func (q *freeQueue) stats() DeferredStats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.figures()
}

func (q *freeQueue) figures() DeferredStats {
	return DeferredStats{Queued: q.queued, Processed: q.processed, Dropped: q.dropped, Pending: q.n}
}

// retire closes the queue, drops what it holds, and returns its figures for the
// allocator to keep, which from then on counts what is dropped itself.
func (q *freeQueue) retire() DeferredStats {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.retired = true, true
	for q.n > 0 {
		e := q.pop()
		e.depot.forget(e.x)
		q.dropped++
	}
	return q.figures()
}
