package peers

import (
	"unsafe"

	"github.com/pavanmanishd/arena"
)

// pavanmanishdPeer is pavanmanishd/arena: chunks of []byte. Its zeroing
// functions are used where the case asks for zeroed memory.
var pavanmanishdPeer = Peer{
	Name:    "pavanmanishd",
	Version: "github.com/pavanmanishd/arena v1.1.1",
	New: func() *Subject {
		p := &pavanmanishdArena{arena.NewArena(chunkSize)}
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
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(arena.Alloc[obj16](p.arena)) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(arena.Alloc[obj64](p.arena)) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(arena.Alloc[obj1K](p.arena)) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(arena.Alloc[Node](p.arena)) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.AllocSliceZeroed[float32](p.arena, floatCount)))
				},
				Buffer: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.AllocSliceZeroed[byte](p.arena, bufferSize)))
				},
				BufferUninit: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.AllocSlice[byte](p.arena, bufferSize)))
				},
			},
			Reset: func() { p.arena.Reset() },
		}
	},
}

type pavanmanishdArena struct{ arena *arena.Arena }

func (p *pavanmanishdArena) size16(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := arena.Alloc[obj16](a)
			v[0] = 1
			sink16 = v
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) size64(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := arena.Alloc[obj64](a)
			v[0] = 1
			sink64 = v
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) size1K(frames int) {
	a := p.arena
	for range frames {
		for range large {
			v := arena.Alloc[obj1K](a)
			v[0] = 1
			sink1K = v
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) pointers(frames int) {
	a := p.arena
	for range frames {
		var prev *Node
		for range small {
			v := arena.Alloc[Node](a)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) floats(frames int) {
	a := p.arena
	for range frames {
		for range large {
			s := arena.AllocSliceZeroed[float32](a, floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) buffer(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := arena.AllocSliceZeroed[byte](a, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) bufferUninit(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := arena.AllocSlice[byte](a, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *pavanmanishdArena) frame(frames int) {
	a := p.arena
	for range frames {
		a.Reset()
	}
}
