package peers

import (
	"unsafe"

	"github.com/wundergraph/go-arena"
)

// wundergraphPeer is wundergraph/go-arena: nuke's shape, made to grow, and
// cleared in bulk on reset.
var wundergraphPeer = Peer{
	Name:    "wundergraph",
	Version: "github.com/wundergraph/go-arena v1.3.0",
	New: func() *Subject {
		p := &wundergraphArena{arena.NewMonotonicArena(arena.WithMinBufferSize(chunkSize))}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:  p.size16,
				Bytes64:  p.size64,
				Bytes1K:  p.size1K,
				Pointers: p.pointers,
				Floats:   p.floats,
				Buffer:   p.buffer,
				Frame:    p.frame,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(arena.Allocate[obj16](p.arena)) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(arena.Allocate[obj64](p.arena)) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(arena.Allocate[obj1K](p.arena)) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(arena.Allocate[Node](p.arena)) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.AllocateSlice[float32](p.arena, floatCount, floatCount)))
				},
				Buffer: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.AllocateSlice[byte](p.arena, bufferSize, bufferSize)))
				},
			},
			Reset: func() { p.arena.Reset() },
		}
	},
}

type wundergraphArena struct{ arena arena.Arena }

func (p *wundergraphArena) size16(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := arena.Allocate[obj16](a)
			v[0] = 1
			sink16 = v
		}
		a.Reset()
	}
}

func (p *wundergraphArena) size64(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := arena.Allocate[obj64](a)
			v[0] = 1
			sink64 = v
		}
		a.Reset()
	}
}

func (p *wundergraphArena) size1K(frames int) {
	a := p.arena
	for range frames {
		for range large {
			v := arena.Allocate[obj1K](a)
			v[0] = 1
			sink1K = v
		}
		a.Reset()
	}
}

func (p *wundergraphArena) pointers(frames int) {
	a := p.arena
	for range frames {
		var prev *Node
		for range small {
			v := arena.Allocate[Node](a)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Reset()
	}
}

func (p *wundergraphArena) floats(frames int) {
	a := p.arena
	for range frames {
		for range large {
			s := arena.AllocateSlice[float32](a, floatCount, floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.Reset()
	}
}

func (p *wundergraphArena) buffer(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := arena.AllocateSlice[byte](a, bufferSize, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset()
	}
}

func (p *wundergraphArena) frame(frames int) {
	a := p.arena
	for range frames {
		a.Reset()
	}
}
