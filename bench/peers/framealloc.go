package peers

import (
	"unsafe"

	"github.com/framealloc/framealloc"
)

// frameallocPeer is framealloc as most code uses it: New and Slice on a frame,
// PoolOf.
var frameallocPeer = Peer{
	Name:    "framealloc",
	Version: "this checkout",
	New: func() *Subject {
		p := newFrames()
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
				Frame:        p.empty,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.New[obj16](p.current())) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.New[obj64](p.current())) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.New[obj1K](p.current())) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(framealloc.New[Node](p.current())) },
				Floats: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(framealloc.Slice[float32](p.current(), floatCount)))
				},
				Buffer: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(framealloc.Slice[byte](p.current(), bufferSize)))
				},
				BufferUninit: func() unsafe.Pointer {
					return unsafe.Pointer(unsafe.SliceData(framealloc.SliceUninit[byte](p.current(), bufferSize)))
				},
				Pool: func() unsafe.Pointer { return unsafe.Pointer(p.pool.Get()) },
			},
			Reset: p.reset,
		}
	},
}

type frames struct {
	alloc *framealloc.Allocator
	pool  *framealloc.Pool[obj64]
	frame *framealloc.Frame // of the tests, nil between frames
}

func newFrames() *frames {
	alloc := framealloc.NewAllocator(framealloc.Config{ChunkSize: chunkSize})
	// The pool is another worker's: what one costs a frame must not show in the
	// case that measures the other.
	return &frames{alloc: alloc, pool: framealloc.PoolOf[obj64](alloc.NewWorker("pool"))}
}

// current is the frame of the tests, begun when it is first needed.
func (p *frames) current() *framealloc.Frame {
	if p.frame == nil {
		p.frame = p.alloc.BeginFrame()
	}
	return p.frame
}

func (p *frames) reset() {
	if p.frame != nil {
		p.frame = nil
		p.alloc.EndFrame()
	}
}

func (p *frames) size16(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range small {
			v := framealloc.New[obj16](f)
			v[0] = 1
			sink16 = v
		}
		a.EndFrame()
	}
}

func (p *frames) size64(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range small {
			v := framealloc.New[obj64](f)
			v[0] = 1
			sink64 = v
		}
		a.EndFrame()
	}
}

func (p *frames) size1K(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range large {
			v := framealloc.New[obj1K](f)
			v[0] = 1
			sink1K = v
		}
		a.EndFrame()
	}
}

func (p *frames) pointers(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		var prev *Node
		for range small {
			v := framealloc.New[Node](f)
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.EndFrame()
	}
}

func (p *frames) floats(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range large {
			s := framealloc.Slice[float32](f, floatCount)
			s[0] = 1
			sinkFloats = s
		}
		a.EndFrame()
	}
}

func (p *frames) buffer(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range buffers {
			s := framealloc.Slice[byte](f, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.EndFrame()
	}
}

func (p *frames) bufferUninit(frames int) {
	a := p.alloc
	for range frames {
		f := a.BeginFrame()
		for range buffers {
			s := framealloc.SliceUninit[byte](f, bufferSize)
			s[0] = 1
			sinkBytes = s
		}
		a.EndFrame()
	}
}

func (p *frames) pair(frames int) {
	pool := p.pool
	for range frames {
		for range small {
			v := pool.Get()
			v[0] = 1
			sink64 = v
			pool.Put(v)
		}
	}
}

func (p *frames) empty(frames int) {
	a := p.alloc
	for range frames {
		a.BeginFrame()
		a.EndFrame()
	}
}
