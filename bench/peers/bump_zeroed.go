package peers

import (
	"unsafe"
)

// bumpZeroedPeer is the hand-written bump arena that zeroes each allocation.
var bumpZeroedPeer = Peer{
	Name:    "bump-zeroed",
	Version: "hand-written",
	New: func() *Subject {
		p := &bumpZeroed{newBump()}
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
				Bytes16:  func() unsafe.Pointer { v := (*obj16)(p.take(16)); *v = obj16{}; return unsafe.Pointer(v) },
				Bytes64:  func() unsafe.Pointer { v := (*obj64)(p.take(64)); *v = obj64{}; return unsafe.Pointer(v) },
				Bytes1K:  func() unsafe.Pointer { v := (*obj1K)(p.take(1024)); *v = obj1K{}; return unsafe.Pointer(v) },
				Pointers: func() unsafe.Pointer { v := (*Node)(p.take(64)); *v = Node{}; return unsafe.Pointer(v) },
				Floats: func() unsafe.Pointer {
					s := unsafe.Slice((*float32)(p.take(4*floatCount)), floatCount)
					clear(s)
					return unsafe.Pointer(&s[0])
				},
				Buffer: func() unsafe.Pointer {
					s := unsafe.Slice((*byte)(p.take(bufferSize)), bufferSize)
					clear(s)
					return unsafe.Pointer(&s[0])
				},
			},
			Reset: p.reset,
		}
	},
}

type bumpZeroed struct{ bump }

func (p *bumpZeroed) size16(frames int) {
	for range frames {
		for range small {
			v := (*obj16)(p.take(16))
			*v = obj16{}
			v[0] = 1
			sink16 = v
		}
		p.reset()
	}
}

func (p *bumpZeroed) size64(frames int) {
	for range frames {
		for range small {
			v := (*obj64)(p.take(64))
			*v = obj64{}
			v[0] = 1
			sink64 = v
		}
		p.reset()
	}
}

func (p *bumpZeroed) size1K(frames int) {
	for range frames {
		for range large {
			v := (*obj1K)(p.take(1024))
			*v = obj1K{}
			v[0] = 1
			sink1K = v
		}
		p.reset()
	}
}

func (p *bumpZeroed) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := (*Node)(p.take(64))
			*v = Node{}
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.reset()
	}
}

func (p *bumpZeroed) floats(frames int) {
	for range frames {
		for range large {
			s := unsafe.Slice((*float32)(p.take(4*floatCount)), floatCount)
			clear(s)
			s[0] = 1
			sinkFloats = s
		}
		p.reset()
	}
}

func (p *bumpZeroed) buffer(frames int) {
	for range frames {
		for range buffers {
			s := unsafe.Slice((*byte)(p.take(bufferSize)), bufferSize)
			clear(s)
			s[0] = 1
			sinkBytes = s
		}
		p.reset()
	}
}

func (p *bumpZeroed) frame(frames int) {
	for range frames {
		p.reset()
	}
}
