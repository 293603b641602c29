package extent

import (
	"math"
	"math/rand/v2"
	"testing"
)

// check holds a space's books against what they promise.
func (s *Space) check(t *testing.T) {
	t.Helper()
	var all Stats
	widest := 0
	seen := make(map[uint32]bool)
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.size == 0 {
			continue
		}
		all.Blocks++
		all.Size += int(b.size)
		since := 0 // the last extent with pins
		at, prev, takenHere, holes, dense := uint32(0), uint32(0), uint32(0), 0, b.dense != 0
		for r := b.first; r != 0; r = s.records[r].next {
			x := &s.records[r]
			if seen[r] {
				t.Fatalf("extent %d is there twice", r)
			}
			seen[r] = true
			if x.at != at || x.size == 0 || x.prev != prev || int(x.block) != i {
				t.Fatalf("block %d, extent %d: %+v, want it at %d behind %d", i, r, *x, at, prev)
			}
			switch x.state {
			case free:
				holes++
				if prev != 0 && s.records[prev].state == free {
					t.Fatalf("block %d: free extents %d and %d are neighbours", i, prev, r)
				}
				if dense {
					t.Fatalf("block %d: a hole at %d, before %d, which was said to be dense", i, at, s.records[b.dense].at)
				}
				if !s.listed(b, r) {
					t.Fatalf("block %d: free extent %d is in no list", i, r)
				}
			case taken, dying:
				takenHere += x.size
				all.Taken += int(x.size)
				if x.b > 0 {
					all.Pinned++
				}
			default:
				t.Fatalf("block %d holds extent %d, which is not in use", i, r)
			}
			if r == b.dense {
				dense = false
			}
			if (x.state == taken || x.state == dying) && x.b > 0 {
				since = int(x.at + x.size)
			}
			widest = max(widest, int(x.at+x.size)-since)
			at, prev = at+x.size, r
		}
		if at != b.size || b.last != prev || takenHere != b.taken || holes != b.holes || dense {
			t.Fatalf("block %d: ends at %d with %d, %d taken, %d holes: %+v", i, at, prev, takenHere, holes, b)
		}
		all.Holes += holes
		lists := 0
		for l := range b.lists {
			v := &b.lists[l]
			if (v.occupied != 0) != (b.occupied&(1<<l) != 0) {
				t.Fatalf("block %d: level %d", i, l)
			}
			for k, r := range v.first {
				if (r != 0) != (v.occupied&(1<<k) != 0) {
					t.Fatalf("block %d: list %d of level %d", i, k, l)
				}
				for before := uint32(0); r != 0; before, r = r, s.records[r].b {
					if ll, kk := listOf(s.records[r].size); ll != l || kk != k || s.records[r].a != before {
						t.Fatalf("block %d: extent %d is in a wrong list", i, r)
					}
					lists++
					all.Largest = max(all.Largest, int(s.records[r].size))
				}
			}
		}
		if lists != holes {
			t.Fatalf("block %d: %d extents in lists, %d are free", i, lists, holes)
		}
	}
	if n := s.Widest(); n != widest {
		t.Fatalf("%d elements without pins in one piece, want %d", n, widest)
	}
	for r := s.unused; r != 0; r = s.records[r].next {
		if seen[r] {
			t.Fatalf("record %d is in use and unused", r)
		}
		seen[r] = true
	}
	if st := s.Stats(); st != all {
		t.Fatalf("stats %+v, want %+v", st, all)
	}
}

func (s *Space) listed(b *block, r uint32) bool {
	l, i := listOf(s.records[r].size)
	for x := b.lists[l].first[i]; x != 0; x = s.records[x].b {
		if x == r {
			return true
		}
	}
	return false
}

// A memory is a space and what it keeps the books of.
type memory struct {
	Space
	t      *testing.T
	blocks [][]int
}

func (m *memory) add(n int) {
	i := m.AddBlock(n)
	if i < len(m.blocks) {
		m.blocks[i] = make([]int, n)
	} else {
		m.blocks = append(m.blocks, make([]int, n))
	}
}

func (m *memory) slice(p Place) []int { return m.blocks[p.Block][p.At:][:p.Len] }

func (m *memory) move(v Move) {
	if v.From.Len != v.To.Len {
		m.t.Fatalf("moves %+v", v)
	}
	copy(m.slice(v.To), m.slice(v.From))
}

// known is what a model knows of an extent.
type known struct {
	ref    Ref
	number int
	length int
	pins   int
	at     Place // while pinned
}

