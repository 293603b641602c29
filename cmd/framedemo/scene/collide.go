package scene

// An entry lists an agent in the grid cell that it is in.
type entry struct {
	agent *agent
	next  *entry
}

// A contact is a pair of agents that touch.
type contact struct {
	a, b   *agent
	nx, ny float32 // from a to b
	depth  float32
}

const radius = 0.18 // of an agent, in cells

// collide moves the agents along their paths and pushes apart those that touch.
func (w *world) collide() {
	m := w.mem
	cells := m.Cells(mazeSize * mazeSize)
	for i := range w.agents {
		a := &w.agents[i]
		w.steer(a)
		e := m.Entry()
		c := int(a.y)*mazeSize + int(a.x)
		*e = entry{a, cells[c]}
		cells[c] = e
	}
	contacts := m.Contacts()
	for c, first := range cells {
		for e := first; e != nil; e = e.next {
			for o := e.next; o != nil; o = o.next {
				contacts = w.touch(contacts, e.agent, o.agent)
			}
			for _, d := range [4]int{1, mazeSize - 1, mazeSize, mazeSize + 1} {
				if c+d < len(cells) {
					for o := cells[c+d]; o != nil; o = o.next {
						contacts = w.touch(contacts, e.agent, o.agent)
					}
				}
			}
		}
	}
	for _, c := range contacts {
		push := c.depth / 2
		w.move(c.a, -c.nx*push, -c.ny*push)
		w.move(c.b, c.nx*push, c.ny*push)
	}
	w.met = len(contacts)
}

func (w *world) touch(contacts []*contact, a, b *agent) []*contact {
	dx, dy := b.x-a.x, b.y-a.y
	square := dx*dx + dy*dy
	if square >= 4*radius*radius || square == 0 {
		return contacts
	}
	distance := sqrt(square)
	c := w.mem.Contact()
	*c = contact{a, b, dx / distance, dy / distance, 2*radius - distance}
	return w.mem.PushContact(contacts, c)
}

// steer moves an agent towards the next cell of its path.
func (w *world) steer(a *agent) {
	if a.at >= len(a.path) {
		return
	}
	c := a.path[a.at]
	dx, dy := float32(c%mazeSize)+0.5-a.x, float32(c/mazeSize)+0.5-a.y
	distance := sqrt(dx*dx + dy*dy)
	if distance < 0.3 {
		a.at++
		return
	}
	w.move(a, dx/distance*0.1, dy/distance*0.1)
}

// move moves an agent unless a wall is in the way.
func (w *world) move(a *agent, dx, dy float32) {
	if x := a.x + dx; !w.maze[int(a.y)*mazeSize+int(x)] {
		a.x = x
	}
	if y := a.y + dy; !w.maze[int(y)*mazeSize+int(a.x)] {
		a.y = y
	}
}
