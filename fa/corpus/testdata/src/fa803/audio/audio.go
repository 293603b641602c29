// Package audio may use pools alone.
package audio

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
	"github.com/framealloc/framealloc/stream"
)

type block struct{ samples [512]float32 }

func heap(w *framealloc.Worker, n int) []float32 {
	return framealloc.HeapSlice[float32](w, n) // bad FA803
}

func frame(f *framealloc.Frame) float32 {
	return framealloc.Slice[float32](f, 8)[0] // bad FA803
}

func object(w *framealloc.Worker) *block {
	return framealloc.HeapNew[block](w) // bad FA803
}

func scratch(s *framealloc.Scratch) int {
	return len(framealloc.Bytes(s.Frame(), 8)) // bad FA803
}

// good FA803: a pool
func pooled(w *framealloc.Worker) {
	b := framealloc.PoolGet[block](w)
	defer framealloc.PoolPut(w, b)
	b.samples[0] = 1
}

// good FA803: a pool of its own
func own(w *framealloc.Worker) {
	p := framealloc.PoolOf[block](w)
	b := p.Get()
	p.Put(b)
}

// good FA803: a box
func boxed(w *framealloc.Worker) {
	b := framealloc.PoolBox[block](w)
	b.Get().samples[0] = 1
	b.Free()
}

func named(t *handle.Table[block]) handle.Handle[block] {
	return t.New() // bad FA803
}

// good FA803: to look at a table takes no memory
func look(t *handle.Table[block], h handle.Handle[block]) float32 {
	if b, ok := t.Lookup(h); ok {
		return b.samples[0]
	}
	t.Free(h)
	return float32(t.Len())
}

func streamed(f *framealloc.Frame, e *stream.Entry[float32]) float32 {
	if samples, ok := e.Use(f); ok { // bad FA803
		return samples[0]
	}
	e.Request()
	return 0
}
