package peers

import (
	"unsafe"

	"modernc.org/memory"
)

// moderncPeer is modernc.org/memory: malloc and free in Go over mapped memory,
// so a frame ends with a free for each object. Its errors are not looked at: the
// touch would panic.
var moderncPeer = Peer{
	Name:    "modernc",
	Version: "modernc.org/memory v1.12.1",
	New: func() *Subject {
		p := &moderncHeap{held: make([]unsafe.Pointer, 0, small)}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:      p.size16,
				Bytes64:      p.size64,
				Bytes1K:      p.size1K,
				Pointers:     p.pointers,
				Floats:       p.floats,
				Buffer:       p.buffer,
				BufferUninit: p.bufferUninit,
				Pool:         p.pair,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:      func() unsafe.Pointer { return p.take(16) },
				Bytes64:      func() unsafe.Pointer { return p.take(64) },
				Bytes1K:      func() unsafe.Pointer { return p.take(1024) },
				Pointers:     func() unsafe.Pointer { return p.take(64) },
				Floats:       func() unsafe.Pointer { return p.take(4 * floatCount) },
				Buffer:       func() unsafe.Pointer { return p.take(bufferSize) },
				BufferUninit: func() unsafe.Pointer { return p.take(bufferSize) },
			},
			Reset: p.reset,
		}
	},
}

type moderncHeap struct {
	heap memory.Allocator
	held []unsafe.Pointer // what the frame has taken
}

func (p *moderncHeap) take(size int) unsafe.Pointer {
	v, err := p.heap.UnsafeCalloc(size)
	if err != nil {
		panic(err)
	}
	p.held = append(p.held, v)
	return v
}

func (p *moderncHeap) reset() {
	for _, v := range p.held {
		_ = p.heap.UnsafeFree(v)
	}
	p.held = p.held[:0]
}

func (p *moderncHeap) size16(frames int) {
	a := &p.heap
	for range frames {
		for range small {
			q, _ := a.UnsafeCalloc(16)
			v := (*obj16)(q)
			p.held = append(p.held, q)
			v[0] = 1
			sink16 = v
		}
		p.reset()
	}
}

func (p *moderncHeap) size64(frames int) {
	a := &p.heap
	for range frames {
		for range small {
			q, _ := a.UnsafeCalloc(64)
			v := (*obj64)(q)
			p.held = append(p.held, q)
			v[0] = 1
			sink64 = v
		}
		p.reset()
	}
}

func (p *moderncHeap) size1K(frames int) {
	a := &p.heap
	for range frames {
		for range large {
			q, _ := a.UnsafeCalloc(1024)
			v := (*obj1K)(q)
			p.held = append(p.held, q)
			v[0] = 1
			sink1K = v
		}
		p.reset()
	}
}

func (p *moderncHeap) pointers(frames int) {
	a := &p.heap
	for range frames {
		var prev *Node
		for range small {
			q, _ := a.UnsafeCalloc(64)
			v := (*Node)(q)
			p.held = append(p.held, q)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.reset()
	}
}

func (p *moderncHeap) floats(frames int) {
	a := &p.heap
	for range frames {
		for range large {
			q, _ := a.UnsafeCalloc(4 * floatCount)
			p.held = append(p.held, q)
			s := unsafe.Slice((*float32)(q), floatCount)
			s[0] = 1
			sinkFloats = s
		}
		p.reset()
	}
}

func (p *moderncHeap) buffer(frames int) {
	a := &p.heap
	for range frames {
		for range buffers {
			q, _ := a.UnsafeCalloc(bufferSize)
			p.held = append(p.held, q)
			s := unsafe.Slice((*byte)(q), bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		p.reset()
	}
}

func (p *moderncHeap) bufferUninit(frames int) {
	a := &p.heap
	for range frames {
		for range buffers {
			q, _ := a.UnsafeMalloc(bufferSize)
			p.held = append(p.held, q)
			s := unsafe.Slice((*byte)(q), bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		p.reset()
	}
}

func (p *moderncHeap) pair(frames int) {
	a := &p.heap
	for range frames {
		for range small {
			q, _ := a.UnsafeCalloc(64)
			v := (*obj64)(q)
			v[0] = 1
			sink64 = v
			_ = a.UnsafeFree(q)
		}
	}
}
