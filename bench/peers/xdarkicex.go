package peers

import (
	"unsafe"

	"github.com/xDarkicex/memory"
)

// xDarkicexPeer is xDarkicex/memory: a mapped region of fixed size outside the
// heap with an atomic cursor, and a lock-free free list for the pool case. Its
// errors are not looked at: the region holds every case, and the touch would
// panic.
var xDarkicexPeer = Peer{
	Name:    "xDarkicex",
	Version: "github.com/xDarkicex/memory v1.2.8",
	New: func() *Subject {
		p := newXDarkicex()
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:      p.size16,
				Bytes64:      p.size64,
				Bytes1K:      p.size1K,
				Pointers:     p.pointers,
				Floats:       p.floats,
				Buffer:       p.buffer,
				BufferUninit: p.bufferUninit,
				Pool:         p.pair,
				Frame:        p.frame,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { v, _ := memory.ArenaAlloc[obj16](p.arena); return unsafe.Pointer(v) },
				Bytes64:  func() unsafe.Pointer { v, _ := memory.ArenaAlloc[obj64](p.arena); return unsafe.Pointer(v) },
				Bytes1K:  func() unsafe.Pointer { v, _ := memory.ArenaAlloc[obj1K](p.arena); return unsafe.Pointer(v) },
				Pointers: func() unsafe.Pointer { v, _ := memory.ArenaAlloc[Node](p.arena); return unsafe.Pointer(v) },
				Floats: func() unsafe.Pointer {
					s, _ := memory.ArenaSlice[float32](p.arena, floatCount)
					return unsafe.Pointer(unsafe.SliceData(s))
				},
				Buffer: func() unsafe.Pointer {
					s, _ := memory.ArenaSlice[byte](p.arena, bufferSize)
					return unsafe.Pointer(unsafe.SliceData(s))
				},
				BufferUninit: func() unsafe.Pointer {
					s, _ := memory.ArenaSliceUninitialized[byte](p.arena, bufferSize)
					return unsafe.Pointer(unsafe.SliceData(s))
				},
			},
			Reset: func() { p.arena.Reset() },
		}
	},
}

type xDarkicexArena struct {
	arena *memory.Arena
	list  *memory.FreeList
}

func newXDarkicex() *xDarkicexArena {
	arena, err := memory.NewArena(chunkSize, 8)
	if err != nil {
		panic(err)
	}
	// A slot holds 12 bytes of its own besides the object.
	list, err := memory.NewFreeList(memory.FreeListConfig{
		PoolSize: chunkSize, SlotSize: 128, SlabSize: chunkSize, SlabCount: 1,
	}, 64)
	if err != nil {
		panic(err)
	}
	return &xDarkicexArena{arena, list}
}

func (p *xDarkicexArena) size16(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v, _ := memory.ArenaAlloc[obj16](a)
			v[0] = 1
			sink16 = v
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) size64(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v, _ := memory.ArenaAlloc[obj64](a)
			v[0] = 1
			sink64 = v
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) size1K(frames int) {
	a := p.arena
	for range frames {
		for range large {
			v, _ := memory.ArenaAlloc[obj1K](a)
			v[0] = 1
			sink1K = v
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) pointers(frames int) {
	a := p.arena
	for range frames {
		var prev *Node
		for range small {
			v, _ := memory.ArenaAlloc[Node](a)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) floats(frames int) {
	a := p.arena
	for range frames {
		for range large {
			s, _ := memory.ArenaSlice[float32](a, floatCount)
			s = s[:floatCount]
			s[0] = 1
			sinkFloats = s
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) buffer(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s, _ := memory.ArenaSlice[byte](a, bufferSize)
			s = s[:bufferSize]
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) bufferUninit(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s, _ := memory.ArenaSliceUninitialized[byte](a, bufferSize)
			s = s[:bufferSize]
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *xDarkicexArena) pair(frames int) {
	list := p.list
	for range frames {
		for range small {
			v, _ := memory.FreeListAlloc[obj64](list)
			*v = obj64{}
			v[0] = 1
			sink64 = v
			_ = memory.FreeListDealloc(list, v)
		}
	}
}

func (p *xDarkicexArena) frame(frames int) {
	a := p.arena
	for range frames {
		a.Reset()
	}
}
