package framealloc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"

	"github.com/framealloc/framealloc/diag"
)

// A guest is an object of the heap that frame memory refers to; gone tells when
// nothing does any more.
type guest struct{ id, twice uint64 }

type (
	narrow struct{ to *guest }
	broad  struct {
		id uint64
		to *guest
		_  [11]uint64
		me *broad
	}
	huge struct { // too large for a window
		to *guest
		id [300]uint64
	}
)

// mixed is a program that does everything at once, at random, and knows what each
// of its values must hold.
type mixed struct {
	t      *testing.T
	r      *rand.Rand
	a      *Allocator
	last   uint64
	scopes [][]func() *guest // what is live, by scope; each checks itself
	past   [][]func() *guest // of frames in flight
	gone   []weak.Pointer[guest]
	stop   func()
}

func (m *mixed) guest() *guest {
	m.last++
	return &guest{m.last, 2 * m.last}
}

// keep adds a value to the innermost scope.
func (m *mixed) keep(id uint64, at **guest, whole func() bool) {
	top := len(m.scopes) - 1
	m.scopes[top] = append(m.scopes[top], func() *guest {
		g := *at
		if g == nil || g.id != id || g.twice != 2*id || whole != nil && !whole() {
			m.t.Fatalf("value %d has changed: %+v", id, g)
		}
		return g
	})
}

func (m *mixed) take(f *Frame) {
	defer func() { // budgets may run out
		if p := recover(); p != nil {
			var e *diag.Error
			if err, ok := p.(error); !ok || !errors.As(err, &e) || e.Code != diag.FA003 && e.Code != diag.FA310 && e.Code != diag.FA311 && e.Code != diag.FA312 {
				panic(p)
			}
		}
	}()
	for range m.r.IntN(20) {
		g := m.guest()
		id := g.id
		switch m.r.IntN(7) {
		case 0:
			p := New[narrow](f)
			m.zero(*p == narrow{})
			p.to = g
			m.keep(id, &p.to, nil)
		case 1:
			p := ArenaOf[broad](f).New()
			m.zero(*p == broad{})
			p.id, p.to, p.me = id, g, p
			m.keep(id, &p.to, func() bool { return p.id == id && p.me == p })
		case 2:
			p := New[huge](f)
			m.zero(*p == huge{})
			p.to, p.id[299] = g, id
			m.keep(id, &p.to, func() bool { return p.id[299] == id })
		case 3:
			s := Slice[broad](f, 1+m.r.IntN(9))
			p := &s[len(s)-1]
			m.zero(*p == broad{})
			p.id, p.to = id, g
			m.keep(id, &p.to, func() bool { return p.id == id })
		case 4:
			var s []*guest
			for range m.r.IntN(30) {
				s = Append(f, s, g)
				if m.r.IntN(9) == 0 {
					New[narrow](f)
				}
			}
			if len(s) > 0 {
				m.keep(id, &s[len(s)-1], func() bool { return s[0].id == id })
			}
		case 5:
			p := ArenaOf[plain](f).New()
			m.zero(*p == plain{})
			p.a[3] = int64(id)
			q := New[narrow](f)
			q.to = g
			m.keep(id, &q.to, func() bool { return p.a[3] == int64(id) })
		default:
			b := AlignedBytes(f, 1+m.r.IntN(300), 1<<m.r.IntN(10))
			b[len(b)-1] = byte(id)
			q := New[narrow](f)
			q.to = g
			m.keep(id, &q.to, func() bool { return b[len(b)-1] == byte(id) })
		}
	}
}

func (m *mixed) zero(ok bool) {
	if !ok {
		m.t.Fatal("memory is not zero")
	}
}

// within runs fn and then end, which gives back what fn took.
func (m *mixed) within(fn, end func()) {
	m.scopes = append(m.scopes, nil)
	fn()
	var guests []weak.Pointer[guest]
	top := len(m.scopes) - 1
	for _, v := range m.scopes[top] {
		guests = append(guests, weak.Make(v()))
	}
	m.scopes = m.scopes[:top]
	end()
	m.gone = append(m.gone, guests...)
}

func (m *mixed) step(f *Frame, depth int) {
	if depth > 4 {
		return
	}
	several := func() {
		for range m.r.IntN(5) {
			m.step(f, depth+1)
		}
	}
	switch m.r.IntN(14) {
	case 0:
		f.Sub(func(*Frame) { m.within(several, func() {}) })
	case 1:
		c := f.Checkpoint()
		for range 2 {
			m.within(several, func() { f.Rollback(c) })
		}
	case 2:
		g := f.Guard()
		several()
		g.Commit()
	case 3:
		if depth == 0 {
			c := f.Fork() // what it takes stays until the frame ends
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer c.Join()
				m.take(c)
			}()
			<-done
		}
	case 4:
		f.WithTag("ai", several)
	case 5:
		if m.stop != nil {
			m.stop()
			m.stop = nil
			return
		}
		m.stop = m.a.Observe([]Hooks{
			{Alloc: func(Alloc) {}},
			{Sampling: &Sampling{Rate: 1 + m.r.IntN(500), Sample: func(Sample) {}}},
			{Tag: func(TagFrame) {}, TagContents: 1},
		}[m.r.IntN(3)])
	case 6:
		b := Budget{Hard: m.r.IntN(2) * (1 + m.r.IntN(60_000)), Policy: Policy(m.r.IntN(4))}
		switch m.r.IntN(3) {
		case 0:
			m.a.SetBudget(b)
		case 1:
			m.a.SetTagBudget("ai", b)
		default:
			m.a.Main().SetBudget(b)
		}
	default:
		m.take(f)
	}
}

// run is one program.
func (m *mixed) run(frames, inFlight int) {
	for range frames {
		if m.r.IntN(8) == 0 {
			m.a.SetModes([]Modes{0, 0, ModeDebug, ModePoison, ModeGuard}[m.r.IntN(5)])
		}
		f := m.a.BeginFrame()
		m.scopes = [][]func() *guest{nil}
		for range m.r.IntN(12) {
			m.step(f, 0)
		}
		for _, live := range append(m.past, m.scopes...) {
			for _, v := range live {
				v()
			}
		}
		m.past = append(m.past, m.scopes[0])
		var guests []weak.Pointer[guest]
		if len(m.past) > inFlight {
			for _, v := range m.past[0] {
				guests = append(guests, weak.Make(v()))
			}
			m.past = m.past[1:]
		}
		m.a.EndFrame()
		m.gone = append(m.gone, guests...)
	}
}

// TestMixed mixes what shares memory, and expects every value to keep what it
// holds for as long as it was promised, and nothing to be kept alive any longer.
func TestMixed(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			inFlight := int(seed % 3)
			c, reports := quiet(t)
			c.FramesInFlight, c.ShrinkAfter, c.ChunkSize = inFlight, r.IntN(3), 256<<r.IntN(8)
			m := &mixed{t: t, r: r, a: NewAllocator(c)}
			m.run(60, inFlight)
			m.scopes, m.past = nil, nil // what was spilled to the heap lives as long as they do
			runtime.GC()
			kept := 0
			for _, p := range m.gone {
				if p.Value() != nil {
					kept++
				}
			}
			if kept > 4 { // a register or a slot of a stack may hold one
				t.Errorf("%d of %d objects are kept alive by memory that was given back", kept, len(m.gone))
			}
			m.a.SetModes(0)
			m.a.Close()
			reports.Reset() // warnings of budgets
		})
	}
}
