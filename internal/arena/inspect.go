package arena

import (
	"sync/atomic"
	"unsafe"

	"github.com/framealloc/framealloc/internal/guard"
)

// While debug modes are on, a keeper makes the arena's allocations, and chunks
// and slabs rest. The window stays shut for as long, so that every allocation asks
// the door and takes the slow path; there the keeper's bytes are booked like those
// of a slab.

// An inspection says who keeps an arena's allocations. A change waits until the
// arena is empty.
type inspection struct {
	keeper atomic.Pointer[guard.Keeper] // in use; nil: chunks and slabs
	wanted *guard.Keeper
}

// Inspect has k make the arena's allocations, or nobody if k is nil: at once
// while the arena is empty, else from its next reset on.
func (a *Arena) Inspect(k *guard.Keeper) {
	i := a.inspect.Load()
	if i == nil {
		if k == nil {
			return
		}
		i = new(inspection)
		a.inspect.Store(i)
	}
	i.wanted = k
	if a.Untouched() {
		a.shutWindow()
		i.change(a)
		a.resume()
	}
}

// Keeper returns who will keep the allocations after the next reset, or nil.
func (a *Arena) Keeper() *guard.Keeper {
	if i := a.inspect.Load(); i != nil {
		return i.wanted
	}
	return nil
}

// Kept reports whether a keeper makes the allocations now.
func (a *Arena) Kept() bool { return a.kept }

// change makes the wanted keeper the one in use.
func (i *inspection) change(a *Arena) {
	i.keeper.Store(i.wanted)
	a.kept = i.wanted != nil
}

// keeper returns who keeps the allocations, or nil.
func (a *Arena) keeper() *guard.Keeper {
	i := a.inspect.Load()
	if i == nil {
		return nil
	}
	return i.keeper.Load()
}

// made has k make an allocation that was admitted.
func (a *Arena) made(k *guard.Keeper, r Request, align int) unsafe.Pointer {
	p := k.Make(r.Type, r.Count, r.Size, align)
	a.slabBytes += r.Size
	a.count++
	return p
}

// retire is Reset's and Release's part of an inspection.
func (i *inspection) retire(a *Arena, why guard.Why) {
	if k := i.keeper.Load(); k != nil {
		k.Retire(why)
	}
	i.change(a)
}

// Exempt lets the newest allocation be referred to after its end: by something
// that checks before it looks.
func (a *Arena) Exempt() {
	if k := a.keeper(); k != nil {
		k.Exempt()
	}
}
