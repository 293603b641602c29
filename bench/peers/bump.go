package peers

import (
	"unsafe"
)

// bumpPeer is a bump arena as one would write it by hand, which never zeroes:
// what zeroing costs is the distance to it.
var bumpPeer = Peer{
	Name:    "bump",
	Version: "hand-written",
	Uninit:  true,
	New: func() *Subject {
		p := &bumpDirty{newBump()}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:      p.size16,
				Bytes64:      p.size64,
				Bytes1K:      p.size1K,
				Pointers:     p.pointers,
				BufferUninit: p.bufferUninit,
				Frame:        p.frame,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:      func() unsafe.Pointer { return p.take(16) },
				Bytes64:      func() unsafe.Pointer { return p.take(64) },
				Bytes1K:      func() unsafe.Pointer { return p.take(1024) },
				Pointers:     func() unsafe.Pointer { return p.take(64) },
				BufferUninit: func() unsafe.Pointer { return p.take(bufferSize) },
			},
			Reset: p.reset,
		}
	},
}

type bumpDirty struct{ bump }

// A bump hands out the bytes of one chunk from its end down, so that running
// out is a compare with zero.
type bump struct {
	base unsafe.Pointer
	free int // bytes left
	size int
}

func newBump() bump {
	words := make([]uint64, chunkSize/8+1) // the end of an unused chunk is inside it, too
	return bump{unsafe.Pointer(unsafe.SliceData(words)), chunkSize, chunkSize}
}

// take is inlined with its constant size. It keeps the test for a full chunk
// that a real one needs.
func (p *bump) take(size int) unsafe.Pointer {
	p.free -= size
	if p.free < 0 {
		p.full()
	}
	return unsafe.Add(p.base, p.free)
}

//go:noinline
func (p *bump) full() { panic("bump: the chunk is full") }

func (p *bump) reset() { p.free = p.size }

func (p *bumpDirty) size16(frames int) {
	for range frames {
		for range small {
			v := (*obj16)(p.take(16))
			v[0] = 1
			sink16 = v
		}
		p.reset()
	}
}

func (p *bumpDirty) size64(frames int) {
	for range frames {
		for range small {
			v := (*obj64)(p.take(64))
			v[0] = 1
			sink64 = v
		}
		p.reset()
	}
}

func (p *bumpDirty) size1K(frames int) {
	for range frames {
		for range large {
			v := (*obj1K)(p.take(1024))
			v[0] = 1
			sink1K = v
		}
		p.reset()
	}
}

func (p *bumpDirty) pointers(frames int) {
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

func (p *bumpDirty) bufferUninit(frames int) {
	for range frames {
		for range buffers {
			s := unsafe.Slice((*byte)(p.take(bufferSize)), bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		p.reset()
	}
}

func (p *bumpDirty) frame(frames int) {
	for range frames {
		p.reset()
	}
}
