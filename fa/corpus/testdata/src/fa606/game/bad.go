// Package game uses frame memory behind its end.
package game

import (
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/group"
)

type body struct {
	pos, vel [3]float32
	name     string
	next     *body
}

type sim struct {
	worker *framealloc.Worker
	bodies []body
	total  float32
}

// Read behind the end.
func (s *sim) read() float32 {
	f := s.worker.BeginFrame()
	sums := framealloc.Slice[float32](f, 4)
	s.worker.EndFrame()
	return sums[0] // bad FA606
}

// Written behind the end.
func (s *sim) write() {
	f := s.worker.BeginFrame()
	b := framealloc.New[body](f)
	s.worker.EndFrame()
	b.pos[0] = 1 // bad FA606
}

// Printed behind the end.
func (s *sim) print() {
	f := s.worker.BeginFrame()
	name := framealloc.Sprintf(f, "frame %d", f.Number())
	s.worker.EndFrame()
	fmt.Println("done:", name) // bad FA606
}

// Passed to a function that looks at it.
func (s *sim) pass() {
	f := s.worker.BeginFrame()
	v := framealloc.NewVec[body](f, 8)
	s.worker.EndFrame()
	s.total = sum(v.Slice()) // bad FA606
}

func sum(bs []body) (t float32) {
	for i := range bs {
		t += bs[i].pos[0]
	}
	return t
}

// The frame is ended by a helper of the receiver's.
func (s *sim) finish() { s.worker.EndFrame() }

func (s *sim) helper() float32 {
	f := s.worker.BeginFrame()
	b := framealloc.New[body](f)
	s.finish()
	return b.vel[1] // bad FA606
}

// The one of the turn before.
func (s *sim) loop(n int) {
	var prev *body
	for range n {
		f := s.worker.BeginFrame()
		b := framealloc.New[body](f)
		if prev != nil {
			b.pos = prev.pos // bad FA606
		}
		prev = b
		s.worker.EndFrame()
	}
}

// Given back by a rollback.
func try(f *framealloc.Frame, ok func(*body) bool) float32 {
	cp := f.Checkpoint()
	b := framealloc.New[body](f)
	if !ok(b) {
		f.Rollback(cp)
		return b.pos[0] // bad FA606
	}
	return 0
}

// Given back by a guard.
func guarded(f *framealloc.Frame) int {
	g := f.Guard()
	list := framealloc.Slice[int](f, 10)
	g.Rollback()
	return list[3] // bad FA606
}

// A scratch pool that was reset.
func scratch(s *framealloc.Scratch) byte {
	b := framealloc.Bytes(s.Frame(), 64)
	s.Reset()
	return b[0] // bad FA606
}

// A group that was freed.
func level(a *framealloc.Allocator) int {
	g := group.New(a, "level 1")
	ids := framealloc.Slice[int](g.Frame(), 64)
	g.Free()
	return ids[0] // bad FA606
}

// A captured variable.
func (s *sim) captured() {
	f := s.worker.BeginFrame()
	b := framealloc.New[body](f)
	set := func() { b.vel[0] = 2 }
	set()
	s.worker.EndFrame()
	b.vel[1] = 1 // bad FA606
}

// A field of something on the stack.
func (s *sim) field() string {
	var local struct{ b *body }
	f := s.worker.BeginFrame()
	local.b = framealloc.New[body](f)
	s.worker.EndFrame()
	return local.b.name // bad FA606
}

// A string built in frame memory.
func (s *sim) text() int {
	f := s.worker.BeginFrame()
	t := framealloc.NewText(f).Str("hits ").Int(3).String()
	s.worker.EndFrame()
	if t == "hits 3" { // bad FA606
		return 1
	}
	return 0
}
