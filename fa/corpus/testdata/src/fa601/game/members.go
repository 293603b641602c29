package game

import "github.com/framealloc/framealloc"

// Members keeps what events refer to, and not the events.
type Members struct {
	names   []string
	hits    []*int
	records []record
	last    record
	latest  *record
	copies  []hit
	copied  hit
	nested  pair
	any     any
}

type hit struct {
	name string
	hits *int
}

type record struct {
	name string
	hits *int
}

type pair struct {
	first hit
	n     int
}

// good FA601: the event is in frame memory, what it refers to is not
func (m *Members) Step(alloc *framealloc.Allocator) {
	f := alloc.BeginFrame()
	defer alloc.EndFrame()
	e := framealloc.New[hit](f)
	e.name, e.hits = "hit", new(int)
	m.name(e)
	m.hit(e)
	m.hitVia(e)
	m.hitViaVia(e)
	m.literal(e)
	m.record(e)
	m.pointer(e)
	m.whole(e)
	m.list(e)
	m.inside(e)
	m.boxed(e)
}

// The same, of an event that refers to frame memory.
func (m *Members) Frame(alloc *framealloc.Allocator) {
	f := alloc.BeginFrame()
	defer alloc.EndFrame()
	e := framealloc.New[hit](f)
	e.hits = framealloc.New[int](f)
	e.name = framealloc.String(f, "hit")
	m.name(e)      // bad FA601
	m.hit(e)       // bad FA601
	m.hitVia(e)    // bad FA601
	m.hitViaVia(e) // bad FA601
	m.literal(e)   // bad FA601
	m.record(e)    // bad FA601
	m.pointer(e)   // bad FA601
	m.whole(e)     // bad FA601
	m.list(e)      // bad FA601
	m.inside(e)    // bad FA601
	m.boxed(e)     // bad FA601
}

func (m *Members) name(e *hit)      { m.names = append(m.names, e.name) }
func (m *Members) hit(e *hit)       { m.hits = append(m.hits, e.hits) }
func (m *Members) hitVia(e *hit)    { m.hit(e) }
func (m *Members) hitViaVia(e *hit) { m.hitVia(e) }
func (m *Members) literal(e *hit)   { m.last = record{hits: e.hits} }
func (m *Members) record(e *hit)    { m.records = append(m.records, record{e.name, e.hits}) }
func (m *Members) pointer(e *hit)   { m.latest = &record{hits: e.hits} }
func (m *Members) whole(e *hit)     { m.copied = *e }
func (m *Members) list(e *hit)      { m.copies = append(m.copies, *e) }
func (m *Members) inside(e *hit)    { m.nested = pair{first: *e} }
func (m *Members) boxed(e *hit)     { m.any = e.hits }
