//go:build (linux || darwin) && (amd64 || arm64)

package tracyframe

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

func attach(t *testing.T, r *recorder, a *framealloc.Allocator, c Config) *Session {
	t.Helper()
	c.Library = r.file
	s, err := Attach(a, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// TestEveryCall asserts each call, with its arguments, of some frames.
func TestEveryCall(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{ChunkSize: 64 * framealloc.KiB})
	defer a.Close()
	a.SetBudget(framealloc.Budget{Hard: 10 * framealloc.MiB})
	a.SetTagBudget("ai", framealloc.Budget{Hard: 4096})
	s := attach(t, r, a, Config{})
	if !s.Connected() {
		t.Error("not connected")
	}
	a.Frame(func(f *framealloc.Frame) {
		defer f.Phase("update")()
		f.WithTag("ai", func() { framealloc.Bytes(f, 1024) })
		framealloc.Bytes(f, 512)
	})
	r.expect(
		"config main: bytes a frame 1 1 1 56b4e9",
		"config main: heap allocations a frame 0 1 1 d55e00",
		"thread main",
		"begin update phase framealloc 0 cc79a7 1",
		"begin ai tag framealloc 0 009e73 1",
		"end ok",
		"end ok",
		"config main: ai 1 1 1 009e73",
		"plot main: ai 1024",
		"alloc main frame 0x100000 1024",
		"alloc main frame 0x200000 512",
		"alloc main chunks 0x100000 65536",
		"plot main: bytes a frame 1536",
		"config budget of all workers 2 1 1 e69f00",
		"plot budget of all workers 0",
		"config budget of tag ai in main 2 1 1 e69f00",
		"plot budget of tag ai in main 25",
		"frame -",
	)
	// The second frame knows all names, and discards what the first one took.
	a.Frame(func(f *framealloc.Frame) {})
	r.expect(
		"discard main frame",
		"plot main: bytes a frame 0",
		"plot budget of all workers 0",
		"frame -",
	)
	// More memory.
	a.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 100*framealloc.KiB) })
	got := strings.Join(r.calls(), "\n")
	if !strings.Contains(got, "alloc main chunks 0x200000 ") || !strings.Contains(got, "plot main: bytes a frame 102400") {
		t.Error(got)
	}
	// After Close there is nothing.
	s.Close()
	s.Close()
	a.Frame(func(f *framealloc.Frame) { defer f.Phase("update")() })
	r.expect("")
}

// TestWorkers shows another worker under its name, and hears of garbage, budgets
// of its own and diagnostics.
func TestWorkers(t *testing.T) {
	r := newRecorder(t)
	reports := diag.NewCollector(t)
	a := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeGarbage, Reporter: reports.Reporter()})
	defer a.Close()
	s := attach(t, r, a, Config{NoZones: true})
	w := a.NewWorker("audio")
	defer w.Close()
	w.SetBudget(framealloc.Budget{Soft: 1000, Hard: 2000, Policy: framealloc.Warn})
	w.Frame(func(f *framealloc.Frame) {
		defer f.Phase("mix")()
		framealloc.Bytes(f, 3000)
	})
	got := strings.Join(r.calls(), "\n")
	for _, want := range []string{
		"\nframe audio", "config audio: heap allocations a frame", "\nplot audio: heap allocations a frame ",
		"\nplot budget of audio 150", "alloc audio frame 0x100000 3000", "message error[FA312]", " 4 f06a6a 0",
	} {
		if !strings.Contains("\n"+got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	for _, not := range []string{"begin", "thread"} {
		if strings.Contains(got, "\n"+not) {
			t.Errorf("there is %q in\n%s", not, got)
		}
	}
	s.Message("level loaded")
	s.Message("")
	r.expect("message level loaded 2 000000 0")
}

// TestZonesNest has tags and phases cross.
func TestZonesNest(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	attach(t, r, a, Config{})
	f := a.BeginFrame()
	phase := f.Phase("p")
	tag := f.Tag("t")
	phase() // left first, ends with the tag inside it
	open := f.Tag("u")
	_ = open // ends with the frame
	tag()
	a.EndFrame()
	var zones []string
	for _, c := range r.calls() {
		if strings.HasPrefix(c, "begin ") || strings.HasPrefix(c, "end ") {
			zones = append(zones, strings.Join(strings.Fields(c)[:2], " "))
		}
	}
	if got, want := fmt.Sprint(zones), "[begin p begin t begin t/u end ok end ok end ok]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestOnDemand connects and disconnects between frames.
func TestOnDemand(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	s := attach(t, r, a, Config{})
	frame := func() {
		a.Frame(func(f *framealloc.Frame) {
			defer f.Tag("t")()
			framealloc.Bytes(f, 100)
		})
	}
	r.connect(0)
	frame()
	s.Message("nobody reads it")
	r.expect("")
	r.connect(1)
	frame()
	if got := strings.Join(r.calls(), "\n"); !strings.Contains(got, "alloc main frame 0x100000 104") && !strings.Contains(got, "alloc main frame 0x100000 100") {
		t.Error(got)
	}
	r.connect(0)
	frame()
	r.expect("")
	r.connect(1)
	frame() // does not discard, for Tracy has forgotten, and says again what there is
	got := strings.Join(r.calls(), "\n")
	if strings.Contains(got, "discard") || !strings.Contains(got, "alloc main chunks 0x100000") {
		t.Error(got)
	}
}

// TestOldClient has the functions of before 0.14, which take an argument more,
// and no discard.
func TestOldClient(t *testing.T) {
	r := newRecorder(t, "-DOLD")
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	s := attach(t, r, a, Config{NoZones: true})
	for range 2 {
		a.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 64) })
	}
	s.Message("hello")
	got := strings.Join(r.calls(), "\n")
	for _, want := range []string{"alloc main frame 0x100000 64 0", "free main frame 0x100000 0", "message hello 0"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
}

