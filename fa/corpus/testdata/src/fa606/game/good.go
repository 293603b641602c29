package game

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// good FA606: read before the end
func (s *sim) before() float32 {
	f := s.worker.BeginFrame()
	sums := framealloc.Slice[float32](f, 4)
	sum := sums[0]
	s.worker.EndFrame()
	return sum
}

// good FA606: a deferred end comes last
func (s *sim) deferred() float32 {
	f := s.worker.BeginFrame()
	defer s.worker.EndFrame()
	sums := framealloc.Slice[float32](f, 4)
	return sums[0]
}

// good FA606: new memory in each turn
func (s *sim) turns(n int) {
	for range n {
		f := s.worker.BeginFrame()
		b := framealloc.New[body](f)
		b.pos[0] = 1
		s.worker.EndFrame()
	}
}

// good FA606: the variable is set again before it is read
func (s *sim) again(n int) {
	var b *body
	for range n {
		f := s.worker.BeginFrame()
		b = framealloc.New[body](f)
		b.pos[0] = 1
		s.worker.EndFrame()
		b = nil
	}
	if b != nil {
		b.pos[0] = 2
	}
}

// good FA606: another worker's frame ended
func (s *sim) other(w *framealloc.Worker) float32 {
	f := s.worker.BeginFrame()
	defer s.worker.EndFrame()
	b := framealloc.New[body](f)
	w.BeginFrame()
	w.EndFrame()
	return b.pos[0]
}

// good FA606: the length and the pointer itself are not in frame memory
func (s *sim) length() int {
	f := s.worker.BeginFrame()
	b := framealloc.Slice[body](f, 4)
	s.worker.EndFrame()
	return len(b) + cap(b)
}

// good FA606: an early return on the branch that ends the frame
func (s *sim) early(stop bool) float32 {
	f := s.worker.BeginFrame()
	b := framealloc.New[body](f)
	if stop {
		s.worker.EndFrame()
		return 0
	}
	x := b.pos[0]
	s.worker.EndFrame()
	return x
}

// good FA606: allocated before the checkpoint
func older(f *framealloc.Frame, ok bool) float32 {
	b := framealloc.New[body](f)
	cp := f.Checkpoint()
	list := framealloc.Slice[int](f, 10)
	list[0] = 1
	if !ok {
		f.Rollback(cp)
	}
	return b.pos[0]
}

// good FA606: committed
func committed(f *framealloc.Frame) int {
	g := f.Guard()
	list := framealloc.Slice[int](f, 10)
	g.Commit()
	return list[3]
}

// good FA606: an error's text is the heap's
func (s *sim) failing() error {
	f := s.worker.BeginFrame()
	_, err := framealloc.TryNew[body](f)
	s.worker.EndFrame()
	if err != nil {
		return fmt.Errorf("no body: %w", err)
	}
	return nil
}

// good FA606: the heap's values that were listed in frame memory
func (s *sim) listed() float32 {
	f := s.worker.BeginFrame()
	list := framealloc.SliceCap[*body](f, 0, len(s.bodies))
	for i := range s.bodies {
		list = append(list, &s.bodies[i])
	}
	first := list[0]
	s.worker.EndFrame()
	return first.pos[0]
}

// good FA606: a new frame's memory under the same name
func (s *sim) two() float32 {
	f := s.worker.BeginFrame()
	b := framealloc.New[body](f)
	b.pos[0] = 1
	s.worker.EndFrame()
	f = s.worker.BeginFrame()
	b = framealloc.New[body](f)
	x := b.pos[0]
	s.worker.EndFrame()
	return x
}
