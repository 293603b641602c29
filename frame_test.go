package framealloc

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"unsafe"
)

func TestFrameNumbersAndCounts(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for n := uint64(1); n <= 5; n++ {
		f := a.BeginFrame()
		if f.Number() != n || !f.Active() || a.Main().ActiveFrame() != f {
			t.Errorf("frame %d: Number() = %d, Active() = %v", n, f.Number(), f.Active())
		}
		New[plain](f)
		New[linked](f)
		Slice[linked](f, 10)
		if f.Allocations() != 3 || f.Used() != 32+11*int(unsafe.Sizeof(linked{})) {
			t.Errorf("Allocations() = %d, Used() = %d", f.Allocations(), f.Used())
		}
		a.EndFrame()
		if f.Active() {
			t.Error("active after its end")
		}
	}
	s := a.Stats()
	if s.Frames != 5 || s.Frame.Allocations != 15 || s.LastFrameAllocations != 3 || s.HighWater != s.LastFrameBytes {
		t.Errorf("Stats() = %+v", s)
	}
}

func TestScopeFormEndsOnPanic(t *testing.T) {
	a := NewAllocator(Config{})
	func() {
		defer func() { recover() }()
		a.Frame(func(f *Frame) { panic("in the frame") })
	}()
	if a.Main().ActiveFrame() != nil {
		t.Error("the frame is still active after a panic")
	}
	a.Frame(func(f *Frame) { a.EndFrame() }) // ended by hand: no harm
	a.Frame(func(f *Frame) {})
}

func TestSubGivesBackOnlyItsOwn(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for range 3 {
		f := a.BeginFrame()
		kept := NewValue(f, linked{name: "kept"})
		before := f.Used()
		for i := range 100 {
			f.Sub(func(f *Frame) {
				Slice[linked](f, 100)[99].name = "gone"
				f.Sub(func(f *Frame) { Slice[byte](f, 10_000) })
				NewValue(f, plain{[4]int64{int64(i)}})
			})
			if f.Used() != before {
				t.Fatalf("scope %d: %d bytes in use after, %d before", i, f.Used(), before)
			}
		}
		func() {
			defer func() { recover() }()
			f.Sub(func(f *Frame) { New[plain](f); panic("in the scope") })
		}()
		if f.Used() != before || kept.name != "kept" {
			t.Error("a panic in a scope leaves its memory, or touches other")
		}
		if p := New[plain](f); *p != (plain{}) {
			t.Error("memory given back by a scope is handed out dirty")
		}
		a.EndFrame()
	}
}

func TestFramesInFlight(t *testing.T) {
	for k := 0; k <= MaxFramesInFlight; k++ {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			a := NewAllocator(Config{FramesInFlight: k, ChunkSize: 1 << 10})
			defer a.Close()
			type made struct {
				p *linked
				s []int
				n int
			}
			var live []made
			for n := range 50 {
				f := a.BeginFrame()
				m := made{NewValue(f, linked{name: fmt.Sprint(n)}), Slice[int](f, 200+n), n}
				for i := range m.s {
					m.s[i] = n
				}
				live = append(live, m)
				if len(live) > k+1 {
					live = live[1:]
				}
				// During frame n, frames n-k to n are alive.
				for _, m := range live {
					if m.p.name != fmt.Sprint(m.n) || m.s[0] != m.n || m.s[len(m.s)-1] != m.n {
						t.Fatalf("frame %d: memory of frame %d changed", n, m.n)
					}
				}
				a.EndFrame()
				for _, m := range live[len(live)-min(k, len(live)):] {
					if m.p.name != fmt.Sprint(m.n) {
						t.Fatalf("after frame %d: memory of frame %d is gone, with %d in flight", n, m.n, k)
					}
				}
			}
		})
	}
}

func TestAppendGrowsInPlace(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	s := Append(f, []uint32(nil), 1, 2, 3)
	first := unsafe.SliceData(s)
	for i := uint32(4); i <= 1000; i++ {
		s = Append(f, s, i)
	}
	if unsafe.SliceData(s) != first {
		t.Error("the newest allocation was moved to grow")
	}
	p := Append(f, []linked(nil), linked{name: "a"})
	New[plain](f)
	p = Append(f, p, linked{name: "b"}, linked{name: "c"})
	q := Append(f, p, linked{name: "d"})
	for i, want := range []string{"a", "b", "c", "d"} {
		if q[i].name != want {
			t.Errorf("element %d is %q, want %q", i, q[i].name, want)
		}
	}
	for i, v := range s {
		if v != uint32(i+1) {
			t.Fatalf("element %d is %d", i, v)
		}
	}
	a.EndFrame()
}

