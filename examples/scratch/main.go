// Scratch spreads a job over several frames: its memory lives until it is reset,
// whatever frames begin and end meanwhile.
package main

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

const width, height = 64, 64

// search is a flood fill that does a bounded amount of work in each frame.
type search struct {
	scratch *framealloc.Scratch
	queue   *framealloc.Ring[int32]
	seen    []bool
	reached int
}

func begin(alloc *framealloc.Allocator, start int32) *search {
	scratch := alloc.Scratch("search")
	mem := scratch.Frame() // a frame of its own: everything works on it
	s := framealloc.New[search](mem)
	s.scratch = scratch
	s.queue = framealloc.NewRing[int32](mem, 2*width*height)
	s.seen = framealloc.Slice[bool](mem, width*height)
	s.queue.PushBack(start)
	return s
}

// step visits up to n cells and reports whether that was all.
func (s *search) step(n int) (done bool) {
	for range n {
		cell, ok := s.queue.PopFront()
		if !ok {
			return true
		}
		if s.seen[cell] {
			continue
		}
		s.seen[cell] = true
		s.reached++
		if x := cell % width; x > 0 {
			s.push(cell - 1)
		}
		if x := cell % width; x < width-1 {
			s.push(cell + 1)
		}
		if cell >= width {
			s.push(cell - width)
		}
		if cell < width*(height-1) {
			s.push(cell + width)
		}
	}
	return false
}

func (s *search) push(cell int32) {
	if !s.seen[cell] {
		s.queue.PushBack(cell)
	}
}

func main() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	for _, start := range []int32{0, width*height/2 + width/2} {
		s := begin(alloc, start)
		frames, done := 0, false
		for !done {
			alloc.Frame(func(*framealloc.Frame) { done = s.step(1000) })
			frames++
		}
		fmt.Printf("from %d: %d cells in %d frames\n", start, s.reached, frames)
		s.scratch.Reset() // s is gone with it
	}
	st := alloc.Scratch("search").Stats()
	fmt.Printf("scratch %q: %d resets, %d bytes in use\n", st.Name, st.Resets, st.Used)
}
