package arena

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// openDoor grants everything and counts what it was asked.
type openDoor struct{ asked [3]int }

func (d *openDoor) Ask(r Request) Verdict {
	d.asked[r.Why]++
	if r.Why == Closed {
		panic("closed")
	}
	return Carve
}

type (
	tiny struct{ a byte }
	vec3 struct{ x, y, z float32 }
	cell struct{ a [8]uint64 }
	page struct{ a [1024]byte }
	node struct {
		next *node
		mark uint64
	}
	named struct {
		s    string
		self *named
		mark uint64
		pad  [5]uint64
	}
	big struct {
		p    *uint64
		rest [300]uint64
	}
)

// A piece is one live allocation of the model: how to check that it is still
// what was written to it.
type piece struct {
	size  int
	count int
	check func() error
}

// The model drives one arena and remembers everything that must be alive.
type model struct {
	t     testing.TB
	a     *Arena
	live  []piece
	marks []modelMark
	next  uint64
	slack int // bytes of padding that closing a handle's window may have added
}

type modelMark struct {
	m    Mark
	live int
}

func newModel(t testing.TB, c Config) *model {
	m := &model{t: t, a: new(Arena)}
	m.a.Init(c, new(openDoor))
	m.a.Open()
	return m
}

func (m *model) seq() uint64 { m.next++; return m.next * 0x9e3779b97f4a7c15 }

// bytesOf views a value as bytes, to see that fresh memory is zero and to fill
// pointer-free memory.
func bytesOf(p unsafe.Pointer, n int) []byte { return unsafe.Slice((*byte)(p), n) }

func (m *model) mustBeZero(p unsafe.Pointer, n int, what string) {
	for i, b := range bytesOf(p, n) {
		if b != 0 {
			m.t.Fatalf("%s: byte %d of %d is %#x, want 0", what, i, n, b)
		}
	}
}

// raw tracks n bytes of pointer-free memory: filled with a pattern, checked ever after.
func (m *model) raw(p unsafe.Pointer, n, booked int, zero bool, what string) {
	if p == nil {
		m.t.Fatalf("%s: nil", what)
	}
	if zero {
		m.mustBeZero(p, n, what)
	}
	b, seed := bytesOf(p, n), byte(m.seq()>>32)
	for i := range b {
		b[i] = seed + byte(i)
	}
	m.live = append(m.live, piece{booked, 1, func() error {
		for i := range b {
			if b[i] != seed+byte(i) {
				return fmt.Errorf("%s: byte %d changed", what, i)
			}
		}
		return nil
	}})
}

func (m *model) nodes(s []node, count int, what string) {
	marks := make([]uint64, len(s))
	for i := range s {
		if s[i] != (node{}) {
			m.t.Fatalf("%s: element %d not zero", what, i)
		}
		marks[i] = m.seq()
		s[i].mark = marks[i]
		s[i].next = &node{mark: ^marks[i]} // an ordinary heap object that only we hold
	}
	m.live = append(m.live, piece{len(s) * int(unsafe.Sizeof(node{})), count, func() error {
		for i := range s {
			if s[i].mark != marks[i] || s[i].next == nil || s[i].next.mark != ^marks[i] {
				return fmt.Errorf("%s: element %d changed", what, i)
			}
		}
		return nil
	}})
}

func (m *model) named(p *named, what string) {
	if *p != (named{}) {
		m.t.Fatalf("%s: not zero", what)
	}
	n := m.seq()
	p.s, p.self, p.mark = fmt.Sprint("name ", n), p, n
	m.live = append(m.live, piece{int(unsafe.Sizeof(named{})), 1, func() error {
		if p.mark != n || p.self != p || p.s != fmt.Sprint("name ", n) {
			return fmt.Errorf("%s: changed", what)
		}
		return nil
	}})
}

func (m *model) verify() {
	used, count := 0, 0
	for _, p := range m.live {
		if err := p.check(); err != nil {
			m.t.Fatal(err)
		}
		used += p.size
		count += p.count
	}
	if got := m.a.Used(); got < used || got > used+m.slack {
		m.t.Fatalf("Used() = %d, want %d", got, used)
	}
	if m.a.Taken() < used || m.a.Count() < count {
		m.t.Fatalf("Taken() = %d, Count() = %d with %d bytes in %d allocations alive", m.a.Taken(), m.a.Count(), used, count)
	}
}

