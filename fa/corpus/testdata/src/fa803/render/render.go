// Package render may use frames and scratch pools.
package render

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/group"
)

type mesh struct{ indices []uint32 }

func pooled(w *framealloc.Worker) *mesh {
	return framealloc.PoolGet[mesh](w) // bad FA803
}

func grouped(g *group.Group) *mesh {
	return framealloc.New[mesh](g.Frame()) // bad FA803
}

// good FA803: a frame
func frame(f *framealloc.Frame) int { return len(framealloc.Slice[int](f, 8)) }

// good FA803: a scratch pool
func scratch(s *framealloc.Scratch) int { return len(framealloc.Bytes(s.Frame(), 8)) }
