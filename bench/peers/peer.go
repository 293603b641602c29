// Package peers holds everything that the comparison measures, one file each:
// hand-written allocators as the floor, what Go itself offers, framealloc, and
// the other allocators for Go.
//
// Every peer runs the same loops: the same types, the same number of
// allocations a frame, the same touch, memory zeroed unless the case says
// otherwise, and the frame's end included. The loops are written out in each
// file because a call through an interface, a closure or a type parameter would
// cost as much as what is measured.
package peers

import (
	"slices"
	"unsafe"
)

// A Case is one thing that is measured.
type Case string

// The cases. All but Pool and Frame are allocations that live for a frame.
const (
	Bytes16      Case = "16B"          // 1,000 a frame
	Bytes64      Case = "64B"          // 1,000 a frame
	Bytes1K      Case = "1KiB"         // 256 a frame
	Pointers     Case = "64B-pointers" // 1,000 a frame, each linked to the one before
	Floats       Case = "256xfloat32"  // a slice, 256 a frame
	Buffer       Case = "64KiB-zeroed" // a []byte, 16 a frame
	BufferUninit Case = "64KiB-uninit" // the same, contents arbitrary
	Pool         Case = "pool"         // get, zeroed, and put of 64 B
	Frame        Case = "frame"        // begin and end, nothing allocated; after a frame of 64 KiB
)

// Cases lists the cases in the order of the table.
func Cases() []Case {
	return []Case{Bytes16, Bytes64, Bytes1K, Pointers, Floats, Buffer, BufferUninit, Pool, Frame}
}

// Known reports whether c is one of the cases.
func (c Case) Known() bool { return slices.Contains(Cases(), c) }

// Operations a frame.
const (
	small   = 1000
	large   = 256
	buffers = 16
)

// Sizes of what is allocated.
const (
	floatCount = 256
	bufferSize = 64 << 10
	chunkSize  = 2 << 20 // of memory that an arena begins with: no case outgrows it
)

// Operations returns how many operations one frame of c holds.
func (c Case) Operations() int {
	switch c {
	case Bytes1K, Floats:
		return large
	case Buffer, BufferUninit:
		return buffers
	case Frame:
		return 1
	}
	return small
}

// Size returns the bytes of one allocation of c, 0 for Frame.
func (c Case) Size() int {
	switch c {
	case Bytes16:
		return 16
	case Bytes1K, Floats:
		return 1 << 10
	case Buffer, BufferUninit:
		return bufferSize
	case Frame:
		return 0
	}
	return 64
}

// Zeroed reports whether c promises zeroed memory.
func (c Case) Zeroed() bool { return c != BufferUninit }

// The types that are allocated.
type (
	obj16 [2]uint64
	obj64 [8]uint64
	obj1K [128]uint64

	// Node holds pointers: to the node before, in the same memory, and to the
	// heap.
	Node struct {
		Prev *Node
		Heap *Referent
		Data [6]uint64
	}
	// Referent is what a Node points to on the heap.
	Referent [8]uint64
)

// Every allocation is stored in one of these, so that no compiler keeps it on
// the stack.
var (
	sink16     *obj16
	sink64     *obj64
	sink1K     *obj1K
	sinkNode   *Node
	sinkFloats []float32
	sinkBytes  []byte
)

// A Peer is one way of getting memory.
type Peer struct {
	Name    string
	Version string // module and version, or where it comes from
	Uninit  bool   // never zeroes: in the table as a reference only
	New     func() *Subject
}

// A Subject is a peer set up with memory, for one goroutine.
type Subject struct {
	// Runs holds the loop that is measured for each case that the peer offers:
	// so many frames.
	Runs map[Case]func(frames int)

	// Take holds the same allocations one by one, for the tests and for the
	// test under the collector. It may hold Pointers where Runs does not: a
	// peer that refuses pointers is asked all the same.
	Take map[Case]func() unsafe.Pointer

	// Reset ends the frame that Take allocates in.
	Reset func()
}

// All returns the peers of this build in the order of the table. The floors
// come first. Those of GOEXPERIMENT=arenas are among them only in a build with
// that experiment.
func All() []Peer {
	all := []Peer{
		bumpPeer, bumpZeroedPeer, bumpClearedPeer, slabPeer, freelistPeer,
		heapPeer, syncPoolPeer, frameallocPeer, frameallocArenaPeer,
	}
	all = append(all, experiment...)
	return append(all,
		nukePeer, wundergraphPeer, jokrugerPeer, pavanmanishdPeer,
		fmstephePeer, xDarkicexPeer, ristrettoPeer, moderncPeer)
}

// Named returns the peer with that name.
func Named(name string) (Peer, bool) {
	for _, p := range All() {
		if p.Name == name {
			return p, true
		}
	}
	return Peer{}, false
}

// Floor returns the name of the peer that is the floor of c: the fastest
// hand-written code that gives the same memory.
func Floor(c Case) string {
	switch c {
	case Pointers:
		return slabPeer.Name
	case BufferUninit:
		return bumpPeer.Name
	case Pool:
		return freelistPeer.Name
	}
	return bumpClearedPeer.Name
}

// IsFloor reports whether the peer of that name is the floor of some case.
func IsFloor(name string) bool {
	return slices.ContainsFunc(Cases(), func(c Case) bool { return Floor(c) == name })
}
