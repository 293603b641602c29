package peers

import (
	"unsafe"
)

// heapPeer is Go's own allocator. The collector runs as it would.
var heapPeer = Peer{
	Name:    "heap",
	Version: "Go",
	New: func() *Subject {
		p := &heap{}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:  p.size16,
				Bytes64:  p.size64,
				Bytes1K:  p.size1K,
				Pointers: p.pointers,
				Floats:   p.floats,
				Buffer:   p.buffer,
				Pool:     p.size64,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(new(obj16)) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(new(obj64)) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(new(obj1K)) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(new(Node)) },
				Floats:   func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(make([]float32, floatCount))) },
				Buffer:   func() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(make([]byte, bufferSize))) },
			},
			Reset: func() {},
		}
	},
}

type heap struct{}

func (p *heap) size16(frames int) {
	for range frames {
		for range small {
			v := new(obj16)
			v[0] = 1
			sink16 = v
		}

	}
}

func (p *heap) size64(frames int) {
	for range frames {
		for range small {
			v := new(obj64)
			v[0] = 1
			sink64 = v
		}

	}
}

func (p *heap) size1K(frames int) {
	for range frames {
		for range large {
			v := new(obj1K)
			v[0] = 1
			sink1K = v
		}

	}
}

func (p *heap) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := new(Node)
			v.Prev = prev
			prev, sinkNode = v, v
		}

	}
}

func (p *heap) floats(frames int) {
	for range frames {
		for range large {
			s := make([]float32, floatCount)
			s[0] = 1
			sinkFloats = s
		}

	}
}

func (p *heap) buffer(frames int) {
	for range frames {
		for range buffers {
			s := make([]byte, bufferSize)
			s[0] = 1
			sinkBytes = s
		}

	}
}
