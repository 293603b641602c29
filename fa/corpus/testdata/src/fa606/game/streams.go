package game

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

type streamed struct {
	worker *framealloc.Worker
	pixels *stream.Entry[byte]
}

// The data may have made room for other data.
func (s *streamed) late() byte {
	f := s.worker.BeginFrame()
	p, ok := s.pixels.Use(f)
	s.worker.EndFrame()
	if !ok {
		return 0
	}
	return p[0] // bad FA606
}

// good FA606: a rollback does not give it back, and the next frame asks again
func (s *streamed) again() byte {
	f := s.worker.BeginFrame()
	c := f.Checkpoint()
	p, ok := s.pixels.Use(f)
	f.Rollback(c)
	first := byte(0)
	if ok {
		first = p[0]
	}
	s.worker.EndFrame()
	f = s.worker.BeginFrame()
	defer s.worker.EndFrame()
	if p, ok = s.pixels.Use(f); ok {
		first += p[0]
	}
	return first
}
