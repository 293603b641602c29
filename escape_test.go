package framealloc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// escapes hold on to frame memory beyond its frame; each returns who does. mended
// is whether to keep a copy instead.
var escapes = []struct {
	name string
	use  func(a *Allocator, mended bool) (holder any)
	what string
}{
	{"field", func(a *Allocator, mended bool) any {
		unit := &graphNode{}
		a.Frame(func(f *Frame) {
			n := New[graphNode](f)
			unit.next = n
			if mended {
				unit.next = &graphNode{value: n.value}
			}
		})
		return unit
	}, "a framealloc.graphNode of frame 1"},
	{"slice", func(a *Allocator, mended bool) any {
		var path []int32
		a.Frame(func(f *Frame) {
			s := Slice[int32](f, 100)
			path = s[10:20]
			if mended {
				path = append([]int32(nil), s...)
			}
		})
		return path
	}, "a slice of 100 int32 of frame 1"},
	{"string", func(a *Allocator, mended bool) any {
		var name string
		a.Frame(func(f *Frame) {
			s := NewText(f).Str("unit ").Int(7).String()
			name = s[5:]
			if mended {
				name = strings.Clone(s)
			}
		})
		return name
	}, "a slice of 64 uint8 of frame 1"},
	{"small", func(a *Allocator, mended bool) any {
		var flags []*bool
		a.Frame(func(f *Frame) {
			for range 12 {
				b := New[bool](f)
				if len(flags) == 0 && !mended {
					flags = append(flags, b)
				}
			}
		})
		return flags
	}, "a bool of frame 1"},
	{"closure", func(a *Allocator, mended bool) any {
		var later func() int32
		a.Frame(func(f *Frame) {
			p := New[record](f)
			later = func() int32 { return p.a }
			if mended {
				a := p.a
				later = func() int32 { return a }
			}
		})
		return later
	}, "a framealloc.record of frame 1"},
	{"map", func(a *Allocator, mended bool) any {
		m := map[string]any{}
		a.Frame(func(f *Frame) {
			m["x"] = New[[3]float64](f)
			if mended {
				clear(m)
			}
		})
		return m
	}, "a [3]float64 of frame 1"},
	{"channel", func(a *Allocator, mended bool) any {
		c := make(chan *record, 1)
		a.Frame(func(f *Frame) {
			c <- New[record](f)
			if mended {
				<-c
			}
		})
		return c
	}, "a framealloc.record of frame 1"},
	{"goroutine", func(a *Allocator, mended bool) any {
		stop, started := make(chan bool), make(chan bool)
		a.Frame(func(f *Frame) {
			p := New[record](f)
			n := p.a
			go func() {
				if mended {
					p = nil
				}
				started <- true
				<-stop
				if p != nil {
					n += p.a
				}
				stop <- n > 0
			}()
			<-started
		})
		return func() { stop <- true; <-stop }
	}, "a framealloc.record of frame 1"},
	{"collection", func(a *Allocator, mended bool) any {
		var list *Vec[*graphNode]
		a.Frame(func(f *Frame) {
			list = NewVec[*graphNode](f, 4)
			if mended {
				list = nil
			}
		})
		return list
	}, "a framealloc.Vec[*"},
	{"arena", func(a *Allocator, mended bool) any {
		var unit *graphNode
		a.Frame(func(f *Frame) {
			arena := ArenaOf[graphNode](f)
			for range 10 {
				if n := arena.New(); !mended {
					unit = n
				}
			}
		})
		return unit
	}, "a framealloc.graphNode of frame 1"},
	{"fork", func(a *Allocator, mended bool) any {
		var found *graphNode
		a.Frame(func(f *Frame) {
			Parallel(f, 4, func(f *Frame, i int) {
				if n := New[graphNode](f); i == 2 && !mended {
					found = n
				}
			})
		})
		return found
	}, "a framealloc.graphNode of frame 1"},
	{"scope", func(a *Allocator, mended bool) any {
		var found *record
		a.Frame(func(f *Frame) {
			f.Sub(func(f *Frame) {
				if p := New[record](f); !mended {
					found = p
				}
			})
		})
		return found
	}, "a framealloc.record of frame 1"},
	{"scratch", func(a *Allocator, mended bool) any {
		s := a.Scratch("nav")
		kept := newRecord(s.Frame(), !mended)
		s.Reset()
		return kept
	}, `a framealloc.record of scratch "nav"`},
	{"frames in flight", func(a *Allocator, mended bool) any {
		b := NewAllocator(Config{Modes: ModeEscape, FramesInFlight: 2, Reporter: a.Reporter()})
		defer b.Close()
		var p *record
		b.Frame(func(f *Frame) { p = New[record](f) })
		b.Frame(func(f *Frame) { p.a++ })
		b.Frame(func(f *Frame) {
			p.a++
			if mended {
				p = nil
			}
		})
		return p
	}, "a framealloc.record of frame 1"},
}

// newRecord allocates, and returns what it allocated or nil. Where it were inlined,
// the compiler could forget the pointer as late as it likes.
//
//go:noinline
func newRecord(f *Frame, keep bool) *record {
	p := New[record](f)
	if keep {
		return p
	}
	return nil
}

