package game

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type named struct {
	worker *framealloc.Worker
	units  *handle.Table[unitOf]
	target handle.Handle[unitOf]
}

type unitOf struct {
	path []int
	hits int
}

// A value is made of what is gone.
func (n *named) late() {
	f := n.worker.BeginFrame()
	path := framealloc.Slice[int](f, 3)
	n.worker.EndFrame()
	n.units.NewValue(unitOf{hits: path[0]}) // bad FA606
}

// good FA606: a table is not of a frame
func (n *named) behind() int {
	f := n.worker.BeginFrame()
	path := framealloc.Slice[int](f, 3)
	u := n.units.Get(n.target)
	u.hits = path[0]
	h := n.units.NewValue(unitOf{hits: path[1]})
	n.worker.EndFrame()
	u.hits++
	for _, u := range n.units.All() {
		u.hits++
	}
	n.units.Free(h)
	n.units.Compact(0)
	return n.units.Get(n.target).hits
}

// good FA606: the field is set for the frame, and the other value's is the table's
func (n *named) between(h handle.Handle[unitOf]) int {
	f := n.worker.BeginFrame()
	u := n.units.Get(n.target)
	u.path = framealloc.Slice[int](f, 3)
	u.hits = len(u.path)
	u.path = nil
	n.worker.EndFrame()
	return n.units.Get(h).path[0]
}
