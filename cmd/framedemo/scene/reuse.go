package scene

import (
	"strconv"
	"sync"
	"unsafe"
)

// reusedMemory is what an expert writes today: blocks of values that are handed
// out again in each frame, slices cut back to nothing, a map that is cleared,
// buffers from a sync.Pool. Every kind of data needs its own.
type reusedMemory struct {
	nodes     blocks[node]
	entries   blocks[entry]
	contacts  blocks[contact]
	triangles blocks[triangle]
	binneds   blocks[binned]

	seen  reusedVisited
	open  []*node
	path  []int32
	cells []*entry
	list  []*contact
	bins  []*binned
	verts [][]vertex
	used  int // of verts
	text  sync.Pool
}

func newReusedMemory() *reusedMemory {
	return &reusedMemory{seen: reusedVisited{}, text: sync.Pool{New: func() any { b := make([]byte, 0, 64); return &b }}}
}

// blocks hands out values from blocks that stay where they are.
type blocks[T any] struct {
	all [][]T
	n   int
}

const blockSize = 1024

func (b *blocks[T]) next() *T {
	i := b.n / blockSize
	if i == len(b.all) {
		b.all = append(b.all, make([]T, blockSize))
	}
	p := &b.all[i][b.n%blockSize]
	b.n++
	return p
}

type reusedVisited map[int32]*node

func (v reusedVisited) Get(cell int32) (*node, bool) { n, ok := v[cell]; return n, ok }
func (v reusedVisited) Put(cell int32, n *node)      { v[cell] = n }

func (m *reusedMemory) Begin() {}
func (m *reusedMemory) End() {
	m.nodes.n, m.entries.n, m.contacts.n, m.triangles.n, m.binneds.n, m.used = 0, 0, 0, 0, 0, 0
}
func (m *reusedMemory) Tag(string) (end func()) { return noTag }
func (m *reusedMemory) Tags() []Tag             { return nil }
func (m *reusedMemory) Close()                  {}

func (m *reusedMemory) Node() *node          { return m.nodes.next() }
func (m *reusedMemory) Entry() *entry        { return m.entries.next() }
func (m *reusedMemory) Contact() *contact    { return m.contacts.next() }
func (m *reusedMemory) Triangle() *triangle  { return m.triangles.next() }
func (m *reusedMemory) Binned() *binned      { return m.binneds.next() }
func (m *reusedMemory) Visited() visited     { clear(m.seen); return m.seen }
func (m *reusedMemory) Open() []*node        { return m.open[:0] }
func (m *reusedMemory) Contacts() []*contact { return m.list[:0] }
func (m *reusedMemory) Path(n int) []int32   { m.path = atLeast(m.path, n); return m.path[:n] }
func (m *reusedMemory) Cells(n int) []*entry {
	m.cells = atLeast(m.cells, n)
	clear(m.cells[:n])
	return m.cells[:n]
}
func (m *reusedMemory) Bins(n int) []*binned {
	m.bins = atLeast(m.bins, n)
	clear(m.bins[:n])
	return m.bins[:n]
}

func (m *reusedMemory) PushOpen(s []*node, n *node) []*node {
	m.open = append(s, n)
	return m.open
}

func (m *reusedMemory) PushContact(s []*contact, c *contact) []*contact {
	m.list = append(s, c)
	return m.list
}

func (m *reusedMemory) Vertices(n int) []vertex {
	if m.used == len(m.verts) {
		m.verts = append(m.verts, nil)
	}
	v := &m.verts[m.used]
	m.used++
	*v = atLeast(*v, n)
	return (*v)[:n]
}

func atLeast[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:cap(s)]
}

// Line formats into a pooled buffer and hands out a string over it, which is
// good until the next line: what an expert does when every allocation counts.
func (m *reusedMemory) Line(label string, a, b int) string {
	p := m.text.Get().(*[]byte)
	s := append(append((*p)[:0], label...), ' ')
	s = strconv.AppendInt(s, int64(a), 10)
	if b >= 0 {
		s = append(strconv.AppendInt(append(s, " / "...), int64(b), 10), " cells"...)
	}
	*p = s
	m.text.Put(p)
	return unsafe.String(unsafe.SliceData(s), len(s))
}
