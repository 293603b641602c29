package peers

import (
	"unsafe"

	"github.com/jokruger/slab"
)

// jokrugerPeer is jokruger/slab: a slab for each type, of a fixed size, and the
// heap beyond it. It zeroes objects, not slices, which are cleared here where
// the case asks for it.
var jokrugerPeer = Peer{
	Name:    "jokruger",
	Version: "github.com/jokruger/slab v1.0.3",
	New: func() *Subject {
		p := &jokrugerSlabs{
			slab16:      slab.NewSlab[obj16](small, nil),
			slab64:      slab.NewSlab[obj64](small, nil),
			slab1K:      slab.NewSlab[obj1K](large, nil),
			nodes:       slab.NewSlab[Node](small, nil),
			floatSlices: slab.NewSliceSlab[float32](large, floatCount),
			byteSlices:  slab.NewSliceSlab[byte](buffers, bufferSize),
		}
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
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(p.slab16.Alloc()) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(p.slab64.Alloc()) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(p.slab1K.Alloc()) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(p.nodes.Alloc()) },
				Floats: func() unsafe.Pointer {
					s := p.floatSlices.Alloc(floatCount, true)
					clear(s)
					return unsafe.Pointer(&s[0])
				},
				Buffer: func() unsafe.Pointer {
					s := p.byteSlices.Alloc(bufferSize, true)
					clear(s)
					return unsafe.Pointer(&s[0])
				},
				BufferUninit: func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(p.byteSlices.Alloc(bufferSize, true))) },
			},
			Reset: p.reset,
		}
	},
}

type jokrugerSlabs struct {
	slab16      slab.Slab[obj16]
	slab64      slab.Slab[obj64]
	slab1K      slab.Slab[obj1K]
	nodes       slab.Slab[Node]
	floatSlices slab.SliceSlab[float32]
	byteSlices  slab.SliceSlab[byte]
}

func (p *jokrugerSlabs) reset() {
	p.slab16.Reset()
	p.slab64.Reset()
	p.slab1K.Reset()
	p.nodes.Reset()
	p.floatSlices.Reset()
	p.byteSlices.Reset()
}

func (p *jokrugerSlabs) size16(frames int) {
	for range frames {
		for range small {
			v := p.slab16.Alloc()
			v[0] = 1
			sink16 = v
		}
		p.slab16.Reset()
	}
}

func (p *jokrugerSlabs) size64(frames int) {
	for range frames {
		for range small {
			v := p.slab64.Alloc()
			v[0] = 1
			sink64 = v
		}
		p.slab64.Reset()
	}
}

func (p *jokrugerSlabs) size1K(frames int) {
	for range frames {
		for range large {
			v := p.slab1K.Alloc()
			v[0] = 1
			sink1K = v
		}
		p.slab1K.Reset()
	}
}

func (p *jokrugerSlabs) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := p.nodes.Alloc()
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.nodes.Reset()
	}
}

func (p *jokrugerSlabs) floats(frames int) {
	for range frames {
		for range large {
			s := p.floatSlices.Alloc(floatCount, true)
			clear(s)
			s[0] = 1
			sinkFloats = s
		}
		p.floatSlices.Reset()
	}
}

func (p *jokrugerSlabs) buffer(frames int) {
	for range frames {
		for range buffers {
			s := p.byteSlices.Alloc(bufferSize, true)
			clear(s)
			s[0] = 1
			sinkBytes = s
		}
		p.byteSlices.Reset()
	}
}

func (p *jokrugerSlabs) bufferUninit(frames int) {
	for range frames {
		for range buffers {
			s := p.byteSlices.Alloc(bufferSize, true)
			s[0] = 1
			sinkBytes = s
		}
		p.byteSlices.Reset()
	}
}

func (p *jokrugerSlabs) frame(frames int) {
	for range frames {
		p.slab64.Reset()
	}
}
