package peers

import (
	"unsafe"

	"github.com/framealloc/framealloc"
)

// frameallocArenaPeer is framealloc's typed handle, for loops over one type. The
// handle is asked for once a frame.
var frameallocArenaPeer = Peer{
	Name:    "framealloc-ArenaOf",
	Version: "this checkout",
	New: func() *Subject {
		p := &frameArenas{newFrames()}
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:  p.size16,
				Bytes64:  p.size64,
				Bytes1K:  p.size1K,
				Pointers: p.pointers,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.ArenaOf[obj16](p.current()).New()) },
				Bytes64:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.ArenaOf[obj64](p.current()).New()) },
				Bytes1K:  func() unsafe.Pointer { return unsafe.Pointer(framealloc.ArenaOf[obj1K](p.current()).New()) },
				Pointers: func() unsafe.Pointer { return unsafe.Pointer(framealloc.ArenaOf[Node](p.current()).New()) },
			},
			Reset: p.reset,
		}
	},
}

type frameArenas struct{ *frames }

func (p *frameArenas) size16(frames int) {
	a := p.alloc
	for range frames {
		h := framealloc.ArenaOf[obj16](a.BeginFrame())
		for range small {
			v := h.New()
			v[0] = 1
			sink16 = v
		}
		a.EndFrame()
	}
}

func (p *frameArenas) size64(frames int) {
	a := p.alloc
	for range frames {
		h := framealloc.ArenaOf[obj64](a.BeginFrame())
		for range small {
			v := h.New()
			v[0] = 1
			sink64 = v
		}
		a.EndFrame()
	}
}

func (p *frameArenas) size1K(frames int) {
	a := p.alloc
	for range frames {
		h := framealloc.ArenaOf[obj1K](a.BeginFrame())
		for range large {
			v := h.New()
			v[0] = 1
			sink1K = v
		}
		a.EndFrame()
	}
}

func (p *frameArenas) pointers(frames int) {
	a := p.alloc
	for range frames {
		h := framealloc.ArenaOf[Node](a.BeginFrame())
		var prev *Node
		for range small {
			v := h.New()
			v.Prev = prev
			prev, sinkNode = v, v
		}
		a.EndFrame()
	}
}
