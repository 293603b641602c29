package game

import "github.com/framealloc/framealloc"

// Members keeps what events refer to, and not the events.
type Members struct {
	alloc *framealloc.Allocator
	names []string
	hits  []*int
	last  string
}

type hit struct {
	name string
	hits *int
}

// good FA601: the event is in frame memory, what it refers to is not
func (m *Members) Step() {
	f := m.alloc.BeginFrame()
	defer m.alloc.EndFrame()
	e := framealloc.New[hit](f)
	e.hits = new(int)
	m.name(e)
	m.hit(e)
	m.set(e)
}

// The same, of an event that refers to frame memory.
func (m *Members) Frame() {
	f := m.alloc.BeginFrame()
	defer m.alloc.EndFrame()
	e := framealloc.New[hit](f)
	e.hits = framealloc.New[int](f)
	e.name = framealloc.String(f, "hit")
	m.name(e) // bad FA601
	m.hit(e)  // bad FA601
	m.set(e)  // bad FA601
}

func (m *Members) name(e *hit) { m.names = append(m.names, e.name) }
func (m *Members) hit(e *hit)  { m.hits = append(m.hits, e.hits) }
func (m *Members) set(e *hit)  { m.last = e.name }
