package framealloc

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/guard"
)

func TestParseModes(t *testing.T) {
	for _, c := range []struct {
		text    string
		want    Modes
		unknown string
	}{
		{"", 0, ""},
		{"none", 0, ""},
		{"debug", ModeDebug, ""},
		{"debug,guard", ModeDebug | ModeGuard, ""},
		{" Poison ,, ESCAPE\tgarbage ", ModePoison | ModeEscape | ModeGarbage, ""},
		{"leaks,leaks", ModeLeaks, ""},
		{"all", ModeDebug | ModePoison | ModeGuard | ModeEscape | ModeGarbage | ModeLeaks, ""},
		{"debug,gaurd,x", ModeDebug, `"gaurd" and "x"`},
		{"-1", 0, `"-1"`},
	} {
		got, err := ParseModes(c.text)
		if got != c.want {
			t.Errorf("ParseModes(%q) = %v, want %v", c.text, got, c.want)
		}
		if (err != nil) != (c.unknown != "") {
			t.Errorf("ParseModes(%q): error %v", c.text, err)
		} else if err != nil && !(strings.Contains(err.Error(), c.unknown) && strings.Contains(err.Error(), "poison")) {
			t.Errorf("ParseModes(%q): error %v, want one that names %s and the modes there are", c.text, err, c.unknown)
		}
	}
}

func TestModesReadBackAsWritten(t *testing.T) {
	for m := range allModes + 1 {
		if got, err := ParseModes(m.String()); got != m || err != nil {
			t.Errorf("%q reads as %v, %v", m.String(), got, err)
		}
	}
	if got, want := (ModeDebug | 1<<15).String(), "debug,Modes(0x8000)"; got != want {
		t.Errorf("unknown modes are written %q, want %q", got, want)
	}
}

// usedElsewhere allocates from f on another goroutine and returns its panic.
func usedElsewhere(f *Frame) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { err, _ = recover().(error) }()
		New[int](f)
	}()
	<-done
	return err
}

func TestModesChangeWithTheNextFrame(t *testing.T) {
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	w := a.NewWorker("other")
	f, g := a.BeginFrame(), w.BeginFrame()
	s := a.Scratch("level").Frame()

	a.SetModes(ModeDebug)
	if a.Modes() != ModeDebug {
		t.Fatalf("Modes() = %v", a.Modes())
	}
	if err := usedElsewhere(f); err != nil {
		t.Errorf("the frame that was active when the mode was set: %v", err)
	}
	a.EndFrame()
	f = a.BeginFrame()
	for name, frame := range map[string]*Frame{"frame": f, "fork": f.Fork(), "scratch": s} {
		New[int](frame) // a fork belongs to whom uses it first
		if err := usedElsewhere(frame); !errors.Is(err, diag.FA201) {
			t.Errorf("%s: use from another goroutine: %v, want FA201", name, err)
		}
		if frame.forked != nil {
			frame.Join()
		}
	}
	if err := usedElsewhere(g); err != nil {
		t.Errorf("a worker whose frame goes on: %v", err)
	}

	a.SetModes(0)
	if err := usedElsewhere(f); !errors.Is(err, diag.FA201) {
		t.Errorf("until the frame ends the mode stays: %v", err)
	}
	a.EndFrame()
	if err := usedElsewhere(a.BeginFrame()); err != nil {
		t.Errorf("the mode is off: %v", err)
	}
	a.EndFrame()
	w.EndFrame()
}

func TestModesFromConfigAndEnvironment(t *testing.T) {
	for _, c := range []struct {
		env    string
		config Config
		want   Modes
		report string
	}{
		{"", Config{}, 0, ""},
		{"", Config{Debug: true}, ModeDebug, ""},
		{"", Config{Modes: ModePoison}, ModePoison, ""},
		{"leaks", Config{Modes: ModePoison, Debug: true}, ModeDebug | ModePoison | ModeLeaks, ""},
		{"leaks,posion", Config{}, ModeLeaks, `"posion"`},
	} {
		t.Setenv(ModesVariable, c.env)
		reports := diag.NewCollector(t)
		c.config.Reporter = reports.Reporter()
		a := NewAllocator(c.config)
		if a.Modes() != c.want {
			t.Errorf("%s=%q, Modes %v, Debug %v: %v, want %v", ModesVariable, c.env, c.config.Modes, c.config.Debug, a.Modes(), c.want)
		}
		got := reports.Diagnostics()
		if c.report == "" && len(got) > 0 || c.report != "" && (len(got) != 1 || !strings.Contains(got[0].Message, c.report)) {
			t.Errorf("%s=%q: reports %v, want %s", ModesVariable, c.env, got, c.report)
		}
		a.Close()
	}
}

