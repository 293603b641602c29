package peers

import "unsafe"

// freelistPeer is a hand-written free list of one type, zeroing what it hands
// out: the floor for pools.
var freelistPeer = Peer{
	Name:    "free-list",
	Version: "hand-written",
	New: func() *Subject {
		p := &freelists{}
		return &Subject{
			Runs: map[Case]func(int){Pool: p.pair},
			Take: map[Case]func() unsafe.Pointer{
				Pool:     func() unsafe.Pointer { return unsafe.Pointer(p.of64.get()) },
				Pointers: p.takeNode,
			},
			Reset: p.reset,
		}
	},
}

type freelists struct {
	of64  freelist[obj64]
	nodes freelist[Node]
	held  []*listed[Node]
}

type freelist[T any] struct{ head *listed[T] }

// listed is an object with the link of its list, so that the list needs no
// memory of its own.
type listed[T any] struct {
	value T
	next  *listed[T]
}

func (l *freelist[T]) get() *listed[T] {
	v := l.head
	if v == nil {
		return new(listed[T])
	}
	l.head = v.next
	var zero T
	v.value = zero
	return v
}

func (l *freelist[T]) put(v *listed[T]) {
	v.next = l.head
	l.head = v
}

func (p *freelists) takeNode() unsafe.Pointer {
	v := p.nodes.get()
	p.held = append(p.held, v)
	return unsafe.Pointer(v)
}

func (p *freelists) reset() {
	for _, v := range p.held {
		p.nodes.put(v)
	}
	p.held = p.held[:0]
}

func (p *freelists) pair(frames int) {
	for range frames {
		for range small {
			v := p.of64.get()
			v.value[0] = 1
			sink64 = &v.value
			p.of64.put(v)
		}
	}
}
