package framealloc

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Pool recycles objects of one type that live longer than a frame and are
// given back one by one: entities, connections, nodes. Get pops a zeroed object
// from a free list, Put pushes it, without locks or atomics; every so often a
// whole list is traded with the other workers of the allocator.
//
// A Pool belongs to the goroutine that owns its worker. An object may be put
// into the pool of another worker of the same allocator: it migrates. Any T will
// do, pointers or not: objects are ordinary typed memory, made some dozens at a
// time, and an object that is still referenced keeps those made with it alive.
//
// After Put the object must not be used: it may be handed out again at once. To
// have that noticed at the access, use [PoolBox]. With [Config.Debug], objects
// put twice, put into a foreign pool or written to after Put panic with FA208.
// Without, these mistakes go unnoticed, and two owners of an object see each
// other's values; nothing worse can happen. A foreign object is adopted.
type Pool[T any] struct {
	_ [0]*T // no conversion between pools of different types
	pool
}

// PoolOf returns the pool for T of src's worker, always the same one. Keep it
// where it is used in a loop: that spares the lookup of [PoolGet] and [PoolPut].
// It panics with FA207 when the worker is closed.
func PoolOf[T any](src Source) *Pool[T] {
	p := poolFor(src, typeinfo.KeyOf((*T)(nil)))
	if p == nil {
		p = newPoolFor(src, typeinfo.KeyOf((*T)(nil)), kindOf[T])
	}
	return (*Pool[T])(unsafe.Pointer(p)) // a Pool[T] is a pool and nothing else
}

// PoolGet returns a zeroed T from the pool of src's worker. See [Pool.Get].
func PoolGet[T any](src Source) *T {
	p := poolFor(src, typeinfo.KeyOf((*T)(nil)))
	if p == nil {
		return PoolOf[T](src).Get()
	}
	return (*T)(p.pop(getSlow))
}

// PoolPut gives x back to the pool of src's worker. See [Pool.Put].
func PoolPut[T any](src Source, x *T) {
	p := poolFor(src, typeinfo.KeyOf((*T)(nil)))
	if p == nil {
		PoolOf[T](src).Put(x)
		return
	}
	push(p, x, putSlow)
}

// Get returns a zeroed T. It panics with FA207 when the worker is closed.
func (p *Pool[T]) Get() *T { return (*T)(p.pop(getSlow)) }

// Put gives x back, drops what it references, and ends the caller's right to
// it. It panics with FA208 for nil, and with FA207 when the worker is closed.
func (p *Pool[T]) Put(x *T) { push(&p.pool, x, putSlow) }

// Trim gives the free objects of the pool, and those of this type that the
// workers of the allocator share, back to the collector: after a level that
// needed many. What other workers keep for themselves stays.
func (p *Pool[T]) Trim() {
	p.trim()
	p.depot.trim()
}

// PoolStats counts the objects of one worker's pool.
type PoolStats struct {
	Gets, Puts uint64 // calls, since the start
	Live       int    // Gets minus Puts: below 0 when objects migrate here
	Made       uint64 // objects made because there was none to recycle
	Free       int    // objects ready in the worker's own magazines
	Shared     int    // objects of the type in the depot that all workers share
}

// Stats returns the pool's figures. Like Get it belongs to the worker's
// goroutine; [Worker.Stats] may be called from any.
func (p *Pool[T]) Stats() PoolStats {
	return PoolStats{
		Gets: p.gets, Puts: p.puts(), Live: int(p.gets - p.puts()), Made: p.made,
		Free: p.free(), Shared: p.depot.free(),
	}
}

// pool is the part of a Pool that does not depend on the type.
//
// n, items and gets are what Get and Put work on. While items is nil, every call
// takes the slow path: in debug mode, while somebody observes allocations, and
// after Close.
type pool struct {
	n     int              // free objects in items
	items []unsafe.Pointer // the loaded magazine's
	gets  uint64

	loaded, previous *magazine
	hidden           bool // items is nil though loaded is there
	drained          bool // the worker is closed
	net              int  // objects taken from the depot or made, minus those given to it
	made             uint64

	w     *Worker
	depot *depot
	key   typeinfo.Key

	_ [64]byte // what another worker's pool writes is on another cache line
}

