// Package guard is the memory behind a frame while debug modes are on: a Keeper
// takes the place of an arena's chunks and slabs, and knows of every allocation
// where, when and for what it was made. What a frame gives back stays for some
// frames in the allocator's Quarantine, out of use, where a write is found
// (poison), an access faults (guard), or what still refers to it is found
// (escape).
//
// # Why this is safe under the collector
//
//   - Every allocation is an ordinary object of the heap, of its own type where
//     it holds pointers, so that it lives for as long as something points to it.
//     The exception is guard mode, where values without pointers lie in pages that
//     the operating system gave. Values with pointers never do.
//   - Pages are never unmapped, and their addresses serve nothing but values
//     without pointers for as long as the program runs: closed allocators leave
//     theirs to later ones. So a stale pointer into them finds no page, and the
//     access faults, or it finds other bytes without pointers; it can never reach
//     the collector's heap. While pages are out of use, the system has their
//     memory back.
//   - Poison is written where no pointer is ever read: pointers, strings, slices,
//     interfaces, maps, channels and functions in a value are cleared, by the
//     typed clear of reflect, and everything beside them is filled. So are
//     booleans cleared, for which the compiler knows two values only.
package guard

import (
	"runtime"
	"unsafe"
)

// Modes says what a Keeper does.
type Modes struct {
	Poison bool // fill what is given back, and look at it later
	Guard  bool // values without pointers come from pages that become inaccessible
	Escape bool // find out what is still referred to
}

// Fill is the byte that poisoned memory is filled with.
const Fill = 0xCD

// A Place is what is known of an allocation, or of the end of a frame.
type Place struct {
	Worker  string
	Frame   uint64
	Scratch string // its name, if the memory is a scratch's
	Tag     string
	Phase   string
	PC      uintptr // in the user's program
	Stack   Stack
}

// A Stack is where a goroutine was, cheap to take and formatted only when shown.
type Stack struct {
	pcs [20]uintptr
	n   int
}

// Take sets the stack to the calling goroutine's, without the innermost skip
// functions.
func (s *Stack) Take(skip int) { s.n = runtime.Callers(skip+2, s.pcs[:]) }

// PCs returns the return addresses, the innermost first.
func (s *Stack) PCs() []uintptr { return s.pcs[:s.n] }

// A Record is one allocation.
type Record struct {
	Type  any // a nil *T for the element type T; nil for raw bytes
	Count int // elements, or bytes
	Size  int // bytes
	Made  Place
	Gone  *Place // where it was given back; nil while it is alive
	Why   Why    // likewise, by what

	address uintptr
	paged   bool           // in pages, not an object of the heap
	object  unsafe.Pointer // keeps an object of the heap; nil if paged, and once it was dropped
	dropped dropped        // finds out whether it is still there
	exempt  bool           // may be referred to after its end
}

// Why says what gave memory back.
type Why uint8

// The ways.
const (
	FrameEnd Why = iota // the end of the frame, or the reset of the scratch
	Rollback            // a rollback, or the end of a scope
	Closing             // the worker was closed, or the scratch freed
)

// contains reports whether the address lies in the record's memory.
func (r *Record) contains(p uintptr) bool { return p >= r.address && p < r.address+uintptr(r.Size) }

// Offset returns how far an address lies behind the record's, which may be
// outside of the record.
func (r *Record) Offset(p uintptr) int { return int(p - r.address) }