// TestThreads has many workers and forks at once: the zones of each worker are on
// one thread, and well nested there.
func TestThreads(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	attach(t, r, a, Config{})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			w := a.NewWorker(fmt.Sprint("w", i))
			defer w.Close()
			for range 50 {
				w.Frame(func(f *framealloc.Frame) {
					defer f.Phase(w.Name())()
					f.WithTag("t", func() { framealloc.New[[4]*int](f) })
					framealloc.Parallel(f, 2, func(f *framealloc.Frame, _ int) { defer f.Tag("fork")() })
				})
			}
		})
	}
	wg.Wait()
	depth := make(map[string]int)
	threads := make(map[string]map[string]bool)
	frames := 0
	for line := range strings.Lines(r.text()) {
		words := strings.Fields(line)
		at := words[len(words)-1]
		switch words[0] {
		case "begin":
			depth[at]++
			if words[1] == "t" {
				continue
			}
			if words[1] == "fork" {
				t.Fatal("a fork has a zone")
			}
			if threads[words[1]] == nil {
				threads[words[1]] = make(map[string]bool)
			}
			threads[words[1]][at] = true
		case "end":
			if depth[at]--; depth[at] < 0 || words[1] != "ok" {
				t.Fatalf("a zone ends that was not begun on its thread: %s", line)
			}
		case "frame":
			frames++
		}
	}
	if frames != 200 || len(threads) != 4 {
		t.Errorf("%d frames, zones of %d workers", frames, len(threads))
	}
	for name, at := range threads {
		if len(at) != 1 {
			t.Errorf("%s is on %d threads", name, len(at))
		}
	}
	for at, n := range depth {
		if n != 0 {
			t.Errorf("%d zones of %s were not ended", n, at)
		}
	}
}

var racing bool // the race detector is on

// TestNoGarbage: neither connected nor not does a frame allocate on the heap.
func TestNoGarbage(t *testing.T) {
	r := newRecorder(t)
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	a.SetTagBudget("ai", framealloc.Budget{Hard: framealloc.MiB})
	attach(t, r, a, Config{})
	frame := func() {
		f := a.BeginFrame()
		end := f.Phase("update")
		f.WithTag("ai", func() { framealloc.Bytes(f, 1000) })
		end()
		a.EndFrame()
	}
	for on := range uintptr(2) {
		r.connect(on)
		for range 10 {
			frame()
		}
		if n := testing.AllocsPerRun(100, frame); n != 0 && !racing {
			t.Errorf("connected %d: %v heap allocations a frame", on, n)
		}
	}
}

func TestWithoutALibrary(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	for _, file := range []string{"/no/such/library.so", ""} {
		t.Setenv(LibraryVariable, "/not/here/either.so")
		s, err := Attach(a, Config{Library: file})
		if s != nil || !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), LibraryVariable) || !strings.Contains(err.Error(), ".so") {
			t.Errorf("%q: %v, %v", file, s, err)
		}
		s.Close() // a nil session can be used
		s.Message("x")
		if s.Connected() {
			t.Error("connected to nothing")
		}
	}
	// A library that is not Tracy's.
	r := newRecorder(t, "-D___tracy_emit_frame_mark=something_else")
	if _, err := Attach(a, Config{Library: r.file}); !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "___tracy_emit_frame_mark") {
		t.Errorf("%v", err)
	}
}

func BenchmarkFrame(b *testing.B) {
	for _, c := range []struct {
		name    string
		attach  bool
		connect uintptr
	}{{"detached", false, 0}, {"not connected", true, 0}, {"connected", true, 1}} {
		b.Run(c.name, func(b *testing.B) {
			t := &testing.T{}
			a := framealloc.NewAllocator(framealloc.Config{})
			defer a.Close()
			if c.attach {
				r := newRecorder(t)
				s, err := Attach(a, Config{Library: r.file})
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				r.connect(c.connect)
			}
			for b.Loop() {
				f := a.BeginFrame()
				end := f.Phase("update")
				f.WithTag("ai", func() { framealloc.Bytes(f, 1000) })
				end()
				a.EndFrame()
			}
		})
	}
}