// run does what the bytes say, and compares with a model.
func run(t *testing.T, steps []byte) {
	m := &memory{t: t}
	var live, held []known
	var dead []Ref
	next := func() int {
		if len(steps) == 0 {
			return 0
		}
		b := steps[0]
		steps = steps[1:]
		return int(b)
	}
	number := 0
	fill := func(k known) {
		p, ok := m.Find(k.ref)
		if !ok || p.Len != k.length {
			t.Fatalf("%+v is at %+v, %v", k, p, ok)
		}
		s := m.slice(p)
		for i := range s {
			s[i] = k.number
		}
	}
	verify := func() {
		m.check(t)
		for _, k := range live {
			p, ok := m.Find(k.ref)
			if !ok || p.Len != k.length || !m.Live(k.ref) || m.Pinned(k.ref) != (k.pins > 0) {
				t.Fatalf("%+v is at %+v, %v", k, p, ok)
			}
			if k.pins > 0 && k.at != p {
				t.Fatalf("pinned %+v is at %+v", k, p)
			}
			for _, v := range m.slice(p) {
				if v != k.number {
					t.Fatalf("%+v at %+v holds %v", k, p, m.slice(p))
				}
			}
		}
		for _, k := range held {
			if m.Live(k.ref) {
				t.Fatalf("%+v lives", k)
			}
			for _, v := range m.slice(k.at) {
				if v != k.number {
					t.Fatalf("%+v, held by pins, holds %v", k, m.slice(k.at))
				}
			}
		}
		for _, r := range dead {
			if _, ok := m.Find(r); ok || m.Live(r) {
				t.Fatalf("%+v lives", r)
			}
		}
		n := 0
		for last := uint32(0); ; n++ {
			r, p, ok := m.Next(last)
			if !ok {
				break
			}
			if at, ok := m.Find(r); !ok || at != p || r.Index <= last {
				t.Fatalf("%+v at %+v comes after %d, and is at %+v", r, p, last, at)
			}
			last = r.Index
		}
		if n != len(live) {
			t.Fatalf("%d of %d extents seen", n, len(live))
		}
	}
	for len(steps) > 0 {
		switch op := next(); op % 12 {
		case 0:
			if len(m.blocks) < 5 {
				m.add(1 + next()*4)
			}
		case 1, 2, 3, 4:
			n := 1 + next()%64
			length := n
			if n == 1 && op > 128 {
				length = 0
			}
			fits := false
			for i := range m.Space.blocks {
				for r := m.Space.blocks[i].first; r != 0; r = m.records[r].next {
					fits = fits || m.records[r].state == free && int(m.records[r].size) >= n
				}
			}
			r, ok := m.Take(n, length)
			if ok != fits {
				t.Fatalf("taking %d: %v, want %v", n, ok, fits)
			}
			if ok {
				number++
				k := known{ref: r, number: number, length: length}
				fill(k)
				live = append(live, k)
			}
		case 5, 6:
			if len(live) > 0 {
				i := next() % len(live)
				k := live[i]
				live = append(live[:i], live[i+1:]...)
				p, now, ok := m.Free(k.ref)
				if !ok || now != (k.pins == 0) || p.Len != max(1, k.length) {
					t.Fatalf("%+v freed: %+v %v %v", k, p, now, ok)
				}
				if now {
					dead = append(dead, k.ref)
				} else {
					held = append(held, k)
				}
				if _, _, ok := m.Free(k.ref); ok {
					t.Fatal("freed twice")
				}
			}
		case 7:
			if len(live) > 0 {
				k := &live[next()%len(live)]
				p, ok := m.Pin(k.ref)
				if !ok {
					t.Fatalf("no pin of %+v", k)
				}
				k.at = p
				k.pins++
			}
		case 8:
			if i := next(); len(live) > 0 {
				k := &live[i%len(live)]
				if _, released, ok := m.Unpin(k.ref); released || ok != (k.pins > 0) {
					t.Fatalf("unpinned %+v: %v %v", k, released, ok)
				}
				k.pins = max(0, k.pins-1)
			}
		case 9:
			if len(held) > 0 {
				i := next() % len(held)
				k := &held[i]
				k.pins--
				if _, released, ok := m.Unpin(k.ref); !ok || released != (k.pins == 0) {
					t.Fatalf("unpinned %+v: %v %v", k, released, ok)
				}
				if k.pins == 0 {
					dead = append(dead, k.ref)
					held = append(held[:i], held[i+1:]...)
				}
			}
		case 10:
			if len(live) > 0 {
				k := &live[next()%len(live)]
				n := 1 + next()%96
				if m.Resize(k.ref, n, n, m.move) {
					p, _ := m.Find(k.ref)
					for i, v := range m.slice(p) {
						if i < min(k.length, n) && v != k.number {
							t.Fatalf("%+v resized to %d: %v", k, n, m.slice(p))
						}
					}
					k.length = n
					k.at = p
					fill(*k)
				}
			}
		case 11:
			max := next()
			before, n := m.Stats(), 0
			moved := m.Compact(max, func(v Move) {
				if v.To.Block > v.From.Block || v.To.Block == v.From.Block && v.To.At >= v.From.At {
					t.Fatalf("moves up: %+v", v)
				}
				n += v.From.Len
				m.move(v)
			})
			if moved != n {
				t.Fatalf("says it moved %d of %d", moved, n)
			}
			if max > 0 && moved > max && moved > 96 {
				t.Fatalf("moved %d, more than %d", moved, max)
			}
			if after := m.Stats(); after.Taken != before.Taken || max == 0 && len(held) == 0 && after.Pinned == 0 && after.Holes > after.Blocks {
				t.Fatalf("compacted from %+v to %+v", before, after)
			}
			if max == 0 && m.Compact(0, m.move) > 0 && before.Pinned == 0 && before.Blocks == 1 {
				t.Fatal("compacting twice moves twice")
			}
			for i := range m.Space.blocks {
				if op > 200 && m.BlockSize(i) > 0 && m.BlockTaken(i) == 0 {
					m.DropBlock(i)
					m.blocks[i] = nil
				}
			}
			if op > 200 && len(steps) > 0 {
				for i := range m.blocks {
					if m.blocks[i] == nil {
						m.add(1 + next())
						break
					}
				}
			}
		}
		verify()
	}
	m.Clear()
	for _, k := range append(live, held...) {
		if m.Live(k.ref) {
			t.Fatalf("%+v lives", k)
		}
		if _, _, ok := m.Unpin(k.ref); ok {
			t.Fatalf("%+v still has a pin", k)
		}
	}
	live, held = nil, nil
	verify()
	if st := m.Stats(); st.Taken != 0 || st.Holes != st.Blocks {
		t.Fatalf("cleared, and is %+v", st)
	}
}