// TestModesSwitchedAtRandom changes modes while frames fly, forks run and
// scratches hold values, and expects every value to stay as it is for as long as
// it may be used, and no report.
func TestModesSwitchedAtRandom(t *testing.T) {
	modes := ModeDebug | ModePoison | ModeGuard | ModeEscape
	for seed := range uint64(6) {
		rnd := rand.New(rand.NewPCG(seed, 6))
		reports := diag.NewCollector(t)
		flight := int(seed % 3)
		a := NewAllocator(Config{FramesInFlight: flight, Reporter: reports.Reporter(), GuardFrames: 1 + int(seed%2)})
		type held struct {
			plain  []uint64
			linked *graphNode
			value  uint64
		}
		hold := func(f *Frame) *held {
			h := &held{plain: Slice[uint64](f, 1+rnd.IntN(2000)), value: rnd.Uint64()}
			h.plain[len(h.plain)-1] = h.value
			h.linked = NewValue(f, graphNode{value: int64(h.value), next: New[graphNode](f)})
			return h
		}
		check := func(h *held) {
			if h != nil && (h.plain[len(h.plain)-1] != h.value || h.linked.value != int64(h.value) || h.linked.next == nil) {
				t.Fatalf("seed %d: a value has changed under %v", seed, a.Modes())
			}
		}
		flying := make([]*held, flight+1)
		var kept [2]*held
		for i := range 60 {
			if rnd.IntN(3) == 0 {
				m := Modes(rnd.IntN(int(modes + 1)))
				if !guard.Supported {
					m &^= ModeGuard
				}
				a.SetModes(m)
			}
			f := a.BeginFrame()
			for _, h := range flying {
				check(h)
			}
			at := i % len(flying)
			flying[at] = hold(f)
			for range rnd.IntN(4) {
				f.Sub(func(f *Frame) { check(hold(f)) })
			}
			if rnd.IntN(2) == 0 {
				Parallel(f, 3, func(f *Frame, i int) { Slice[uint64](f, 100)[i]++ })
			}
			for k := range kept {
				s := a.Scratch([]string{"a", "b"}[k])
				check(kept[k])
				if rnd.IntN(5) == 0 {
					kept[k] = nil
					s.Reset()
				}
				if kept[k] == nil {
					kept[k] = hold(s.Frame())
				}
			}
			check(flying[at])
			if next := (i + 1) % len(flying); i+1 >= len(flying) {
				flying[next] = nil // its frame is given back now
			}
			a.EndFrame()
		}
		a.Close()
		reports.RequireNone()
	}
}

// TestModesLetGo switches poison on and off while frames are in flight, forked, and
// cut by ShrinkAfter: what they gave back is poisoned, and refers to nothing.
func TestModesLetGo(t *testing.T) {
	for inFlight := range 3 {
		a := NewAllocator(Config{FramesInFlight: inFlight, ShrinkAfter: 1, ChunkSize: 1 * KiB})
		var gone []weak.Pointer[linked]
		var last []*linked
		take := func(f *Frame) {
			on := new(linked)
			gone = append(gone, weak.Make(on))
			n := New[linked](f)
			n.next = on
			last = append(last, n)
		}
		for i := range 12 {
			if i%4 == 0 {
				a.SetModes([]Modes{0, ModePoison, ModeDebug}[i/4])
			}
			f := a.BeginFrame()
			take(f)
			c := f.Fork()
			take(c)
			if i < 4 { // so that there is something to cut
				Slice[linked](f, 1000)
				Slice[linked](c, 1000)
			}
			c.Join()
			a.EndFrame()
		}
		for range inFlight {
			a.Frame(func(*Frame) {})
		}
		for i, n := range last {
			if n.next != nil {
				t.Errorf("%d in flight: value %d was not cleared", inFlight, i)
			}
		}
		runtime.GC()
		for i, p := range gone {
			if p.Value() != nil {
				t.Errorf("%d in flight: what value %d pointed to is kept", inFlight, i)
			}
		}
		a.Close()
	}
}

// BenchmarkModes is a frame of 1,000 allocations, half of them with pointers, in
// each mode, and after the mode was switched off again.
func BenchmarkModes(b *testing.B) {
	frame := func(f *Frame) {
		for range 500 {
			New[record](f).a++
			New[graphNode](f).value++
		}
	}
	run := func(name string, on, then Modes) {
		b.Run(name, func(b *testing.B) {
			a := NewAllocator(Config{Modes: on, Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{}})})
			defer a.Close()
			for range 20 {
				a.Frame(frame)
			}
			a.SetModes(then)
			for range 20 {
				a.Frame(frame)
			}
			b.ReportAllocs()
			for b.Loop() {
				a.Frame(frame)
			}
		})
	}
	run("never", 0, 0)
	for _, m := range []Modes{ModeDebug, ModePoison, ModeGuard, ModeEscape, ModeGarbage, ModeLeaks} {
		if m == ModeGuard && !guard.Supported {
			continue
		}
		run(m.String(), m, m)
		run(m.String()+" switched off", m, 0)
	}
}
