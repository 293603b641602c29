package framealloc

import (
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

// record is plain data with a boolean in it.
type record struct {
	a, b  int32
	alive bool
	pos   [2]struct{ X, Y float32 }
}

// graphNode points to something and has plain data, too.
type graphNode struct {
	next  *graphNode
	name  string
	value int64
}

// A lateUse is a mistake and its corrected twin: use allocates, gives back, and
// returns what touches the memory. In time for that is where it calls early.
type lateUse struct {
	name string
	use  func(a *Allocator, early func(touch func())) (touch func())
	// What the report must say.
	what, where string
}

// lateWrites each write to memory.
var lateWrites = []lateUse{
	{"value after the frame", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		p := New[record](f)
		write := func() { p.b = 7 }
		early(write)
		a.EndFrame()
		return write
	}, "a framealloc.record of frame 2", "its .b, is now 07 00 00 00"},
	{"inside an array", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		s := Slice[record](f, 40)
		write := func() { s[3].pos[1].Y = 1 }
		early(write)
		a.EndFrame()
		return write
	}, "a slice of 40 framealloc.record", "its [3].pos[1].Y, is now 00 00 80 3f"},
	{"boolean", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		p := New[record](f)
		write := func() { p.alive = true }
		early(write)
		a.EndFrame()
		return write
	}, "a framealloc.record", "its .alive, is now 01"},
	{"plain field beside pointers", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		p := New[graphNode](f)
		write := func() { p.value = -1 }
		early(write)
		a.EndFrame()
		return write
	}, "a framealloc.graphNode", "its .value, is now ff"},
	{"pointer", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		s := Slice[graphNode](f, 3)
		write := func() { s[2].next = &s[0] }
		early(write)
		a.EndFrame()
		return write
	}, "a slice of 3 framealloc.graphNode", "its [2].next, is now"},
	{"buffer", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		b := AlignedBytes(f, 10000, 256)
		write := func() { b[9999] = 0 }
		early(write)
		a.EndFrame()
		return write
	}, "a buffer of 10000 bytes", "byte 9999 of 10000, its [9999], is now 00"},
	{"after a scope", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		var write func()
		f.Sub(func(f *Frame) {
			p := New[record](f)
			write = func() { p.a = 1 }
			early(write)
		})
		a.EndFrame()
		return write
	}, "a framealloc.record", "its .a,"},
	{"after a rollback", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		New[record](f)
		c := f.Checkpoint()
		p := New[graphNode](f)
		write := func() { p.value = 1 }
		early(write)
		f.Rollback(c)
		New[record](f)
		a.EndFrame()
		return write
	}, "a framealloc.graphNode", "its .value,"},
	{"scratch", func(a *Allocator, early func(func())) func() {
		s := a.Scratch("level")
		p := New[record](s.Frame())
		write := func() { p.a = 1 }
		early(write)
		s.Reset()
		return write
	}, `a framealloc.record of scratch "level"`, "its .a,"},
	{"scratch that is freed", func(a *Allocator, early func(func())) func() {
		s := a.Scratch("level")
		p := New[record](s.Frame())
		write := func() { p.a = 1 }
		early(write)
		s.Free()
		return write
	}, `a framealloc.record of scratch "level"`, "its .a,"},
	{"fork", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		c := f.Fork()
		p := New[record](c)
		write := func() { p.a = 1 }
		c.Join()
		early(write) // the parent's frame goes on
		a.EndFrame()
		return write
	}, "a framealloc.record", "its .a,"},
	{"collection", func(a *Allocator, early func(func())) func() {
		f := a.BeginFrame()
		v := NewVec[int64](f, 8)
		v.PushMany(1, 2, 3)
		s := v.Slice()
		write := func() { s[2] = 9 }
		early(write)
		a.EndFrame()
		return write
	}, "a slice of 8 int64", "its [2],"},
}

// never is what a mistake makes of the time when its touch would be right.
func never(func()) {}

