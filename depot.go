package framealloc

import (
	"sync"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A depot holds the free objects of one type that no worker keeps for itself,
// in whole magazines: the scheme of Bonwick and Adams, "Magazines and Vmem:
// Extending the Slab Allocator to Many CPUs and Arbitrary Resources", USENIX 2001.
// A worker has two magazines for each type, the loaded one and the previous one,
// and comes here when neither will do, which is once in a magazine's length at
// most, however its gets and puts alternate. So this lock, the only one in the
// pools, is taken seldom, and objects that one worker only gets and another only
// puts travel back in bulk, without anything being allocated.
//
// The magazines hold untyped pointers. That is safe because a depot belongs to
// one type, [Pool] lets only that type in, and an unsafe.Pointer keeps what it
// points to alive as any pointer does.
type depot struct {
	kind     poolKind
	key      typeinfo.Key // of the type; zero for byte buffers
	capacity int          // objects in a magazine; 0 in debug, where ledger takes their place
	ledger   *ledger

	mu    sync.Mutex
	full  *magazine // a stack; those that closed workers left may be partly full
	empty *magazine // a stack
	count int       // objects in full
}

// A magazine is a stack of free objects.
type magazine struct {
	items []unsafe.Pointer // of full length; what lies above n is stale
	n     int              // not up to date while a pool works on items
	next  *magazine
}

// maxMagazineBytes bounds what a magazine of large objects holds: fewer of
// them, but at least minMagazine.
const (
	maxMagazineBytes = 256 * KiB
	minMagazine      = 4
	defaultMagazine  = 64
)

func newDepot(a *Allocator, k poolKind) *depot {
	if a.Modes()&ModeDebug != 0 {
		return &depot{kind: k, ledger: newLedger()}
	}
	n := a.config.PoolMagazine
	if n == 0 {
		n = defaultMagazine
	}
	if k.size > 0 {
		n = min(n, max(minMagazine, maxMagazineBytes/k.size))
	}
	return &depot{kind: k, capacity: n}
}

func (d *depot) newMagazine() *magazine {
	return &magazine{items: make([]unsafe.Pointer, d.capacity)}
}

// takeFull trades an empty magazine for a full one, or returns nil and leaves
// the caller its own.
func (d *depot) takeFull(empty *magazine) *magazine {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.full
	if m == nil {
		return nil
	}
	d.full = m.next
	d.count -= m.n
	empty.next = d.empty
	d.empty = empty
	return m
}

// takeEmpty trades a magazine with objects for an empty one.
func (d *depot) takeEmpty(full *magazine) *magazine {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.push(full)
	m := d.empty
	if m == nil {
		return d.newMagazine()
	}
	d.empty = m.next
	return m
}

// give takes a magazine in, whatever it holds.
func (d *depot) give(m *magazine) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m.n > 0 {
		d.push(m)
		return
	}
	m.next = d.empty
	d.empty = m
}

// adopt takes in one cleared object.
func (d *depot) adopt(x unsafe.Pointer) {
	if d.ledger != nil {
		d.shelve(x)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.full
	if m == nil || m.n == len(m.items) {
		if m = d.empty; m != nil {
			d.empty = m.next
		} else {
			m = d.newMagazine()
		}
		m.n = 0
		d.push(m)
	}
	m.items[m.n] = x
	m.n++
	d.count++
}

// forget leaves an object that was retired to the collector.
func (d *depot) forget(x unsafe.Pointer) {
	if d.ledger == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.ledger.objects, x)
}

func (d *depot) push(m *magazine) {
	m.next = d.full
	d.full = m
	d.count += m.n
}

// free returns the number of free objects in the depot.
func (d *depot) free() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ledger != nil {
		return len(d.ledger.free)
	}
	return d.count
}

// trim leaves the free objects to the collector.
func (d *depot) trim() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full, d.empty, d.count = nil, nil, 0
	if d.ledger != nil {
		d.ledger.trim()
	}
}
