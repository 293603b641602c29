package scene

import "fmt"

// heapMemory is plain Go: make what is needed, and let the collector find out.
type heapMemory struct{}

func (*heapMemory) Begin()                  {}
func (*heapMemory) End()                    {}
func (*heapMemory) Tag(string) (end func()) { return noTag }
func (*heapMemory) Tags() []Tag             { return nil }
func (*heapMemory) Close()                  {}

type heapVisited map[int32]*node

func (v heapVisited) Get(cell int32) (*node, bool) { n, ok := v[cell]; return n, ok }
func (v heapVisited) Put(cell int32, n *node)      { v[cell] = n }

func (*heapMemory) Node() *node                                     { return &node{} }
func (*heapMemory) Visited() visited                                { return heapVisited{} }
func (*heapMemory) Open() []*node                                   { return nil }
func (*heapMemory) PushOpen(s []*node, n *node) []*node             { return append(s, n) }
func (*heapMemory) Path(n int) []int32                              { return make([]int32, n) }
func (*heapMemory) Entry() *entry                                   { return &entry{} }
func (*heapMemory) Cells(n int) []*entry                            { return make([]*entry, n) }
func (*heapMemory) Contact() *contact                               { return &contact{} }
func (*heapMemory) Contacts() []*contact                            { return nil }
func (*heapMemory) PushContact(s []*contact, c *contact) []*contact { return append(s, c) }
func (*heapMemory) Vertices(n int) []vertex                         { return make([]vertex, n) }
func (*heapMemory) Triangle() *triangle                             { return &triangle{} }
func (*heapMemory) Binned() *binned                                 { return &binned{} }
func (*heapMemory) Bins(n int) []*binned                            { return make([]*binned, n) }

func (*heapMemory) Line(label string, a, b int) string {
	if b < 0 {
		return fmt.Sprintf("%s %d", label, a)
	}
	return fmt.Sprintf("%s %d / %d cells", label, a, b)
}
