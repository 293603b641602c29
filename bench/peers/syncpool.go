package peers

import (
	"sync"
	"unsafe"
)

// syncPoolPeer is sync.Pool, one for each type, used as a frame would: objects
// are kept until the frame ends and then put back one by one.
var syncPoolPeer = Peer{
	Name:    "sync.Pool",
	Version: "Go",
	New: func() *Subject {
		p := &syncPools{
			of16:     newHolder[obj16](),
			of64:     newHolder[obj64](),
			of1K:     newHolder[obj1K](),
			ofNodes:  newHolder[Node](),
			ofFloats: newHolder[[floatCount]float32](),
			ofBytes:  newHolder[[bufferSize]byte](),
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
				Pool:         p.pair,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:      func() unsafe.Pointer { return p.of16.take() },
				Bytes64:      func() unsafe.Pointer { return p.of64.take() },
				Bytes1K:      func() unsafe.Pointer { return p.of1K.take() },
				Pointers:     func() unsafe.Pointer { return p.ofNodes.take() },
				Floats:       func() unsafe.Pointer { return p.ofFloats.take() },
				Buffer:       func() unsafe.Pointer { return p.ofBytes.take() },
				BufferUninit: func() unsafe.Pointer { return p.ofBytes.take() },
			},
			Reset: p.reset,
		}
	},
}

type syncPools struct {
	of16     *holder[obj16]
	of64     *holder[obj64]
	of1K     *holder[obj1K]
	ofNodes  *holder[Node]
	ofFloats *holder[[floatCount]float32]
	ofBytes  *holder[[bufferSize]byte]
}

// A holder is a pool and what the frame has taken from it.
type holder[T any] struct {
	pool sync.Pool
	held []*T
}

func newHolder[T any]() *holder[T] {
	return &holder[T]{pool: sync.Pool{New: func() any { return new(T) }}, held: make([]*T, 0, small)}
}

// take is for the tests; the loops below write it out.
func (h *holder[T]) take() unsafe.Pointer {
	v := h.pool.Get().(*T)
	clear(unsafe.Slice(v, 1))
	h.held = append(h.held, v)
	return unsafe.Pointer(v)
}

func (h *holder[T]) reset() {
	for _, v := range h.held {
		h.pool.Put(v)
	}
	clear(h.held)
	h.held = h.held[:0]
}

func (p *syncPools) reset() {
	p.of16.reset()
	p.of64.reset()
	p.of1K.reset()
	p.ofNodes.reset()
	p.ofFloats.reset()
	p.ofBytes.reset()
}

func (p *syncPools) size16(frames int) {
	for range frames {
		for range small {
			v := p.of16.pool.Get().(*obj16)
			*v = obj16{}
			p.of16.held = append(p.of16.held, v)
			v[0] = 1
			sink16 = v
		}
		p.of16.reset()
	}
}

func (p *syncPools) size64(frames int) {
	for range frames {
		for range small {
			v := p.of64.pool.Get().(*obj64)
			*v = obj64{}
			p.of64.held = append(p.of64.held, v)
			v[0] = 1
			sink64 = v
		}
		p.of64.reset()
	}
}

func (p *syncPools) size1K(frames int) {
	for range frames {
		for range large {
			v := p.of1K.pool.Get().(*obj1K)
			*v = obj1K{}
			p.of1K.held = append(p.of1K.held, v)
			v[0] = 1
			sink1K = v
		}
		p.of1K.reset()
	}
}

func (p *syncPools) pointers(frames int) {
	for range frames {
		var prev *Node
		for range small {
			v := p.ofNodes.pool.Get().(*Node)
			*v = Node{}
			p.ofNodes.held = append(p.ofNodes.held, v)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		p.ofNodes.reset()
	}
}

func (p *syncPools) floats(frames int) {
	for range frames {
		for range large {
			v := p.ofFloats.pool.Get().(*[floatCount]float32)
			clear(v[:])
			p.ofFloats.held = append(p.ofFloats.held, v)
			s := v[:]
			s[0] = 1
			sinkFloats = s
		}
		p.ofFloats.reset()
	}
}

func (p *syncPools) buffer(frames int) {
	for range frames {
		for range buffers {
			v := p.ofBytes.pool.Get().(*[bufferSize]byte)
			clear(v[:])
			p.ofBytes.held = append(p.ofBytes.held, v)
			s := v[:]
			s[0] = 1
			sinkBytes = s
		}
		p.ofBytes.reset()
	}
}

func (p *syncPools) bufferUninit(frames int) {
	for range frames {
		for range buffers {
			v := p.ofBytes.pool.Get().(*[bufferSize]byte)
			p.ofBytes.held = append(p.ofBytes.held, v)
			s := v[:]
			s[0] = 1
			sinkBytes = s
		}
		p.ofBytes.reset()
	}
}

// pair takes one object and puts it back.
func (p *syncPools) pair(frames int) {
	for range frames {
		for range small {
			v := p.of64.pool.Get().(*obj64)
			*v = obj64{}
			v[0] = 1
			sink64 = v
			p.of64.pool.Put(v)
		}
	}
}
