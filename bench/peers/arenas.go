//go:build goexperiment.arenas

package peers

import (
	"arena"
	"unsafe"
)

var experiment = []Peer{arenasPeer}

// arenasPeer is Go's own experiment: an arena is made and freed each frame.
var arenasPeer = Peer{
	Name:    ArenasName,
	Version: "Go",
	New: func() *Subject {
		p := &stdArena{}
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
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(arena.New[obj16](p.current())) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(arena.New[obj64](p.current())) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(arena.New[obj1K](p.current())) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(arena.New[Node](p.current())) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.MakeSlice[float32](p.current(), floatCount, floatCount)))
				},
				Buffer: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(arena.MakeSlice[byte](p.current(), bufferSize, bufferSize)))
				},
			},
			Reset: p.reset,
		}
	},
}

type stdArena struct{ arena *arena.Arena }

// current is the arena of the tests, made when it is first needed.
func (p *stdArena) current() *arena.Arena {
	if p.arena == nil {
		p.arena = arena.NewArena()
	}
	return p.arena
}

func (p *stdArena) reset() {
	if p.arena != nil {
		p.arena.Free()
		p.arena = nil
	}
}

func (p *stdArena) size16(frames int) {
	for range frames {
		a := arena.NewArena()
		for range small {
			v := arena.New[obj16](a)
			v[0] = 1
			sink16 = v
		}
		a.Free()
	}
}

func (p *stdArena) size64(frames int) {
	for range frames {
		a := arena.NewArena()
		for range small {
			v := arena.New[obj64](a)
			v[0] = 1
			sink64 = v
		}
		a.Free()
	}
}

func (p *stdArena) size1K(frames int) {
	for range frames {
		a := arena.NewArena()
		for range large {
			v := arena.New[obj1K](a)
			v[0] = 1
			sink1K = v
		}
		a.Free()
	}
}

func (p *stdArena) pointers(frames int) {
	for range frames {
		a := arena.NewArena()
		var prev *Node
		for range small {
			v := arena.New[Node](a)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.Free()
	}
}

func (p *stdArena) floats(frames int) {
	for range frames {
		a := arena.NewArena()
		for range large {
			s := arena.MakeSlice[float32](a, floatCount, floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.Free()
	}
}

func (p *stdArena) buffer(frames int) {
	for range frames {
		a := arena.NewArena()
		for range buffers {
			s := arena.MakeSlice[byte](a, bufferSize, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.Free()
	}
}

func (p *stdArena) frame(frames int) {
	for range frames {
		arena.NewArena().Free()
	}
}
