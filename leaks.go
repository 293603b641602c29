package framealloc

import (
	"maps"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/framealloc/framealloc/diag"
)

// Leaks returns what was taken since [ModeLeaks] was switched on and has not been
// given back: objects and buffers of pools, boxes, scratches made with [NewScratch]
// and groups, handles, transfers, and what [Track] was told of. Without the mode it returns
// an empty report. The bytes of scratches and groups are those of their last Stats.
//
// It may be called at any time and from any goroutine; two reports tell what has
// grown between them, see [LeakReport.Since]. At [Allocator.Close] whatever is left
// then is reported as FA609, by place. What was taken before the mode was on is
// unknown to it.
func (a *Allocator) Leaks() *LeakReport { return a.leaks.report() }

// Track books something that has to be given back, for code that hands out
// resources of its own: textures, sounds, connections. kind and name say what it
// is, bytes what it takes; where it comes from is the caller's place. In
// [ModeLeaks] it is among the leaks until Release is called; otherwise Track does
// nothing, in a few nanoseconds.
//
// It belongs to the goroutine of src's worker.
func Track(src Source, kind, name string, bytes int) Tracked {
	w := src.worker()
	if !w.alloc.leaks.on.Load() {
		return Tracked{}
	}
	return w.alloc.leaks.track(w, leakKey{kind: kind, name: name}, bytes, nil)
}

// Tracked is what [Track] has booked. The zero Tracked is of nothing.
type Tracked struct {
	table *leakTable
	id    uint64
}

// Release says that it was given back. It may be called from any goroutine;
// the second time it does nothing.
func (t Tracked) Release() {
	if t.table != nil {
		t.table.release(leakID{id: t.id})
	}
}

// leakTable is what an allocator knows of what is out, in ModeLeaks.
type leakTable struct {
	on    atomic.Bool
	live  atomic.Int64 // records, so that who puts asks no lock for nothing
	mu    sync.Mutex
	last  uint64 // id given
	out   map[leakID]leakRecord
	sites map[leakKey]*leakKey // known places, once each
	lost  map[*leakKey]leakRecord
}

// leakID is an object's address, which keeps nothing alive, or a number.
type leakID struct {
	object uintptr
	id     uint64
}

// leakKey is a place, and what was taken there.
type leakKey struct {
	kind string
	typ  any // nil pointer to the type of a pool's objects
	name string
	tag  string
	pcs  [24]uintptr
}

// leakRecord is one object, or what was lost of one place.
type leakRecord struct {
	key     *leakKey
	scratch weak.Pointer[Scratch]
	objects int
	bytes   int
	frame   uint64
}

// switchTo begins or ends the bookkeeping.
func (t *leakTable) switchTo(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if on == t.on.Load() {
		return
	}
	t.on.Store(on)
	t.live.Store(0)
	t.out, t.sites, t.lost = nil, nil, nil
	if on {
		t.out, t.sites, t.lost = make(map[leakID]leakRecord), make(map[leakKey]*leakKey), make(map[*leakKey]leakRecord)
	}
}

// track books something that has no address.
func (t *leakTable) track(w *Worker, k leakKey, bytes int, s *Scratch) Tracked {
	runtime.Callers(2, k.pcs[:])
	k.tag = w.tags.path()
	r := leakRecord{objects: 1, bytes: bytes, frame: w.number}
	if s != nil {
		r.scratch = weak.Make(s)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.on.Load() {
		return Tracked{}
	}
	t.last++
	t.book(leakID{id: t.last}, &k, r)
	return Tracked{t, t.last}
}

// taken books an object of a pool.
func (t *leakTable) taken(w *Worker, p *poolKind, x unsafe.Pointer) {
	if p.size == 0 {
		return // all of them are in one place
	}
	k := leakKey{kind: "pool", typ: p.typ, tag: w.tags.path()}
	if p.bytes {
		k.kind, k.typ, k.name = "buffer", nil, "up to "+strconv.Itoa(p.size)+" bytes"
	}
	runtime.Callers(2, k.pcs[:])
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on.Load() {
		t.book(leakID{object: uintptr(x)}, &k, leakRecord{objects: 1, bytes: p.size, frame: w.number})
	}
}

func (t *leakTable) book(id leakID, k *leakKey, r leakRecord) {
	r.key = t.sites[*k]
	if r.key == nil {
		r.key = k
		t.sites[*k] = k
	}
	if old, ok := t.out[id]; ok { // the collector took it: nobody can give it back any more
		sum := t.lost[old.key]
		if sum.objects == 0 {
			sum = leakRecord{key: old.key, frame: old.frame}
		}
		sum.objects++
		sum.bytes += old.bytes
		t.lost[old.key] = sum
	}
	t.out[id] = r
	t.live.Store(int64(len(t.out)))
}

// put takes an object off the books, and returns what was known of it.
func (t *leakTable) put(x unsafe.Pointer) (r leakRecord, known bool) {
	if t.live.Load() == 0 {
		return r, false
	}
	return t.release(leakID{object: uintptr(x)})
}

func (t *leakTable) release(id leakID) (r leakRecord, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, known = t.out[id]
	delete(t.out, id)
	t.live.Store(int64(len(t.out)))
	return r, known
}

// keep undoes put.
func (t *leakTable) keep(x unsafe.Pointer, r leakRecord) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on.Load() {
		t.out[leakID{object: uintptr(x)}] = r
		t.live.Store(int64(len(t.out)))
	}
}

// report sums up what is out.
func (t *leakTable) report() *LeakReport {
	t.mu.Lock()
	out, lost := maps.Clone(t.out), maps.Clone(t.lost)
	t.mu.Unlock()
	b := leakBook{sites: make(map[leakPlace]*LeakSite)}
	for _, r := range out {
		if s := r.scratch.Value(); s != nil {
			r.bytes = s.Published().Used
		}
		b.add(r, false)
	}
	for _, r := range lost {
		b.add(r, true)
	}
	return b.report()
}

// reportLeaks reports each place with leaks, at Close.
func (a *Allocator) reportLeaks() {
	if !a.leaks.on.Load() {
		return
	}
	for _, s := range a.leaks.report().Sites {
		a.reporter.Report(s.diagnostic(diag.FA609))
	}
}
