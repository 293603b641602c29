package framealloc

import (
	"fmt"
	"reflect"

	"github.com/framealloc/framealloc/diag"
)

// A FrameBox holds a value in frame memory and checks at each access that the
// memory is still the value's: for what is passed around so far that nobody knows
// any more how long it lives. A plain pointer from [New] would go on pointing to
// what the memory has become.
//
// It is a small value; copy it freely. Like the memory behind it, it belongs to
// the frame's goroutine.
type FrameBox[T any] struct {
	p      *T
	f      *Frame
	epoch  uint64 // of the frame's memory
	serial uint64 // among the frame's boxes
}

// A span is a run of serials, from included, to excluded.
type span struct{ from, to uint64 }

// NewBox allocates a zeroed T in the frame, in a box. It panics as [New] does.
func NewBox[T any](f *Frame) FrameBox[T] {
	p := New[T](f)
	f.mem.Exempt()
	b := FrameBox[T]{p: p, f: f, epoch: f.epoch, serial: f.boxes}
	f.boxes++
	return b
}

// TryNewBox is NewBox, but returns the error instead of a panic.
func TryNewBox[T any](f *Frame) (FrameBox[T], error) {
	p, err := TryNew[T](f)
	if err != nil {
		return FrameBox[T]{}, err
	}
	f.mem.Exempt()
	b := FrameBox[T]{p: p, f: f, epoch: f.epoch, serial: f.boxes}
	f.boxes++
	return b, nil
}

// Get returns a pointer to the value. It panics with FA606 when the memory was
// given back: at the end of its frame (with [Config.FramesInFlight], that many
// frames later), at the end of the [Frame.Sub] or in the rollback that it was made
// in. It panics with FA001 for the zero FrameBox. Do not keep the pointer: only Get
// checks.
func (b FrameBox[T]) Get() *T {
	if b.f == nil || b.epoch != b.f.epoch || len(b.f.dead) > 0 {
		b.mustBeAlive()
	}
	return b.p
}

// TryGet is Get, but returns the error instead of a panic.
func (b FrameBox[T]) TryGet() (*T, error) {
	if !b.Alive() {
		return nil, b.dead()
	}
	return b.p, nil
}

// Alive reports whether the memory is still the value's.
func (b FrameBox[T]) Alive() bool {
	return b.f != nil && b.epoch == b.f.epoch && !b.f.buried(b.serial)
}

func (b FrameBox[T]) mustBeAlive() {
	if !b.Alive() {
		panic(b.dead())
	}
}

// dead is the report of getting what is gone.
func (b FrameBox[T]) dead() error {
	name := nameOf(reflect.TypeFor[T]())
	if b.f == nil {
		return &diag.Error{Diagnostic: diag.Diagnostic{
			Code: diag.FA001, PC: diag.CallerPC(),
			Message: "FrameBox[" + name + "] used without a frame: it is a zero value",
			Help:    "make it with framealloc.NewBox in the frame that uses it",
		}}
	}
	e := b.f.diagnose(diag.FA606, "a FrameBox["+name+"] was used after its memory was given back",
		"get the value while its frame or scope lasts; for what must live longer use a pool, a group or HeapNew")
	if b.epoch == b.f.epoch {
		e.Note = "its Sub scope has ended, or a rollback went back before it"
	} else if n := b.f.epoch - b.epoch; n == 1 {
		e.Note = "its frame's memory was released since"
	} else {
		e.Note = fmt.Sprintf("its frame's memory was released %d times since", n)
	}
	return e
}

// buried reports whether a scope or rollback took the box of a serial. The spans
// come with ascending ends: the search stops at the first that ends before it.
func (f *Frame) buried(serial uint64) bool {
	for i := len(f.dead) - 1; i >= 0 && f.dead[i].to > serial; i-- {
		if f.dead[i].from <= serial {
			return true
		}
	}
	return false
}