// poolKind describes the objects of a pool.
type poolKind struct {
	typ   any // nil pointer to the type
	size  int // bytes
	make  func(n int) unsafe.Pointer
	clear func(unsafe.Pointer)
	zero  func(unsafe.Pointer) bool

	internal bool // the library's own objects: neither counted nor shown
	bytes    bool // byte buffers
}

func (k poolKind) String() string { return typeinfo.Reflect(k.typ).String() }

func kindOf[T any]() poolKind {
	_, internal := any((*T)(nil)).(keeper)
	return poolKind{
		internal: internal,

		typ:   (*T)(nil),
		size:  int(unsafe.Sizeof(*new(T))),
		make:  func(n int) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(make([]T, n))) },
		clear: func(p unsafe.Pointer) { var zero T; *(*T)(p) = zero },
		zero:  func(p unsafe.Pointer) bool { return reflect.ValueOf((*T)(p)).Elem().IsZero() },
	}
}

func newPool(w *Worker, d *depot) *pool {
	p := &pool{w: w, depot: d}
	if d.ledger == nil {
		p.loaded, p.previous = d.newMagazine(), d.newMagazine()
		p.items = p.loaded.items
	}
	return p
}

// pop is Get's fast path. The slow one is a parameter for the inliner's sake:
// after inlining, the constant argument is called directly.
func (p *pool) pop(slow func(*pool) unsafe.Pointer) unsafe.Pointer {
	n := p.n - 1
	if n < 0 {
		return slow(p)
	}
	p.n = n
	p.gets++
	return p.items[n]
}

// push is Put's fast path. Puts are not counted: what was taken in and what is
// left tells their number (see puts).
func push[T any](p *pool, x *T, slow func(*pool, unsafe.Pointer)) {
	n := p.n
	if n >= len(p.items) || x == nil {
		slow(p, unsafe.Pointer(x))
		return
	}
	var zero T // not *new(T): that is made on the stack and copied with memmove
	*x = zero
	p.items[n] = unsafe.Pointer(x)
	p.n = n + 1
}

// getSlow is Get when the loaded magazine is empty, or hidden.
func getSlow(p *pool) unsafe.Pointer {
	p.check()
	if l := p.depot.ledger; l != nil {
		return p.taken(l.get(p))
	}
	hidden := p.hidden
	p.show()
	if p.n == 0 {
		p.reload()
	}
	p.n--
	p.gets++
	x := p.items[p.n]
	if hidden {
		p.hide()
	}
	return p.taken(x)
}

// taken tells the observers of an object that is handed out.
func (p *pool) taken(x unsafe.Pointer) unsafe.Pointer {
	if k := &p.depot.kind; !k.internal {
		p.w.allocated(IntentPool, k.typ, 1, k.size, x)
		if s := p.w.sampler; s != nil {
			s.pooled(k, x)
		}
		if p.w.modes&ModeLeaks != 0 {
			p.w.alloc.leaks.taken(p.w, k, x)
		}
	}
	return x
}

// putSlow is Put when the loaded magazine is full, or hidden.
func putSlow(p *pool, x unsafe.Pointer) {
	p.check()
	k := &p.depot.kind
	if x == nil {
		p.misput(fmt.Sprintf("nil put into the pool of %v", k), "",
			"put what Get returned, once")
	}
	p.w.freed(k, x)
	if l := p.depot.ledger; l != nil {
		l.put(p, x)
		return
	}
	k.clear(x)
	p.stow(x)
}

// takeBack is putSlow for an object that another goroutine put, which has cleared
// it, and which the ledger knows of.
func (p *pool) takeBack(x unsafe.Pointer) {
	p.w.freed(&p.depot.kind, x)
	if p.depot.ledger != nil {
		p.depot.shelve(x)
		p.net--
		return
	}
	p.stow(x)
}

// stow adds a cleared object to the magazines.
func (p *pool) stow(x unsafe.Pointer) {
	hidden := p.hidden
	p.show()
	if p.n == len(p.items) {
		p.unload()
	}
	p.items[p.n] = x
	p.n++
	if hidden {
		p.hide()
	}
}

// reload sees to it that the loaded magazine, which is empty, is not.
func (p *pool) reload() {
	p.loaded.n = 0
	if p.previous.n > 0 {
		p.loaded, p.previous = p.previous, p.loaded
	} else if m := p.depot.takeFull(p.previous); m != nil {
		p.previous = p.loaded
		p.loaded = m
		p.net += m.n
		p.traded(PoolRefill{Taken: m.n})
	} else {
		p.makeBlock()
	}
	p.items, p.n = p.loaded.items, p.loaded.n
}

