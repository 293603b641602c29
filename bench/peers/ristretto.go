package peers

import (
	"unsafe"

	"github.com/dgraph-io/ristretto/v2/z"
)

// ristrettoPeer is the Allocator in ristretto's z package, in its build without
// jemalloc: chunks of []byte with an atomic cursor. AllocateAligned zeroes;
// Allocate, which neither zeroes nor aligns, serves the case that may be dirty.
var ristrettoPeer = Peer{
	Name:    "ristretto-z",
	Version: "github.com/dgraph-io/ristretto/v2 v2.4.2",
	New: func() *Subject {
		p := &ristrettoArena{z.NewAllocator(chunkSize, "bench")}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:      p.size16,
				Bytes64:      p.size64,
				Bytes1K:      p.size1K,
				Pointers:     p.pointers,
				Floats:       p.floats,
				Buffer:       p.buffer,
				BufferUninit: p.bufferUninit,
				Frame:        p.frame,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(16))) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(64))) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(1024))) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(64))) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(4 * floatCount)))
				},
				Buffer:       func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.AllocateAligned(bufferSize))) },
				BufferUninit: func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.arena.Allocate(bufferSize))) },
			},
			Reset: p.arena.Reset,
		}
	},
}

type ristrettoArena struct{ arena *z.Allocator }

func (p *ristrettoArena) size16(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := (*obj16)(unsafe.Pointer(unsafe.SliceData(a.AllocateAligned(16))))
			v[0] = 1
			sink16 = v
		}
		a.Reset()
	}
}

func (p *ristrettoArena) size64(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := (*obj64)(unsafe.Pointer(unsafe.SliceData(a.AllocateAligned(64))))
			v[0] = 1
			sink64 = v
		}
		a.Reset()
	}
}

func (p *ristrettoArena) size1K(frames int) {
	a := p.arena
	for range frames {
		for range large {
			v := (*obj1K)(unsafe.Pointer(unsafe.SliceData(a.AllocateAligned(1024))))
			v[0] = 1
			sink1K = v
		}
		a.Reset()
	}
}

func (p *ristrettoArena) pointers(frames int) {
	a := p.arena
	for range frames {
		var prev *Node
		for range small {
			v := (*Node)(unsafe.Pointer(unsafe.SliceData(a.AllocateAligned(64))))
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Reset()
	}
}

func (p *ristrettoArena) floats(frames int) {
	a := p.arena
	for range frames {
		for range large {
			s := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(a.AllocateAligned(4*floatCount)))), floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.Reset()
	}
}

func (p *ristrettoArena) buffer(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := a.AllocateAligned(bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *ristrettoArena) bufferUninit(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := a.Allocate(bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *ristrettoArena) frame(frames int) {
	a := p.arena
	for range frames {
		a.Reset()
	}
}
