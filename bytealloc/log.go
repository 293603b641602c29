package bytealloc

import "fmt"

// Log returns an Allocator that does what a does and then calls fn, for a trace or
// a log of each request. It makes no garbage of its own, and is used by as many
// goroutines as both a and fn may be.
func Log(a Allocator, fn func(Event)) Allocator { return &logged{a, fn} }

// Op is what was asked of an Allocator.
type Op uint8

// The operations.
const (
	Allocated Op = iota
	Reallocated
	Freed
)

// String returns the operation's name.
func (o Op) String() string {
	switch o {
	case Allocated:
		return "allocated"
	case Reallocated:
		return "reallocated"
	case Freed:
		return "freed"
	}
	return fmt.Sprintf("Op(%d)", uint8(o))
}

// An Event is one request and its outcome.
type Event struct {
	Op      Op
	Size    int     // bytes asked for, or freed
	Old     int     // bytes before, of a reallocation
	Align   int     // asked for
	Address uintptr // of what was returned, or freed; 0 for no bytes
	From    uintptr // where a reallocation's bytes were; 0 for no bytes
	Err     error   // nil: granted
}

// String returns the event in one line: "reallocated 64 -> 128 bytes, align 64,
// moved".
func (e Event) String() string {
	if e.Op == Freed {
		return fmt.Sprintf("freed %d bytes", e.Size)
	}
	s := fmt.Sprintf("%v %d bytes, align %d", e.Op, e.Size, e.Align)
	if e.Op == Reallocated {
		s = fmt.Sprintf("%v %d -> %d bytes, align %d", e.Op, e.Old, e.Size, e.Align)
	}
	switch {
	case e.Err != nil:
		s += ", refused: " + e.Err.Error()
	case e.Op == Reallocated && e.From != 0 && e.Address != 0 && e.Address != e.From:
		s += ", moved"
	}
	return s
}

type logged struct {
	a  Allocator
	fn func(Event)
}

func (l *logged) Allocate(n, align int) ([]byte, error) {
	b, err := l.a.Allocate(n, align)
	l.fn(Event{Op: Allocated, Size: n, Align: align, Address: place(b), Err: err})
	return b, err
}

func (l *logged) Reallocate(b []byte, n, align int) ([]byte, error) {
	from, old := place(b), len(b)
	b, err := l.a.Reallocate(b, n, align)
	l.fn(Event{Op: Reallocated, Size: n, Old: old, Align: align, Address: place(b), From: from, Err: err})
	return b, err
}

func (l *logged) Free(b []byte) {
	at, n := place(b), len(b)
	l.a.Free(b)
	l.fn(Event{Op: Freed, Size: n, Address: at})
}

func (l *logged) Unwrap() Allocator { return l.a }

// place is the address of b, 0 where it has no bytes.
func place(b []byte) uintptr {
	if cap(b) == 0 {
		return 0
	}
	return address(b)
}