// unload sees to it that the loaded magazine, which is full, is not.
func (p *pool) unload() {
	p.loaded.n = p.n
	if p.previous.n < len(p.previous.items) {
		p.loaded, p.previous = p.previous, p.loaded
	} else {
		given := p.previous.n
		m := p.depot.takeEmpty(p.previous)
		p.previous = p.loaded
		p.loaded = m
		p.net -= given
		p.traded(PoolRefill{Given: given})
	}
	p.items, p.n = p.loaded.items, p.loaded.n
}

// blockBytes bounds what is made at a time, and so what one live object keeps
// alive.
const blockBytes = 32 * KiB

// makeBlock fills the loaded magazine, as far as a block goes, with new objects.
func (p *pool) makeBlock() {
	k := &p.depot.kind
	n := len(p.loaded.items)
	if k.size > 0 {
		n = min(n, max(1, blockBytes/k.size))
	}
	block := k.make(n)
	for i := range n {
		// From the end, so that Get hands them out in ascending order.
		p.loaded.items[i] = unsafe.Add(block, (n-1-i)*k.size)
	}
	p.loaded.n = n
	p.net += n
	p.made += uint64(n)
	p.traded(PoolRefill{Made: n})
}

func (p *pool) traded(e PoolRefill) {
	w := p.w
	if w.observers == nil {
		return
	}
	e.Worker, e.Frame, e.Type = w.name, w.number, p.depot.kind.String()
	w.each(func(h *Hooks) {
		if h.PoolRefill != nil {
			h.PoolRefill(e)
		}
	})
}

// hide puts the loaded magazine out of the fast paths' reach.
func (p *pool) hide() {
	if p.loaded != nil {
		p.loaded.n = p.n
		p.items, p.n, p.hidden = nil, 0, true
	}
}

// show undoes hide.
func (p *pool) show() {
	if p.hidden {
		p.items, p.n, p.hidden = p.loaded.items, p.loaded.n, false
	}
}

// drain gives everything to the depot, for good.
func (p *pool) drain() {
	p.drained = true
	if p.loaded == nil {
		return
	}
	p.show()
	p.hide()
	p.net -= p.loaded.n + p.previous.n
	p.depot.give(p.loaded)
	p.depot.give(p.previous)
	p.loaded, p.previous, p.hidden = nil, nil, false
}

// trim leaves the free objects to the collector.
func (p *pool) trim() {
	if p.loaded == nil {
		return
	}
	p.net -= p.free()
	hidden := p.hidden
	p.loaded, p.previous = p.depot.newMagazine(), p.depot.newMagazine()
	p.items, p.n, p.hidden = p.loaded.items, 0, false
	if hidden {
		p.hide()
	}
}

// free returns the number of free objects in the magazines.
func (p *pool) free() int {
	switch {
	case p.loaded == nil:
		return 0
	case p.hidden:
		return p.loaded.n + p.previous.n
	}
	return p.n + p.previous.n
}

// puts returns the number of objects put: those that did not come from the
// depot or new, and were not taken out.
func (p *pool) puts() uint64 { return p.gets + uint64(p.free()-p.net) }

// check panics when the pool may not be used, or, in debug mode, not from this
// goroutine.
func (p *pool) check() {
	if p.drained {
		p.w.misuse(diag.FA207, fmt.Sprintf("pool of %v used after its worker %q was closed", p.depot.kind, p.w.name),
			"stop using a worker's pools before closing it; create another worker with NewWorker")
	}
	if p.depot.ledger != nil && p.w.frame != nil {
		p.w.frame.checkOwner()
	}
}

// misput panics about an object that must not be put.
func (p *pool) misput(message, note, help string) {
	panic(misput(p.w.name, p.w.number, message, note, help))
}

// misput describes an object that must not be put.
func misput(worker string, frame uint64, message, note, help string) *diag.Error {
	return &diag.Error{Diagnostic: diag.Diagnostic{
		Code: diag.FA208, Message: message, Note: note, Help: help,
		Frame: frame, Worker: worker, PC: diag.CallerPC(),
	}}
}