func TestCopies(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	buf := []byte("reused")
	s := String(f, string(buf))
	c := Clone(f, buf)
	copy(buf, "xxxxxx")
	if s != "reused" || string(c) != "reused" {
		t.Errorf("String %q, Clone %q", s, c)
	}
	if c := Clone(f, []linked{}); c == nil || len(c) != 0 {
		t.Errorf("clone of an empty slice: %v", c)
	}
	if got := Sprintf(f, "%s has %d of %.1f", "unit", 3, 4.5); got != "unit has 3 of 4.5" {
		t.Errorf("Sprintf: %q", got)
	}
	if got := Sprintf(f, "%200s", "x"); len(got) != 200 || strings.TrimSpace(got) != "x" {
		t.Errorf("long Sprintf: %q", got)
	}
	many := NewMany[linked](f, 5)
	many[4].name = "last"
	if uintptr(unsafe.Pointer(many[1]))-uintptr(unsafe.Pointer(many[0])) != unsafe.Sizeof(linked{}) {
		t.Error("NewMany's values are not side by side")
	}
	a.EndFrame()
}

// TestSteadyStateAllocatesNothing runs whole frames of everything the core
// does.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	for name, c := range map[string]Config{
		"default": {}, "in flight": {FramesInFlight: 2}, "limited": {MaxFrameBytes: MiB, Exhaustion: Warn},
	} {
		t.Run(name, func(t *testing.T) {
			a := NewAllocator(c)
			defer a.Close()
			var items []int
			frame := func() {
				f := a.BeginFrame()
				end := f.Phase("update")
				f.WithTag("physics", func() {
					arena := ArenaOf[linked](f)
					for range 100 {
						New[plain](f)
						New[linked](f)
						arena.New()
					}
					defer f.Tag("contacts")()
					Slice[linked](f, 50)
				})
				end()
				f.Sub(func(f *Frame) { SliceUninit[byte](f, 5000) })
				g := f.Guard()
				items = Append(f, items[:0:0], 1, 2, 3)
				g.Rollback()
				_ = Speculate(f, func() error { New[linked](f); return nil })
				String(f, "copied")
				AlignedBytes(f, 100, 64)
				a.EndFrame()
			}
			for range 10 {
				frame()
			}
			if n := testing.AllocsPerRun(100, frame); n != 0 {
				t.Errorf("%v heap allocations a frame, want 0", n)
			}
		})
	}
}

// TestPointersInFramesSurvive runs the collector all the time while the only
// references to heap objects are in frame memory.
func TestPointersInFramesSurvive(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	a := NewAllocator(Config{ChunkSize: 1 << 10, FramesInFlight: 1})
	defer a.Close()
	for n := range 200 {
		f := a.BeginFrame()
		var list *linked
		for i := range 50 {
			p := New[linked](f)
			p.next, p.name = list, fmt.Sprint(n, i)
			list = p
			if i%10 == 0 {
				f.Sub(func(f *Frame) { Slice[linked](f, 20)[3].name = fmt.Sprint("gone", i) })
			}
		}
		if n%20 == 0 {
			runtime.GC()
		}
		a.EndFrame()
		i := 49
		for p := list; p != nil; p = p.next { // one frame in flight: still alive
			if p.name != fmt.Sprint(n, i) {
				t.Fatalf("frame %d, element %d: %q", n, i, p.name)
			}
			i--
		}
	}
}

func TestStatsWithoutRace(t *testing.T) {
	a := NewAllocator(Config{})
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				a.Stats()
				a.TagStats()
				a.Main().PhaseStats()
				for _, w := range a.Workers() {
					w.Stats()
				}
			}
		}
	}()
	for i := range 300 {
		a.Frame(func(f *Frame) {
			defer f.Tag(fmt.Sprint("tag", i%20))()
			defer f.Phase("p")()
			New[linked](f)
			HeapNew[plain](f)
		})
		if i%50 == 0 {
			w := a.NewWorker("short")
			w.Frame(func(f *Frame) { New[plain](f) })
			w.Close()
		}
	}
	close(stop)
	<-done
	if s := a.Stats(); s.Frames != 306 || s.Frame.Allocations != 306 || s.Heap.Allocations != 300 {
		t.Errorf("Stats() = %+v", s)
	}
	a.Close()
}

// TestAppendToClippedSlice appends to a part of a slice whose last granule is
// shared with the rest.
func TestAppendToClippedSlice(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	for n := 1; n < 20; n++ {
		s := Slice[byte](f, n)
		for i := range s {
			s[i] = 'a'
		}
		part := Append(f, s[:n/2:n/2], 'x')
		for i, b := range s {
			if b != 'a' {
				t.Fatalf("appending to %d of %d bytes overwrote byte %d", n/2, n, i)
			}
		}
		if part[n/2] != 'x' {
			t.Fatal("the appended byte is lost")
		}
	}
	a.EndFrame()
}
