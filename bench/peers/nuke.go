package peers

import (
	"unsafe"

	"github.com/ortuman/nuke"
)

// nukePeer is ortuman/nuke: a bump arena over []byte behind an interface. It
// zeroes each allocation, and goes to the heap without a word once its buffers
// are full.
var nukePeer = Peer{
	Name:    "nuke",
	Version: "github.com/ortuman/nuke v1.3.0",
	New: func() *Subject {
		p := &nukeArena{nuke.NewMonotonicArena(chunkSize, 1)}
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
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(nuke.New[obj16](p.arena)) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(nuke.New[obj64](p.arena)) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(nuke.New[obj1K](p.arena)) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(nuke.New[Node](p.arena)) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(nuke.MakeSlice[float32](p.arena, floatCount, floatCount)))
				},
				Buffer: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(nuke.MakeSlice[byte](p.arena, bufferSize, bufferSize)))
				},
			},
			Reset: func() { p.arena.Reset(false) },
		}
	},
}

type nukeArena struct{ arena nuke.Arena }

func (p *nukeArena) size16(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := nuke.New[obj16](a)
			v[0] = 1
			sink16 = v
		}
		a.Reset(false)
	}
}

func (p *nukeArena) size64(frames int) {
	a := p.arena
	for range frames {
		for range small {
			v := nuke.New[obj64](a)
			v[0] = 1
			sink64 = v
		}
		a.Reset(false)
	}
}

func (p *nukeArena) size1K(frames int) {
	a := p.arena
	for range frames {
		for range large {
			v := nuke.New[obj1K](a)
			v[0] = 1
			sink1K = v
		}
		a.Reset(false)
	}
}

func (p *nukeArena) pointers(frames int) {
	a := p.arena
	for range frames {
		var prev *Node
		for range small {
			v := nuke.New[Node](a)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Reset(false)
	}
}

func (p *nukeArena) floats(frames int) {
	a := p.arena
	for range frames {
		for range large {
			s := nuke.MakeSlice[float32](a, floatCount, floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.Reset(false)
	}
}

func (p *nukeArena) buffer(frames int) {
	a := p.arena
	for range frames {
		for range buffers {
			s := nuke.MakeSlice[byte](a, bufferSize, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Reset(false)
	}
}

func (p *nukeArena) frame(frames int) {
	a := p.arena
	for range frames {
		a.Reset(false)
	}
}
