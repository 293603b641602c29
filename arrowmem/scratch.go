package arrowmem

import (
	"errors"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
)

// A Scratch is an [Allocator] with memory of its own, which Reset gives back: at each
// frame's end, or after some batches. Its memory belongs to no goroutine and no frame,
// so that Arrow's compute functions may run on it in any debug mode.
type Scratch struct {
	*Allocator
	worker  *framealloc.Worker
	scratch *framealloc.Scratch
}

// NewScratch returns a Scratch of a's. Its worker and its scratch have the given name in
// a's statistics and reports; each Reset counts as a frame of that worker. It panics with FA207 when a is closed.
func NewScratch(a *framealloc.Allocator, name string) *Scratch {
	w := a.NewWorker(name)
	s := w.Scratch(name)
	return &Scratch{New(bytealloc.FromFrame(s.Frame())), w, s}
}

// Memory returns the scratch below, for its statistics and its limit.
func (s *Scratch) Memory() *framealloc.Scratch { return s.scratch }

// Reset gives all memory back and keeps it for what comes next. It returns [Allocator.Err]:
// what it says is not released reads other bytes from here on. No other goroutine may
// use the Scratch at the same time, but to release.
func (s *Scratch) Reset() error {
	err := s.Err()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scratch.Reset()
	// An empty frame: with it the worker takes up changed settings and debug
	// modes, and what poison and guard mode hold back gets older.
	s.worker.BeginFrame()
	s.worker.EndFrame()
	return err
}

// Close gives all memory back for good, and returns what Reset does. Allocating from
// here on panics with FA001; releasing does not. Closing twice does nothing more.
func (s *Scratch) Close() error {
	err := s.Err()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scratch.Free()
	return errors.Join(err, s.worker.Close())
}