// now is what its corrected twin makes of it.
func now(touch func()) { touch() }

func TestPoisonFindsWrites(t *testing.T) {
	for _, c := range lateWrites {
		t.Run(c.name, func(t *testing.T) {
			reports := diag.NewCollector(t)
			a := NewAllocator(Config{Modes: ModePoison, Reporter: reports.Reporter()})
			defer a.Close()
			frames := func(n int) {
				for range n {
					a.Frame(func(f *Frame) { New[record](f) })
				}
			}
			frames(1)
			c.use(a, now)
			frames(5)
			reports.RequireNone()

			a = NewAllocator(Config{Modes: ModePoison, Reporter: reports.Reporter()})
			frames(1)
			write := c.use(a, never)
			write()
			frames(5)
			got := reports.Diagnostics()
			if len(got) != 1 || got[0].Code != diag.FA606 {
				t.Fatalf("reported %v, want one FA606", got)
			}
			d := got[0]
			if !strings.HasPrefix(d.Message, c.what) || !strings.Contains(d.Message, c.where) {
				t.Errorf("message %q, want %q and %q", d.Message, c.what, c.where)
			}
			if !strings.Contains(d.Caller, "poison_test.go") || strings.Count(d.Note, "poison_test.go") < 2 || !strings.Contains(d.Note, "written to ") {
				t.Errorf("caller %q, note:\n%s", d.Caller, d.Note)
			}
			write() // long after: the memory is nobody's, and nobody is harmed
			frames(1)
		})
	}
}

func TestPoisonNamesTagAndTime(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModePoison, Reporter: reports.Reporter()})
	defer a.Close()
	var list []*record
	a.Frame(func(f *Frame) {
		f.WithTag("ai", func() {
			for range 3 {
				list = append(list, New[record](f))
			}
		})
	})
	a.Frame(func(f *Frame) {
		for _, p := range list {
			p.a = 1
		}
	})
	list[1].a = 2
	a.Frame(func(f *Frame) {})
	got := reports.Of(diag.FA606)
	if len(got) != 2 {
		t.Fatalf("reported %v", reports.Diagnostics())
	}
	for i, want := range []string{"so were 2 more from the same place\nwritten to in frame 2\n", "written to between frames 2 and 3\n"} {
		if d := got[i]; !strings.HasPrefix(d.Note, want) || d.Tag != "ai" || d.Frame != 1 || d.Worker != "main" {
			t.Errorf("tag %q, frame %d, worker %q, note:\n%s", d.Tag, d.Frame, d.Worker, d.Note)
		}
	}
}

// TestInspectingModesAreSilent uses frame memory in every way for as long as it
// may be used.
func TestInspectingModesAreSilent(t *testing.T) {
	for _, m := range []Modes{ModePoison, ModeGuard, ModeEscape, ModePoison | ModeGuard | ModeEscape} {
		if !guard.Supported {
			m &^= ModeGuard
		}
		for _, flight := range []int{0, 2} {
			reports := diag.NewCollector(t)
			a := NewAllocator(Config{Modes: m, FramesInFlight: flight, Reporter: reports.Reporter()})
			flying := make([]*record, flight) // of the frames in flight
			for i := range 12 {
				f := a.BeginFrame()
				useEverything(t, f, i)
				for _, p := range flying {
					if p != nil {
						p.a, p.alive = int32(i), true
					}
				}
				if flight > 0 {
					flying[i%flight] = New[record](f)
				}
				s := a.Scratch("nav")
				NewValue(s.Frame(), graphNode{name: "x"}).value++
				if i%4 == 3 {
					s.Reset()
				}
				a.EndFrameWithPromotions()
			}
			a.Close()
			if len(reports.Diagnostics()) > 0 {
				t.Errorf("%v with %d frames in flight:", m, flight)
				reports.RequireNone()
			}
		}
	}
}

