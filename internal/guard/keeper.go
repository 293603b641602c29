package guard

import (
	"cmp"
	"slices"
	"sync"
	"unsafe"

	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Witness knows where the program is.
type Witness interface {
	// Witness returns the present place. ending says that memory is being
	// given back, not allocated.
	Witness(ending bool) Place
	// Key returns what stands for the worker whose frames count, and Clock
	// the number of its present frame.
	Key() any
	Clock() uint64
}

// A Keeper makes the allocations of one arena and keeps them until they are given
// back. It belongs to the arena's goroutine; Owns may be called from any.
type Keeper struct {
	modes      Modes
	quarantine *Quarantine
	witness    Witness

	spans []span // of pages, in use
	page  span   // the current one
	used  int    // bytes of it
	marks []mark

	mu      sync.Mutex // of what is below
	records []*Record
	sorted  []extent // of records, for Owns
	stale   bool     // sorted is not up to date
}

// A mark is a point to which the keeper can go back.
type mark struct {
	serial         uint64
	records, spans int
}

type extent struct{ from, to uintptr }

// NewKeeper returns a keeper for an arena. What is given back goes to q.
func NewKeeper(m Modes, q *Quarantine, w Witness) *Keeper {
	return &Keeper{modes: m, quarantine: q, witness: w}
}

// Modes returns what the keeper does.
func (k *Keeper) Modes() Modes { return k.modes }

// zeroSize is where all values of no size are, at an address that is nothing else's.
var zeroSize [1]uint64

// Make allocates count zeroed values of the type that t is a nil pointer to, or
// bytes if t is nil: size bytes in all, at a multiple of align.
func (k *Keeper) Make(t any, count, size, align int) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zeroSize)
	}
	r := &Record{Type: t, Count: count, Size: size, Made: k.witness.Witness(false)}
	var p unsafe.Pointer
	if k.modes.Guard && (t == nil || !typeinfo.HasPointers(t)) {
		p = k.carve(size, align)
		r.paged = p != nil
	}
	if p == nil {
		p = newObject(t, count, size, align)
		r.object = p
	}
	r.address = uintptr(p)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.records = append(k.records, r)
	k.stale = true
	return p
}

// Exempt says that the newest allocation may be referred to after its end: by
// something that checks before it looks.
func (k *Keeper) Exempt() {
	if n := len(k.records); n > 0 {
		k.records[n-1].exempt = true
	}
}

// Mark remembers the present point under a serial. What is made after it shares
// no page with what was made before.
func (k *Keeper) Mark(serial uint64) {
	k.cut()
	k.marks = append(k.marks, mark{serial, len(k.records), len(k.spans)})
}

// Rollback gives back everything made since the mark of the serial.
func (k *Keeper) Rollback(serial uint64) {
	n := len(k.marks)
	for n > 0 && k.marks[n-1].serial > serial {
		n--
	}
	m := mark{} // older than the keeper: all of it
	if n > 0 && k.marks[n-1].serial == serial {
		m = k.marks[n-1]
	}
	k.marks = k.marks[:n]
	k.retire(m, Rollback)
}

// Retire gives everything back.
func (k *Keeper) Retire(why Why) {
	k.marks = k.marks[:0]
	k.retire(mark{}, why)
}

func (k *Keeper) retire(to mark, why Why) {
	k.close()
	if len(k.records) == to.records {
		return
	}
	gone := k.witness.Witness(true)
	b := batch{
		key: k.witness.Key(), clock: k.witness.Clock(), gone: gone, modes: k.modes,
		records: slices.Clone(k.records[to.records:]), spans: slices.Clone(k.spans[to.spans:]),
	}
	k.spans = k.spans[:to.spans]
	k.mu.Lock()
	clear(k.records[to.records:])
	k.records = k.records[:to.records]
	k.stale = true
	k.mu.Unlock()
	for _, r := range b.records {
		r.Gone, r.Why = &b.gone, why
	}
	k.quarantine.take(&b)
}

// Owns reports whether the address lies in something that the keeper has made
// and that was not given back. It may be called from any goroutine.
func (k *Keeper) Owns(p uintptr) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stale {
		k.sorted = k.sorted[:0]
		for _, r := range k.records {
			k.sorted = append(k.sorted, extent{r.address, r.address + uintptr(r.Size)})
		}
		slices.SortFunc(k.sorted, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
		k.stale = false
	}
	i, found := slices.BinarySearchFunc(k.sorted, p, func(e extent, p uintptr) int { return cmp.Compare(e.from, p) })
	return found || i > 0 && p < k.sorted[i-1].to
}

// carve takes bytes from the keeper's pages, or returns nil where there are none
// to be had.
func (k *Keeper) carve(size, align int) unsafe.Pointer {
	from := k.fit(align)
	if k.page.base == nil || size > k.page.size-from {
		k.close()
		k.page = k.quarantine.span(size + max(align-8, 0))
		if k.page.base == nil {
			return nil
		}
		from = k.fit(align)
	}
	k.used = (from + size + 7) &^ 7
	return unsafe.Add(k.page.base, from)
}

// fit returns the offset of the next multiple of align in the current span.
func (k *Keeper) fit(align int) int {
	mask := uintptr(max(align, 8) - 1)
	base := uintptr(k.page.base)
	return int((base+uintptr(k.used)+mask)&^mask - base)
}

// close books the current span.
func (k *Keeper) close() {
	if k.page.base != nil {
		k.spans = append(k.spans, k.page)
		k.page, k.used = span{}, 0
	}
}

// cut books the used pages of the current span; the rest is a span of its own.
func (k *Keeper) cut() {
	if k.page.base == nil || k.used == 0 {
		return
	}
	used := min(roundToPages(k.used), k.page.size)
	head, rest := k.page.split(used)
	k.spans = append(k.spans, head)
	k.page, k.used = rest, 0
	if rest.size == 0 {
		k.page = span{}
	}
}
