package framealloc

import (
	"fmt"
	"runtime/debug"

	"github.com/framealloc/framealloc/diag"
)

// Guard mode: what frames give back becomes inaccessible. The runtime makes a
// panic of the access, and what is here says what was accessed.

// ExplainFault is for the defer statement of a goroutine that uses frame memory,
// while [ModeGuard] may be on:
//
//	defer alloc.ExplainFault()
//
// A panic that comes from an access to memory which a frame of the allocator gave
// back goes on as a [*diag.Error] with FA606 instead, which names the type, the
// place, the tag and the frame of the allocation, and where the frame ended. Any
// other panic goes on as it is. The functions that run a frame or its parts, such
// as [Worker.Frame], [Parallel] and [ForkGroup.Go], do so by themselves.
//
// The runtime makes panics of such accesses on goroutines that have begun a frame
// or allocated in the mode, and in [Allocator.CatchFaults]; on all others the
// program ends at the access.
func (a *Allocator) ExplainFault() {
	if p := recover(); p != nil {
		panic(a.explained(p))
	}
}

// CatchFaults runs fn and returns the first access to memory that a frame of the
// allocator gave back while [ModeGuard] was on, which ends fn: a [*diag.Error]
// with FA606, as [Allocator.ExplainFault] describes it, or nil. Other panics go
// on. It may be called from any goroutine, and is for tests and for goroutines
// that use frame memory without a frame of their own.
func (a *Allocator) CatchFaults(fn func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if e := a.fault(p); e != nil {
			err = e
			return
		}
		panic(p)
	}()
	fn()
	return nil
}

// explained returns what to panic with instead of p.
func (a *Allocator) explained(p any) any {
	if e := a.fault(p); e != nil {
		return e
	}
	return p
}

// fault returns the error that a panic stands for if it comes from memory that
// was given back, else nil.
func (a *Allocator) fault(p any) *diag.Error {
	access, ok := p.(interface {
		error
		Addr() uintptr // the runtime's, of an access that faulted
	})
	if !ok {
		return nil
	}
	address := access.Addr()
	r, beside := a.quarantine.Find(address)
	if r == nil {
		return nil
	}
	d := diagnosis(diag.FA606, r, fmt.Sprintf("%s of %s was used after it was given back: it was allocated%s, %s%s",
		named(r), in(r), at(&r.Made), ended(r), at(r.Gone)))
	d.PC = diag.CallerPC()
	if offset := r.Offset(address); beside {
		d.Note = fmt.Sprintf("the access was %d bytes beside it, in memory that was given back with it\n", offset) + d.Note
	} else if field := r.Field(offset); field != "" {
		d.Message += fmt.Sprintf("; the access was to its %s", field)
	}
	return diag.NewError(d, access)
}