// useEverything allocates in every way, and reads and writes what it got.
func useEverything(t *testing.T, f *Frame, i int) {
	fill := func(f *Frame) {
		r := New[record](f)
		if *r != (record{}) {
			t.Errorf("not zero: %+v", *r)
		}
		r.a, r.alive = int32(i), true
		n := NewValue(f, graphNode{value: int64(i), name: "n"})
		n.next = New[graphNode](f)
		for k, x := range NewMany[graphNode](f, 5) {
			x.value = int64(k)
			x.next = n
		}
		New[struct{}](f)
		Slice[struct{}](f, 7)
		Slice[*int](f, 0)
		s := Append(f, Slice[int64](f, 3), 1, 2, 3)
		s[5]++
		ArenaOf[graphNode](f).New().next = n
		ArenaOf[record](f).New().a++
		b := AlignedBytes(f, 300, 4096)
		b[299] = 1
		NewText(f).Str("frame ").Int(i).Line()
		v := NewVec[*graphNode](f, 1).Growable()
		m := NewMap[string, int](f, 2)
		for _, word := range []string{"a", "b", "c", "d"} {
			v.Push(n)
			m.Put(String(f, word), i)
		}
		m.Delete("a")
		q := NewRing[graphNode](f, 2)
		q.OverwriteBack(*n)
		NewBox[record](f).Get().a = 5
	}
	fill(f)
	f.Sub(fill)
	c := f.Checkpoint()
	fill(f)
	f.Rollback(c)
	f.WithTag(String(f, "tag in frame memory"), func() { fill(f) })
	Parallel(f, 3, func(f *Frame, i int) { fill(f) })
	r := Retain[record](f, ToHeap)
	r.Value().b = 3
	Slice[byte](f, 3*MiB)[i] = 1
}

// TestPoisonedValuesCanBeLookedAt reads values of every kind of type after they
// were filled: what the runtime trusts must be sound.
func TestPoisonedValuesCanBeLookedAt(t *testing.T) {
	a := NewAllocator(Config{Modes: ModePoison, Reporter: diag.NewCollector(t).Reporter()})
	defer a.Close()
	type all struct {
		i   int
		s   string
		b   []byte
		e   any
		f   func()
		m   map[string]int
		c   chan int
		p   *all
		a   [2]struct{ x any }
		u   uint16
		ok  bool
		err error
	}
	f := a.BeginFrame()
	s := Slice[all](f, 2)
	for i := range s {
		s[i] = all{1, "s", []byte("b"), 3, func() {}, map[string]int{"": 1}, make(chan int), &s[0], [2]struct{ x any }{{1}, {"x"}}, 3, true, diag.FA001}
	}
	flags := Slice[bool](f, 9)
	flags[3] = true
	a.EndFrame()
	x := &s[1]
	if uint32(x.i) != 0xCDCDCDCD || x.u != 0xCDCD {
		t.Errorf("plain fields are %#x and %#x, want 0xCD in each byte", x.i, x.u)
	}
	if x.s != "" || x.b != nil || x.e != nil || x.f != nil || x.m != nil || x.c != nil || x.p != nil || x.a[1].x != nil || x.ok || x.err != nil {
		t.Errorf("what the runtime trusts is not zero: %+v", *x)
	}
	if flags[3] {
		t.Error("a boolean is not zero")
	}
}

func TestPoisonLastsForGuardFrames(t *testing.T) {
	for _, frames := range []int{1, 5} {
		for lag := range frames + 3 {
			reports := diag.NewCollector(t)
			a := NewAllocator(Config{Modes: ModePoison, GuardFrames: frames, Reporter: reports.Reporter()})
			f := a.BeginFrame()
			p := New[record](f)
			a.EndFrame()
			for range lag {
				a.Frame(func(f *Frame) {})
			}
			p.a = 1
			a.Frame(func(*Frame) {})
			want := 0
			if lag <= frames {
				want = 1
			}
			if got := len(reports.Diagnostics()); got != want {
				t.Errorf("written %d frames later, kept for %d: %d reports, want %d", lag, frames, got, want)
			}
			a.Close()
		}
	}
}