func TestRandomSteps(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		steps := make([]byte, 400)
		for i := range steps {
			steps[i] = byte(rng.Uint32())
		}
		run(t, append([]byte{0, byte(100 + seed%150)}, steps...))
	}
}

func FuzzSpace(f *testing.F) {
	f.Add([]byte{0, 40, 1, 10, 1, 20, 1, 7, 5, 0, 11, 0})
	f.Add([]byte{0, 40, 0, 9, 1, 60, 2, 60, 3, 9, 7, 1, 5, 1, 5, 0, 251, 0, 9, 0, 10, 0, 90})
	f.Fuzz(func(t *testing.T, steps []byte) {
		run(t, steps[:min(len(steps), 500)]) // longer ones take long and show no more
	})
}

// TestGenerationsEnd: a record that was taken as often as can be counted is not
// taken again.
func TestGenerationsEnd(t *testing.T) {
	var s Space
	s.AddBlock(8)
	r, _ := s.Take(8, 8)
	s.records[r.Index].generation = math.MaxUint32
	r.Generation = math.MaxUint32
	if _, now, ok := s.Free(r); !now || !ok {
		t.Fatal("not freed")
	}
	s.check(t)
	for range 3 {
		again, ok := s.Take(8, 8)
		if !ok || again.Index == r.Index || s.Live(r) || s.Live(Ref{r.Index, 0}) {
			t.Fatalf("%+v after %+v", again, r)
		}
		s.Free(again)
	}
	s.check(t)
}

func TestNothing(t *testing.T) {
	var s Space
	if _, ok := s.Take(1, 1); ok {
		t.Error("took from nothing")
	}
	for _, r := range []Ref{{}, {1, 1}, {0, 1}, {math.MaxUint32, 1}} {
		_, _, freed := s.Free(r)
		_, pinned := s.Pin(r)
		_, _, unpinned := s.Unpin(r)
		if s.Live(r) || freed || pinned || unpinned || s.Pinned(r) || s.Resize(r, 1, 1, nil) {
			t.Errorf("%+v names something", r)
		}
	}
	if s.Compact(0, nil) != 0 || s.Stats() != (Stats{}) {
		t.Error("something is there")
	}
	s.Clear()
	s.AddBlock(4)
	if _, ok := s.Take(5, 5); ok {
		t.Error("took more than there is")
	}
	s.check(t)
}

func BenchmarkTakeFree(b *testing.B) {
	var s Space
	s.AddBlock(1 << 20)
	rng := rand.New(rand.NewPCG(1, 2))
	live := make([]Ref, 4096)
	for i := range live {
		live[i], _ = s.Take(1+rng.IntN(64), 1)
	}
	sizes := make([]int, 4096)
	for i := range sizes {
		sizes[i] = 1 + rng.IntN(64)
	}
	i := 0
	for b.Loop() {
		k := int(uint32(i) * 2654435761 % uint32(len(live)))
		s.Free(live[k])
		live[k], _ = s.Take(sizes[i%len(sizes)], 1)
		i++
	}
}