// step does what the operation byte and its argument say.
func (m *model) step(op, arg byte) {
	a, n := m.a, int(arg)
	switch op % 20 {
	case 0:
		m.raw(unsafe.Pointer(Bump[tiny](a, Slow)), 1, 8, true, "tiny")
	case 1:
		m.raw(unsafe.Pointer(Bump[vec3](a, Slow)), 12, 16, true, "vec3")
	case 2:
		for range n % 40 {
			m.raw(unsafe.Pointer(Bump[cell](a, Slow)), 64, 64, true, "cell")
		}
	case 3:
		m.raw(unsafe.Pointer(Bump[page](a, Slow)), 1024, 1024, true, "page")
	case 4:
		m.raw(unsafe.Pointer(Bump[struct{}](a, Slow)), 0, 0, true, "struct{}")
	case 5:
		m.nodes(unsafe.Slice(Bump[node](a, Slow), 1), 1, "node")
	case 6:
		m.named(Bump[named](a, Slow), "named")
	case 7:
		p := Bump[big](a, Slow)
		if p.p != nil || p.rest != [300]uint64{} {
			m.t.Fatal("big: not zero")
		}
		v := m.seq()
		p.p, p.rest[299] = &v, v
		m.live = append(m.live, piece{int(unsafe.Sizeof(big{})), 1, func() error {
			if *p.p != v || p.rest[299] != v {
				return fmt.Errorf("big: changed")
			}
			return nil
		}})
	case 8:
		s := Slice[vec3](a, n, n+n/2, true)
		m.raw(unsafe.Pointer(unsafe.SliceData(s)), 12*cap(s), round(12*cap(s)), true, "[]vec3")
	case 9:
		s := Slice[uint64](a, n*64, n*64, false)
		m.raw(unsafe.Pointer(unsafe.SliceData(s)), 8*len(s), 8*len(s), false, "[]uint64 uninit")
	case 10:
		m.nodes(Slice[node](a, n, n, arg%2 == 0), min(n, 1), "[]node")
	case 11:
		h := TypedOf[node](a)
		for range n % 50 {
			m.nodes(unsafe.Slice(h.New(), 1), 1, "typed node")
		}
	case 12:
		h := TypedOf[vec3](a)
		m.slack += 8
		before := a.Used()
		for range n % 50 {
			p := h.New()
			// Side by side without padding: what it takes is known only now.
			m.raw(unsafe.Pointer(p), 12, a.Used()-before, true, "typed vec3")
			before = a.Used()
		}
	case 13:
		if len(m.marks) < 12 {
			m.marks = append(m.marks, modelMark{a.Mark(), len(m.live)})
		}
	case 14, 15:
		if len(m.marks) == 0 {
			return
		}
		i := n % len(m.marks)
		k := m.marks[i]
		for _, later := range m.marks[i:] {
			if !a.Valid(later.m) {
				m.t.Fatal("an open mark is not valid")
			}
		}
		if op%20 == 14 {
			a.Rollback(k.m)
			m.live = m.live[:k.live]
			for _, later := range m.marks[i+1:] {
				if a.Valid(later.m) {
					m.t.Fatal("a mark survived the rollback of an earlier one")
				}
			}
			m.marks = m.marks[:i+1]
		} else {
			a.Commit(k.m)
			m.marks = m.marks[:i]
			if a.Valid(k.m) {
				m.t.Fatal("a committed mark is still valid")
			}
		}
	case 16:
		align := 1 << (n % 13)
		before := a.Used()
		b := Bytes(a, n*5, align)
		if addr := uintptr(unsafe.Pointer(unsafe.SliceData(b))); addr%uintptr(align) != 0 {
			m.t.Fatalf("%d bytes at %#x, want a multiple of %d", n*5, addr, align)
		}
		m.raw(unsafe.Pointer(unsafe.SliceData(b)), len(b), a.Used()-before, true, "bytes")
	case 17:
		m.extend(n)
	case 18:
		if arg%8 == 0 {
			a.Close()
			a.Reset()
			a.Open()
			m.live, m.marks = nil, nil
		}
	case 19:
		a.Observe(arg%3 == 0)
	}
}

func (m *model) extend(n int) {
	a := m.a
	if n%2 == 0 {
		s := Slice[node](a, 1, 1+n%3, true)
		grown, ok := Extend(a, s, cap(s)+n)
		if !ok {
			grown = s
		}
		m.nodes(grown[:cap(grown)], 1, "extended []node")
		return
	}
	if s := Slice[uint16](a, 4, 8, true); cap(s) == 8 {
		if clipped, ok := Extend(a, s[:1:1], 20); ok {
			m.t.Fatalf("a clipped slice grew to %d over what it was clipped from", cap(clipped))
		}
		m.raw(unsafe.Pointer(unsafe.SliceData(s)), 16, 16, true, "clipped []uint16")
	}
	n = FullCap[uint16](n)
	s := Slice[uint16](a, n, n, true)
	before := a.Used()
	grown, ok := Extend(a, s, n*3)
	if !ok {
		grown = s
	} else if cap(grown) < n*3 {
		m.t.Fatalf("extended to %d elements, want at least %d", cap(grown), n*3)
	}
	size := round(2*n) + a.Used() - before
	m.raw(unsafe.Pointer(unsafe.SliceData(grown)), 2*cap(grown), size, true, "extended []uint16")
}

func FuzzArena(f *testing.F) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 24 {
		ops := make([]byte, 400)
		for i := range ops {
			ops[i] = byte(rng.Uint32())
		}
		f.Add(ops, byte(rng.Uint32()))
	}
	f.Fuzz(func(t *testing.T, ops []byte, shape byte) {
		if len(ops) > 600 {
			ops = ops[:600]
		}
		c := Config{Chunk: 256 << (shape % 8), MaxWindow: 64 << (shape / 8 % 9), ShrinkAfter: int(shape % 3)}
		m := newModel(t, c)
		if shape >= 200 {
			m.a.SetLimit(1 << 14) // the open door carves all the same
		}
		for i := 0; i+1 < len(ops); i += 2 {
			m.step(ops[i], ops[i+1])
			if i%64 == 0 {
				m.verify()
			}
		}
		m.verify()
	})
}
