package scene

// A node is a step of an A* search.
type node struct {
	parent *node
	cell   int32
	cost   int32 // from the start
	total  int32 // with what is left at least
	closed bool
}

// findPaths lets some agents, in turn, look for a way to somewhere else.
func (w *world) findPaths() {
	w.found = 0
	for i := range searches {
		a := &w.agents[(w.frame*searches+i)%len(w.agents)]
		from := int32(a.y)*mazeSize + int32(a.x)
		w.findPath(a, from, int32(w.freeCell()))
		w.found += len(a.path)
	}
}

// findPath is A* over the maze's cells with the distance along the axes as
// estimate (Hart, Nilsson & Raphael 1968).
func (w *world) findPath(a *agent, from, to int32) {
	m := w.mem
	seen := m.Visited()
	first := m.Node()
	*first = node{cell: from, total: estimate(from, to)}
	seen.Put(from, first)
	open := m.PushOpen(m.Open(), first)
	var goal *node
	for len(open) > 0 {
		var n *node
		n, open = popNode(open)
		if n.closed {
			continue
		}
		n.closed = true
		if n.cell == to {
			goal = n
			break
		}
		for _, d := range [4]int32{1, -1, mazeSize, -mazeSize} {
			c := n.cell + d
			if w.maze[c] {
				continue
			}
			cost := n.cost + 1
			if old, ok := seen.Get(c); ok && old.cost <= cost {
				continue
			}
			next := m.Node()
			*next = node{parent: n, cell: c, cost: cost, total: cost + estimate(c, to)}
			seen.Put(c, next)
			open = siftUp(m.PushOpen(open, next))
		}
	}
	if goal == nil {
		return
	}
	path := m.Path(int(goal.cost) + 1)
	for n := goal; n != nil; n = n.parent {
		path[n.cost] = n.cell
	}
	a.path, a.at = append(a.path[:0], path...), 0
}

func estimate(from, to int32) int32 {
	dx, dy := from%mazeSize-to%mazeSize, from/mazeSize-to/mazeSize
	return max(dx, -dx) + max(dy, -dy)
}

// The open set is a binary heap by total, then by cell, so that its order does
// not depend on anything else.
func before(a, b *node) bool {
	if a.total != b.total {
		return a.total < b.total
	}
	return a.cell < b.cell
}

func siftUp(h []*node) []*node {
	for i := len(h) - 1; i > 0; {
		p := (i - 1) / 2
		if !before(h[i], h[p]) {
			break
		}
		h[i], h[p] = h[p], h[i]
		i = p
	}
	return h
}

func popNode(h []*node) (*node, []*node) {
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && before(h[c+1], h[c]) {
			c++
		}
		if !before(h[c], h[i]) {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	return top, h
}
