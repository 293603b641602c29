package framealloc

import (
	"fmt"
	"sync"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// poolTable is a worker's pools by type. A program uses few types in its hot
// loops, so a small direct-mapped cache answers nearly every lookup; the map
// behind it answers the rest.
type poolTable struct {
	active  bool // the worker has pools whose figures need publishing
	watched bool // see watch
	cache   [16]*pool
	byType  map[typeinfo.Key]*pool
	bytes   [byteClasses]*pool
	all     []*pool
	forks   IntentStats // sums of the worker's forks
	booked  IntentStats // in a fork: what its parent has added already
}

// poolFor returns src's pool for objects with the given key, or nil when it has
// none yet.
func poolFor(src Source, key typeinfo.Key) *pool {
	w := src.worker()
	p := w.pools.cache[typeinfo.Hash(key)%uintptr(len(w.pools.cache))]
	if p == nil || p.key != key {
		return w.pools.find(key)
	}
	return p
}

func (t *poolTable) find(key typeinfo.Key) *pool {
	p := t.byType[key]
	if p != nil {
		t.cache[typeinfo.Hash(key)%uintptr(len(t.cache))] = p
	}
	return p
}

// newPoolFor makes src's pool for the type with the given key. makeKind describes
// the type to its depot, when this is the first pool of all workers.
func newPoolFor(src Source, key typeinfo.Key, makeKind func() poolKind) *pool {
	w := src.worker()
	return w.addTyped(w.alloc.depots.of(key, w.alloc, makeKind))
}

// addTyped makes the worker's pool before a depot for a type.
func (w *Worker) addTyped(d *depot) *pool {
	p := w.addPool(d)
	p.key = d.key
	if w.pools.byType == nil {
		w.pools.byType = make(map[typeinfo.Key]*pool)
	}
	w.pools.byType[d.key] = p
	return p
}

// of returns w's pool before a depot for a type, made if need be.
func (t *poolTable) of(w *Worker, d *depot) *pool {
	if p := poolFor(w, d.key); p != nil {
		return p
	}
	return w.addTyped(d)
}

func (w *Worker) addPool(d *depot) *pool {
	if w.closed {
		w.misuse(diag.FA207, fmt.Sprintf("pool of %v asked of worker %q, which is closed", d.kind, w.name),
			"do not use a worker after Close; create another with NewWorker")
	}
	p := newPool(w, d)
	if w.pools.watched {
		p.hide()
	}
	w.pools.all = append(w.pools.all, p)
	w.pools.active = true
	return p
}

// totals returns the sums over the pools.
func (t *poolTable) totals() (sum IntentStats) {
	for _, p := range t.all {
		if p.depot.kind.internal {
			continue
		}
		sum.Allocations += p.gets
		sum.Bytes += p.gets * uint64(p.depot.kind.size)
		sum.Frees += p.puts()
	}
	return sum
}

// publish lets other goroutines see the sums. Only the owner writes them.
func (t *poolTable) publish(p *published) {
	if !t.active {
		return
	}
	sum := t.totals()
	sum.add(t.forks)
	setUnsigned(&p.poolGets, sum.Allocations)
	setUnsigned(&p.poolSize, sum.Bytes)
	setUnsigned(&p.poolPuts, sum.Frees)
}

// addFork adds what a fork's pools did since the last time.
func (t *poolTable) addFork(from *poolTable) {
	if !from.active {
		return
	}
	sum := from.totals()
	sum.add(from.forks)
	t.forks.Allocations += sum.Allocations - from.booked.Allocations
	t.forks.Bytes += sum.Bytes - from.booked.Bytes
	t.forks.Frees += sum.Frees - from.booked.Frees
	from.booked = sum
	t.active = true
}

// watch has every Get and Put take its slow path, where observers are told, or
// no longer.
func (t *poolTable) watch(on bool) {
	if on == t.watched {
		return
	}
	t.watched = on
	for _, p := range t.all {
		if on {
			p.hide()
		} else {
			p.show()
		}
	}
}

// drain gives the magazines of a closing worker to the depots.
func (t *poolTable) drain() {
	for _, p := range t.all {
		p.drain()
	}
}

// TrimPools gives the free objects of all the worker's pools, byte buffers
// included, and those that the workers of its allocator share, back to the
// collector. It belongs to the worker's goroutine; what other workers keep for
// themselves stays. See also [Pool.Trim].
func (w *Worker) TrimPools() {
	for _, p := range w.pools.all {
		p.trim()
	}
	w.alloc.depots.trim()
}

// depots are an allocator's depots: one for each type that its workers pool,
// one for each class of byte buffers.
type depots struct {
	mu     sync.Mutex
	byType map[typeinfo.Key]*depot
	bytes  [byteClasses]*depot
}

func (ds *depots) of(key typeinfo.Key, a *Allocator, makeKind func() poolKind) *depot {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d := ds.byType[key]
	if d == nil {
		d = newDepot(a, makeKind())
		d.key = key
		if ds.byType == nil {
			ds.byType = make(map[typeinfo.Key]*depot)
		}
		ds.byType[key] = d
	}
	return d
}

func (ds *depots) ofBytes(class int, a *Allocator) *depot {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.bytes[class] == nil {
		ds.bytes[class] = newDepot(a, byteKind(class))
	}
	return ds.bytes[class]
}

func (ds *depots) trim() {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for _, d := range ds.byType {
		d.trim()
	}
	for _, d := range ds.bytes {
		if d != nil {
			d.trim()
		}
	}
}
