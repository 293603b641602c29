package peers

import (
	"unsafe"
)

// bumpClearedPeer is the hand-written bump arena that clears what was used, in
// bulk, when the frame ends: the floor for memory without pointers.
var bumpClearedPeer = Peer{
	Name:    "bump-cleared",
	Version: "hand-written",
	New: func() *Subject {
		p := &bumpCleared{newBump()}
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
				Bytes16:  func() unsafe.Pointer { return p.take(16) },
				Bytes64:  func() unsafe.Pointer { return p.take(64) },
				Bytes1K:  func() unsafe.Pointer { return p.take(1024) },
				Pointers: func() unsafe.Pointer { return p.take(64) },
				Floats:   func() unsafe.Pointer { return p.take(4 * floatCount) },
				Buffer:   func() unsafe.Pointer { return p.take(bufferSize) },
			},
			Reset: p.reset,
		}
	},
}

type bumpCleared struct{ bump }

func (p *bumpCleared) reset() {
	clear(unsafe.Slice((*byte)(unsafe.Add(p.base, p.free)), p.size-p.free))
	p.free = p.size
}

func (p *bumpCleared) size16(frames int) {
	for range frames {
		for range small {
			v := (*obj16)(p.take(16))
			v[0] = 1
			sink16 = v
		}
		p.reset()
	}
}

func (p *bumpCleared) size64(frames int) {
	for range frames {
		for range small {
			v := (*obj64)(p.take(64))
			v[0] = 1
			sink64 = v
		}
		p.reset()
	}
}

func (p *bumpCleared) size1K(frames int) {
	for range frames {
		for range large {
			v := (*obj1K)(p.take(1024))
			v[0] = 1
			sink1K = v
		}
		p.reset()
	}
}

func (p *bumpCleared) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := (*Node)(p.take(64))
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.reset()
	}
}

func (p *bumpCleared) floats(frames int) {
	for range frames {
		for range large {
			s := unsafe.Slice((*float32)(p.take(4*floatCount)), floatCount)
			s[0] = 1
			sinkFloats = s
		}
		p.reset()
	}
}

func (p *bumpCleared) buffer(frames int) {
	for range frames {
		for range buffers {
			s := unsafe.Slice((*byte)(p.take(bufferSize)), bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		p.reset()
	}
}

func (p *bumpCleared) frame(frames int) {
	for range frames {
		p.reset()
	}
}
