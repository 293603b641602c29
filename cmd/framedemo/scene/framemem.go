package scene

import (
	"fmt"

	"github.com/framealloc/framealloc"
)

// frameMemory is framealloc: everything of a frame comes from the frame.
type frameMemory struct {
	alloc *framealloc.Allocator
	frame *framealloc.Frame
	mixed bool // a quarter of the allocations are left on the heap, as in a program half converted
	tags  []Tag

	// Handles for the loops that allocate many, made anew in each frame.
	nodes     framealloc.Arena[node]
	entries   framealloc.Arena[entry]
	triangles framealloc.Arena[triangle]
	binneds   framealloc.Arena[binned]
}

// newFrameMemory reserves what a busy frame takes, as one would while a level
// loads, so that no later record frame has to grow.
func newFrameMemory(mixed bool) *frameMemory {
	a := framealloc.NewAllocator(framealloc.Config{ChunkSize: 4 * framealloc.MiB, Prefault: true})
	framealloc.Reserve[node](a, 60_000)
	framealloc.Reserve[*node](a, 200_000)
	framealloc.Reserve[entry](a, 2*agentCount)
	framealloc.Reserve[contact](a, 20*agentCount)
	framealloc.Reserve[*contact](a, 60*agentCount)
	framealloc.Reserve[triangle](a, 20_000)
	framealloc.Reserve[binned](a, 60_000)
	return &frameMemory{alloc: a, mixed: mixed}
}

func (m *frameMemory) Begin() {
	f := m.alloc.BeginFrame()
	m.frame = f
	m.nodes, m.entries = framealloc.ArenaOf[node](f), framealloc.ArenaOf[entry](f)
	m.triangles, m.binneds = framealloc.ArenaOf[triangle](f), framealloc.ArenaOf[binned](f)
}

func (m *frameMemory) End() { m.alloc.EndFrame() }

func (m *frameMemory) Tag(name string) (end func()) { return m.frame.Tag(name) }

func (m *frameMemory) Tags() []Tag {
	m.tags = m.tags[:0]
	for _, s := range m.alloc.TagStats() {
		if s.LastFrameAllocations > 0 {
			m.tags = append(m.tags, Tag{s.Path, s.LastFrameBytes, s.LastFrameAllocations})
		}
	}
	return m.tags
}

func (m *frameMemory) Close() { m.alloc.Close() }

type frameVisited struct {
	*framealloc.Map[int32, *node]
}

func (v frameVisited) Put(cell int32, n *node) { v.Map.Put(cell, n) }

func (m *frameMemory) Node() *node { return m.nodes.New() }
func (m *frameMemory) Visited() visited {
	return frameVisited{framealloc.NewMap[int32, *node](m.frame, 512)}
}
func (m *frameMemory) Open() []*node { return framealloc.SliceCap[*node](m.frame, 0, 256) }
func (m *frameMemory) PushOpen(s []*node, n *node) []*node {
	return framealloc.Append(m.frame, s, n)
}
func (m *frameMemory) Path(n int) []int32 { return framealloc.SliceUninit[int32](m.frame, n) }

func (m *frameMemory) Entry() *entry        { return m.entries.New() }
func (m *frameMemory) Cells(n int) []*entry { return framealloc.Slice[*entry](m.frame, n) }

func (m *frameMemory) Contact() *contact {
	if m.mixed {
		return &contact{} // heap, on purpose
	}
	return framealloc.New[contact](m.frame)
}

func (m *frameMemory) Contacts() []*contact { return framealloc.SliceCap[*contact](m.frame, 0, 1024) }
func (m *frameMemory) PushContact(s []*contact, c *contact) []*contact {
	return framealloc.Append(m.frame, s, c)
}

func (m *frameMemory) Vertices(n int) []vertex {
	return framealloc.SliceUninit[vertex](m.frame, n) // every one is written before it is read
}

func (m *frameMemory) Triangle() *triangle {
	if m.mixed {
		return new(triangle) // heap, on purpose
	}
	return m.triangles.New()
}

func (m *frameMemory) Binned() *binned      { return m.binneds.New() }
func (m *frameMemory) Bins(n int) []*binned { return framealloc.Slice[*binned](m.frame, n) }

func (m *frameMemory) Line(label string, a, b int) string {
	if m.mixed && b < 0 {
		return fmt.Sprintf("%s %d", label, a) // heap, on purpose
	}
	t := framealloc.NewText(m.frame).Str(label).Str(" ").Int(a)
	if b >= 0 {
		t.Str(" / ").Int(b).Str(" cells")
	}
	return t.String()
}
