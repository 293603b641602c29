package peers

import (
	"unsafe"

	"github.com/fmstephe/memorymanager/offheap"
)

// fmstephePeer is fmstephe/memorymanager: mapped memory by size class, reached
// through checked references, freed one by one. It does not zero, so the loops
// do, and it refuses types with pointers.
var fmstephePeer = Peer{
	Name:    "fmstephe",
	Version: "github.com/fmstephe/memorymanager v0.0.3",
	New: func() *Subject {
		p := newFmstephe()
		return &Subject{
			Runs: map[Case]func(int){
				Bytes16:      p.size16,
				Bytes64:      p.size64,
				Bytes1K:      p.size1K,
				Floats:       p.floats,
				Buffer:       p.buffer,
				BufferUninit: p.bufferUninit,
				Pool:         p.pair,
			},
			Take: map[Case]func() unsafe.Pointer{
				Bytes16:      func() unsafe.Pointer { return p.of16.take(p.store) },
				Bytes64:      func() unsafe.Pointer { return p.of64.take(p.store) },
				Bytes1K:      func() unsafe.Pointer { return p.of1K.take(p.store) },
				Pointers:     func() unsafe.Pointer { return p.ofNodes.take(p.store) },
				Floats:       func() unsafe.Pointer { s := p.takeFloats(); clear(s); return unsafe.Pointer(&s[0]) },
				Buffer:       func() unsafe.Pointer { s := p.takeBytes(); clear(s); return unsafe.Pointer(&s[0]) },
				BufferUninit: func() unsafe.Pointer { return unsafe.Pointer(&p.takeBytes()[0]) },
			},
			Reset: p.reset,
		}
	},
}

type fmstepheStore struct {
	store     *offheap.Store
	of16      refs[obj16]
	of64      refs[obj64]
	of1K      refs[obj1K]
	ofNodes   refs[Node]
	floatRefs []offheap.RefSlice[float32]
	byteRefs  []offheap.RefSlice[byte]
}

// refs are the references that the frame has taken.
type refs[T any] []offheap.RefObject[T]

func newFmstephe() *fmstepheStore { return &fmstepheStore{store: offheap.New()} }

// take is for the tests; the loops below write it out.
func (r *refs[T]) take(store *offheap.Store) unsafe.Pointer {
	ref := offheap.AllocObject[T](store)
	*r = append(*r, ref)
	v := ref.Value()
	clear(unsafe.Slice(v, 1))
	return unsafe.Pointer(v)
}

func (r *refs[T]) free(store *offheap.Store) {
	for _, ref := range *r {
		offheap.FreeObject(store, ref)
	}
	*r = (*r)[:0]
}

func (p *fmstepheStore) takeBytes() []byte {
	ref := offheap.AllocSlice[byte](p.store, bufferSize, bufferSize)
	p.byteRefs = append(p.byteRefs, ref)
	return ref.Value()
}

func (p *fmstepheStore) takeFloats() []float32 {
	ref := offheap.AllocSlice[float32](p.store, floatCount, floatCount)
	p.floatRefs = append(p.floatRefs, ref)
	return ref.Value()
}

func (p *fmstepheStore) freeBytes() {
	for _, ref := range p.byteRefs {
		offheap.FreeSlice(p.store, ref)
	}
	p.byteRefs = p.byteRefs[:0]
}

func (p *fmstepheStore) freeFloats() {
	for _, ref := range p.floatRefs {
		offheap.FreeSlice(p.store, ref)
	}
	p.floatRefs = p.floatRefs[:0]
}

func (p *fmstepheStore) reset() {
	p.of16.free(p.store)
	p.of64.free(p.store)
	p.of1K.free(p.store)
	p.ofNodes.free(p.store)
	p.freeFloats()
	p.freeBytes()
}

func (p *fmstepheStore) size16(frames int) {
	store := p.store
	for range frames {
		for range small {
			ref := offheap.AllocObject[obj16](store)
			p.of16 = append(p.of16, ref)
			v := ref.Value()
			*v = obj16{}
			v[0] = 1
			sink16 = v
		}
		p.of16.free(store)
	}
}

func (p *fmstepheStore) size64(frames int) {
	store := p.store
	for range frames {
		for range small {
			ref := offheap.AllocObject[obj64](store)
			p.of64 = append(p.of64, ref)
			v := ref.Value()
			*v = obj64{}
			v[0] = 1
			sink64 = v
		}
		p.of64.free(store)
	}
}

func (p *fmstepheStore) size1K(frames int) {
	store := p.store
	for range frames {
		for range large {
			ref := offheap.AllocObject[obj1K](store)
			p.of1K = append(p.of1K, ref)
			v := ref.Value()
			*v = obj1K{}
			v[0] = 1
			sink1K = v
		}
		p.of1K.free(store)
	}
}

func (p *fmstepheStore) floats(frames int) {
	for range frames {
		for range large {
			s := p.takeFloats()
			clear(s)
			s[0] = 1
			sinkFloats = s
		}
		p.freeFloats()
	}
}

func (p *fmstepheStore) buffer(frames int) {
	for range frames {
		for range buffers {
			s := p.takeBytes()
			clear(s)
			s[0] = 1
			sinkBytes = s
		}
		p.freeBytes()
	}
}

func (p *fmstepheStore) bufferUninit(frames int) {
	for range frames {
		for range buffers {
			s := p.takeBytes()
			s[0] = 1
			sinkBytes = s
		}
		p.freeBytes()
	}
}

func (p *fmstepheStore) pair(frames int) {
	store := p.store
	for range frames {
		for range small {
			ref := offheap.AllocObject[obj64](store)
			v := ref.Value()
			*v = obj64{}
			v[0] = 1
			sink64 = v
			offheap.FreeObject(store, ref)
		}
	}
}
