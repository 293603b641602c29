package peers

import (
	"unsafe"
)

// slabPeer is a hand-written slab for each type, cleared in bulk when the frame
// ends: the floor for memory with pointers, and safe under the collector, which
// sees the type.
var slabPeer = Peer{
	Name:    "slab",
	Version: "hand-written",
	New: func() *Subject {
		p := &slabs{}
		p.slab16.init(small)
		p.slab64.init(small)
		p.slab1K.init(large)
		p.nodes.init(small)
		p.floatArrays.init(large)
		p.byteArrays.init(buffers)
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
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(p.slab16.take()) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(p.slab64.take()) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(p.slab1K.take()) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(p.nodes.take()) },
				Floats:   func() unsafe.Pointer { return unsafe.Pointer(p.floatArrays.take()) },
				Buffer:   func() unsafe.Pointer { return unsafe.Pointer(p.byteArrays.take()) },
			},
			Reset: p.reset,
		}
	},
}

type slabs struct {
	slab16      typedSlab[obj16]
	slab64      typedSlab[obj64]
	slab1K      typedSlab[obj1K]
	nodes       typedSlab[Node]
	floatArrays typedSlab[[floatCount]float32]
	byteArrays  typedSlab[[bufferSize]byte]
}

// A typedSlab hands out the elements of one slice, from its end down.
type typedSlab[T any] struct {
	memory []T
	free   int // elements left
}

func (s *typedSlab[T]) init(n int) { s.memory, s.free = make([]T, n), n }

func (s *typedSlab[T]) take() *T {
	s.free--
	if s.free < 0 {
		slabFull()
	}
	return &s.memory[s.free]
}

//go:noinline
func slabFull() { panic("slab: no element left") }

func (s *typedSlab[T]) reset() {
	clear(s.memory[s.free:])
	s.free = len(s.memory)
}

func (p *slabs) reset() {
	p.slab16.reset()
	p.slab64.reset()
	p.slab1K.reset()
	p.nodes.reset()
	p.floatArrays.reset()
	p.byteArrays.reset()
}

func (p *slabs) size16(frames int) {
	for range frames {
		for range small {
			v := p.slab16.take()
			v[0] = 1
			sink16 = v
		}
		p.slab16.reset()
	}
}

func (p *slabs) size64(frames int) {
	for range frames {
		for range small {
			v := p.slab64.take()
			v[0] = 1
			sink64 = v
		}
		p.slab64.reset()
	}
}

func (p *slabs) size1K(frames int) {
	for range frames {
		for range large {
			v := p.slab1K.take()
			v[0] = 1
			sink1K = v
		}
		p.slab1K.reset()
	}
}

func (p *slabs) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := p.nodes.take()
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.nodes.reset()
	}
}

func (p *slabs) floats(frames int) {
	for range frames {
		for range large {
			s := p.floatArrays.take()[:]
			s[0] = 1
			sinkFloats = s
		}
		p.floatArrays.reset()
	}
}

func (p *slabs) buffer(frames int) {
	for range frames {
		for range buffers {
			s := p.byteArrays.take()[:]
			s[0] = 1
			sinkBytes = s
		}
		p.byteArrays.reset()
	}
}

func (p *slabs) frame(frames int) {
	for range frames {
		p.slab64.reset()
	}
}