func TestEscapesAreFound(t *testing.T) {
	for _, c := range escapes {
		t.Run(c.name, func(t *testing.T) {
			reports := diag.NewCollector(t)
			a := NewAllocator(Config{Modes: ModeEscape, Reporter: reports.Reporter()})
			defer a.Close()
			for _, mended := range []bool{true, false} {
				reports.Reset()
				a := NewAllocator(Config{Modes: ModeEscape, Reporter: reports.Reporter()})
				holder := c.use(a, mended)
				a.Frame(func(f *Frame) {})
				a.Close()
				got := reports.Diagnostics()
				if mended {
					reports.RequireNone()
				} else {
					if len(got) != 1 || got[0].Code != diag.FA601 || !strings.HasPrefix(got[0].Message, c.what) ||
						!strings.Contains(got[0].Caller, "escape_test.go") || strings.Count(got[0].Note, "escape_test.go") < 2 ||
						strings.Contains(got[0].Note, "more from") {
						t.Errorf("reported %v, want exactly one: %s", got, c.what)
					}
				}
				if stop, ok := holder.(func()); ok {
					stop()
				}
				holders = holder
			}
		})
	}
}

// holders keeps what a test returned until the next.
var holders any

func TestNothingLegitimateIsAnEscape(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeEscape, Reporter: reports.Reporter()})
	defer a.Close()
	type route struct {
		steps []int32
		name  string
	}
	var boxes []FrameBox[record]
	var handles []Retained[record]
	var promoted []*record
	var copies []route
	w := a.NewWorker("reader")
	defer w.Close()
	for i := range 3 {
		f := a.BeginFrame()
		boxes = append(boxes, NewBox[record](f))
		h := Retain[record](f, ToHeap)
		pooled := Retain[record](f, ToPool)
		handles = append(handles, h, pooled)
		text := NewText(f).Str("route ").Int(i).String()
		copies = append(copies, route{append([]int32(nil), Slice[int32](f, 3)...), strings.Clone(text)})
		useEverything(t, f, i)
		f.Tag(text)()                           // its name is the library's to keep
		a.SetTagBudget(text, Budget{Hard: GiB}) // likewise
		p := a.EndFrameWithPromotions()
		for _, h := range []Retained[record]{h, pooled} {
			r, err := Promoted(p, h)
			if err != nil {
				t.Fatal(err)
			}
			promoted = append(promoted, r)
		}
		f = a.BeginFrame()
		Retain[graphNode](f, ToScratch("ghosts")).Value().next = nil
		a.EndFrameWithPromotions()
		if i == 1 {
			a.Scratch("ghosts").Free()
		}
		a.ResetScratch() // the library knows of the ghost, and nobody else
	}
	reports.RequireNone()
	for _, b := range boxes {
		if b.Alive() {
			t.Error("a box outlives its frame")
		}
	}
	holders = []any{boxes, handles, promoted, copies}
}

func TestEscapeEvery(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeEscape, EscapeEvery: 3, Reporter: reports.Reporter()})
	var list []*record
	for i := range 8 {
		a.Frame(func(f *Frame) {
			list = append(list, New[record](f))
			f.WithTag("ai", func() { list = append(list, New[record](f)) })
		})
		want := 2 * ((i + 1) / 3)
		if got := len(reports.Of(diag.FA601)); got != want {
			t.Errorf("after %d frames: %d reports, want %d", i+1, got, want)
		}
	}
	a.Close()
	got := reports.Of(diag.FA601)
	if len(got) != 6 {
		t.Fatalf("with what Close found: %d reports, want 6", len(got))
	}
	for i, frame := range []uint64{1, 1, 4, 4, 7, 7} {
		if d := got[i]; d.Frame != frame || d.Tag != []string{"", "ai"}[i%2] || (frame < 7) != strings.HasPrefix(d.Note, "so are 2 more from the same place\n") {
			t.Errorf("report %d: frame %d, tag %q, note:\n%s", i, d.Frame, d.Tag, d.Note)
		}
	}
	holders = list
}

// fakeTB notes the failures of a test.
type fakeTB struct{ failures []string }

func (t *fakeTB) Helper() {}
func (t *fakeTB) Errorf(format string, args ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}

func TestRequireNoEscapes(t *testing.T) {
	var kept *graphNode
	var tb fakeTB
	RequireNoEscapes(&tb, func(f *Frame) { kept = New[graphNode](f) })
	if len(tb.failures) != 1 || !strings.Contains(tb.failures[0], "FA601") || !strings.Contains(tb.failures[0], "a framealloc.graphNode") {
		t.Errorf("failures %q", tb.failures)
	}
	tb = fakeTB{}
	RequireNoEscapes(&tb, func(a *Allocator) {
		for range 3 {
			a.Frame(func(f *Frame) { kept.next = New[graphNode](f) })
		}
	})
	if len(tb.failures) != 3 {
		t.Errorf("%d failures, want one for each frame: %q", len(tb.failures), tb.failures)
	}
	RequireNoEscapes(t, func(f *Frame) {
		kept = New[graphNode](f)
		kept = nil
	})
	RequireNoEscapes(t, func(a *Allocator) { a.Frame(func(f *Frame) { useEverything(t, f, 1) }) })
}
