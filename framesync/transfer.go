package framesync

import (
	"fmt"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// A Transfer is a value on its way from one goroutine's frame to another
// goroutine. It lives outside of frame memory, so that it may travel for as many
// frames as it takes, through channels and queues. Exactly one call of Receive,
// ReceiveInto or Drop ends it.
//
// A transfer that becomes unreachable before that is reported as FA206 through
// the allocator's reporter, with the place where it was made, once the collector
// finds it.
//
// Its methods may be called from any goroutine. How the *Transfer itself gets
// from one goroutine to the other must be ordered, as by a channel.
type Transfer[T any] struct {
	value   T
	into    func(*framealloc.Frame, T) (T, error) // nil: nothing to copy
	state   atomic.Uint32
	ended   atomic.Uintptr // where Receive or Drop was called
	origin  *origin
	cleanup runtime.Cleanup
	leak    framealloc.Tracked // until it is received or dropped
}

// The states of a transfer.
const (
	pending uint32 = iota
	received
	dropped
)

// NewTransfer declares that value leaves f's goroutine. A slice, string or
// pointer into the frame is copied out, shallowly; one that leads to the heap is
// handed over as it is. The sender must not use the value any more.
//
// It panics with FA608 where the value would still point into the frame:
// structs and elements are searched as by [framealloc.FindFramePointer], with its
// limits. Copy such data to the heap first, or keep it in arrays.
//
// It belongs to the goroutine of f's worker. See also [NewSliceTransfer] and
// [NewPointerTransfer], whose values ReceiveInto puts into the receiver's frame.
func NewTransfer[T any](f *framealloc.Frame, value T) *Transfer[T] {
	return must(newTransfer(f, value, nil))
}

// TryNewTransfer is [NewTransfer] that returns an error matching diag.FA608
// instead of panicking.
func TryNewTransfer[T any](f *framealloc.Frame, value T) (*Transfer[T], error) {
	t, err := newTransfer(f, value, nil)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// NewSliceTransfer is [NewTransfer] for a slice whose elements ReceiveInto copies
// into the receiver's frame.
func NewSliceTransfer[E any](f *framealloc.Frame, s []E) *Transfer[[]E] {
	return must(newTransfer(f, s, sliceInto[E]))
}

// NewPointerTransfer is [NewTransfer] for a pointer whose value ReceiveInto copies
// into the receiver's frame.
func NewPointerTransfer[E any](f *framealloc.Frame, p *E) *Transfer[*E] {
	return must(newTransfer(f, p, pointerInto[E]))
}

func must[T any](t *Transfer[T], err *diag.Error) *Transfer[T] {
	if err != nil {
		panic(err)
	}
	return t
}

func newTransfer[T any](f *framealloc.Frame, value T, into func(*framealloc.Frame, T) (T, error)) (*Transfer[T], *diag.Error) {
	t := &Transfer[T]{value: value, into: into}
	pc := diag.CallerPC()
	if path, found := leave(f, &t.value); found {
		return nil, stays[T](f, path, pc)
	}
	w := f.Worker()
	t.origin = &origin{
		alloc: w.Allocator(), bytes: sizeOf(&t.value), made: pc, typ: reflect.TypeFor[T](), frame: f.Number(), worker: w.Name(), tag: f.TagPath(),
		reporter: w.Allocator().Reporter(), ledger: ledgerOf(w.Allocator()),
	}
	t.leak = framealloc.Track(f, "transfer", t.origin.typ.String(), t.origin.bytes)
	t.origin.ledger.made.Add(1)
	t.origin.tell(framealloc.TransferMade)
	t.cleanup = runtime.AddCleanup(t, (*origin).lost, t.origin)
	return t, nil
}

// Receive returns the value, which is the caller's from then on. After the first
// time, and after Drop, it returns an error that matches diag.FA206.
func (t *Transfer[T]) Receive() (T, error) {
	if !t.end(received, &t.origin.ledger.received) {
		var none T
		return none, t.over()
	}
	return t.take(), nil
}

// ReceiveInto is Receive, and copies the contents of a slice or pointer that was
// sent by [NewSliceTransfer] or [NewPointerTransfer] into the caller's frame f:
// they live as long as it does. Any other value it returns as Receive does. When
// the frame has no room it returns the frame's error, and the transfer can still
// be received.
//
// It belongs to the goroutine of f's worker.
func (t *Transfer[T]) ReceiveInto(f *framealloc.Frame) (T, error) {
	var none T
	if !t.state.CompareAndSwap(pending, received) {
		return none, t.over()
	}
	done := false
	defer func() {
		if !done { // no room, or a panic
			t.state.Store(pending)
		}
	}()
	value := t.value
	if t.into != nil {
		copied, err := t.into(f, value)
		if err != nil {
			return none, err
		}
		value = copied
	}
	done = true
	t.settle(received, &t.origin.ledger.received)
	t.take()
	return value, nil
}

// Drop ends a transfer whose value nobody wants. On one that was received or
// dropped it does nothing, so that "defer t.Drop()" covers every path.
func (t *Transfer[T]) Drop() {
	if t.end(dropped, &t.origin.ledger.dropped) {
		t.take()
	}
}

// Pending reports whether the transfer was neither received nor dropped.
func (t *Transfer[T]) Pending() bool { return t.state.Load() == pending }

// end moves the transfer to a final state, which only one caller achieves.
func (t *Transfer[T]) end(state uint32, count *atomic.Uint64) bool {
	if !t.state.CompareAndSwap(pending, state) {
		return false
	}
	t.settle(state, count)
	return true
}

// settle books the end of the transfer, for the one caller that brought it.
func (t *Transfer[T]) settle(state uint32, count *atomic.Uint64) {
	t.cleanup.Stop()
	t.leak.Release()
	t.ended.Store(diag.CallerPC())
	count.Add(1)
	kind := framealloc.TransferReceived
	if state == dropped {
		kind = framealloc.TransferDropped
	}
	t.origin.tell(kind)
}

// sizeOf is the size of a value in bytes, with a slice's or string's contents.
func sizeOf[T any](v *T) int {
	r := reflect.ValueOf(v).Elem()
	n := int(r.Type().Size())
	switch r.Kind() {
	case reflect.Slice:
		n += r.Len() * int(r.Type().Elem().Size())
	case reflect.String:
		n += r.Len()
	}
	return n
}

// take empties the transfer: it must not keep alive what another owns.
func (t *Transfer[T]) take() T {
	var none T
	v := t.value
	t.value = none
	runtime.KeepAlive(t) // not found lost while its cleanup was being stopped
	return v
}

// over is the error of a receive that came too late.
func (t *Transfer[T]) over() error {
	d := t.origin.diagnose(fmt.Sprintf("transfer of %v received twice", t.origin.typ))
	first := "received first"
	if t.state.Load() == dropped {
		d.Message = fmt.Sprintf("transfer of %v received after Drop", t.origin.typ)
		first = "dropped"
	}
	d.PC = diag.CallerPC()
	d.Note = "made" + at(t.origin.made) + "; " + first + at(t.ended.Load())
	return diag.NewError(d, nil)
}

// at says where a program counter is, as far as it is known.
func at(pc uintptr) string {
	if where := (diag.Diagnostic{PC: pc}).Complete().Caller; where != "" {
		return " at " + where
	}
	return " somewhere"
}

func sliceInto[E any](f *framealloc.Frame, s []E) ([]E, error) {
	if s == nil {
		return nil, nil
	}
	c, err := framealloc.TrySlice[E](f, len(s))
	copy(c, s)
	return c, err
}

func pointerInto[E any](f *framealloc.Frame, p *E) (*E, error) {
	if p == nil {
		return nil, nil
	}
	return framealloc.TryNewValue(f, *p)
}
