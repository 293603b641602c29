package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
)

// watch begins to watch, with every frame slow unless the config says otherwise.
func watch(t *testing.T, a *framealloc.Allocator, c SlowConfig) (*SlowFrames, <-chan SlowFrame) {
	t.Helper()
	if c.Budget == 0 {
		c.Budget = 1
	}
	slow := make(chan SlowFrame, 100)
	c.OnSlow = func(f SlowFrame) { slow <- f }
	s, err := OnSlowFrame(a, c)
	if err != nil {
		t.Fatal(err)
	}
	return s, slow
}

func TestSlowFramesAreRecorded(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	dir := filepath.Join(t.TempDir(), "deep", "recordings [1]")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	old := func(year int, suffix string) string {
		return filepath.Join(dir, fmt.Sprintf("slow-%d0102T150405.000000-main-7%s", year, suffix))
	}
	for year := 2020; year < 2024; year++ {
		for _, suffix := range []string{".trace", ".txt"} {
			if err := os.WriteFile(old(year, suffix), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	other := filepath.Join(dir, "other.trace")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	defer Trace(a)()
	s, slow := watch(t, a, SlowConfig{Dir: dir, Keep: 2, Every: time.Hour})
	a.Frame(func(f *framealloc.Frame) {
		f.WithPhase("update", func() { framealloc.New[particle](f) })
	})
	f := <-slow
	if f.Err != nil || f.Recording == "" || f.Worker != "main" || f.Frame != 1 {
		t.Fatalf("%+v", f)
	}
	recording, err := os.ReadFile(f.Recording)
	if err != nil {
		t.Fatal(err)
	}
	log := events(t, recording)
	for _, want := range []string{`Type="frame"`, `Type="update"`, `"frame 1 of worker main"`} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in the recording", want)
		}
	}
	text, err := os.ReadFile(strings.TrimSuffix(f.Recording, ".trace") + ".txt")
	if err != nil || !strings.HasPrefix(string(text), f.String()+"\n") {
		t.Errorf("%v, the verdict's file says %q", err, text)
	}
	for path, stays := range map[string]bool{
		old(2020, ".trace"): false, old(2021, ".txt"): false, old(2022, ".trace"): false, old(2022, ".txt"): false,
		old(2023, ".trace"): true, old(2023, ".txt"): true, other: true, f.Recording: true,
	} {
		if _, err := os.Stat(path); (err == nil) != stays || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want it there: %v", filepath.Base(path), err, stays)
		}
	}

	a.Frame(func(*framealloc.Frame) {})
	if f = <-slow; f.Recording != "" || f.Frame != 2 || f.Verdict.Figures.Wall == 0 {
		t.Errorf("so soon after: %+v", f)
	}
	if n, forgotten := s.Count(); n != 2 || forgotten != 0 || len(s.Recent()) != 2 {
		t.Errorf("%d slow frames, %d forgotten, %d remembered", n, forgotten, len(s.Recent()))
	}
	if _, err := OnSlowFrame(a, SlowConfig{Dir: dir}); err == nil || !strings.Contains(err.Error(), "flight recorder") {
		t.Errorf("a second flight recorder: %v", err)
	}
	s.Close()
	s.Close()
	again, slow := watch(t, a, SlowConfig{Dir: dir})
	os.RemoveAll(dir)
	a.Frame(func(*framealloc.Frame) {})
	if f = <-slow; !errors.Is(f.Err, fs.ErrNotExist) || f.Recording != "" || f.Verdict.Figures.Wall == 0 {
		t.Errorf("with the directory gone: %+v", f)
	}
	again.Close()
}

func TestSlowFramesRefuseWhatCannotWork(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OnSlowFrame(a, SlowConfig{Dir: filepath.Join(file, "recordings")}); err == nil || !strings.Contains(err.Error(), "directory for recordings") {
		t.Errorf("a directory in a file: %v", err)
	}
}

func TestOrdinaryFramesAreNotSlow(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	s, slow := watch(t, a, SlowConfig{Budget: time.Hour, LockThread: true})
	frame := func() {
		f := a.BeginFrame()
		framealloc.New[particle](f)
		a.EndFrame()
	}
	frame()
	if n := testing.AllocsPerRun(200, frame); n != 0 {
		t.Errorf("%g heap allocations a frame", n)
	}
	for _, m := range s.workers {
		if m.usual == (Breakdown{}) {
			t.Error("nothing was learnt about ordinary frames")
		}
	}
	s.Close()
	if len(slow) > 0 {
		t.Errorf("%d slow frames", len(slow))
	}
}

// TestSlowFramesOfManyWorkers is for the race detector; none is lost uncounted.
func TestSlowFramesOfManyWorkers(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	s, slow := watch(t, a, SlowConfig{Workers: func(name string) bool { return name != "main" }})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			w := a.NewWorker(fmt.Sprint("worker ", i))
			defer w.Close()
			for range 20 {
				w.Frame(func(f *framealloc.Frame) { framealloc.New[particle](f) })
			}
		})
	}
	a.Frame(func(*framealloc.Frame) {})
	wg.Wait()
	s.Close()
	n, forgotten := s.Count()
	if n != 60 || uint64(len(slow))+forgotten != 60 {
		t.Errorf("%d slow frames, %d told, %d forgotten, want 60 in all", n, len(slow), forgotten)
	}
	for range len(slow) {
		if f := <-slow; f.Worker == "main" {
			t.Error("a frame of a worker that does not count")
		}
	}
}

func TestSettlingFindsTheCollectionsOfAFrame(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(1000, 0).Add(time.Duration(n) * ms) }
	ends := []time.Time{at(50), at(30), at(10)} // the latest first
	for _, c := range []struct{ frameEnd, last, first int }{
		{5, 0, 10}, {10, 10, 30}, {35, 30, 50}, {60, 50, 0},
	} {
		if got, ok := lastBefore(ends, at(c.frameEnd)); ok != (c.last > 0) || ok && got != at(c.last) {
			t.Errorf("the last before %d ms is %v, want that at %d ms", c.frameEnd, got, c.last)
		}
		if got, ok := firstAfter(ends, at(c.frameEnd)); ok != (c.first > 0) || ok && got != at(c.first) {
			t.Errorf("the first after %d ms is %v, want that at %d ms", c.frameEnd, got, c.first)
		}
	}
	for _, c := range []struct{ marking, during, wantMarking, wantAssist time.Duration }{
		{10 * ms, 20 * ms, 10 * ms, 8 * ms}, // it began in the frame
		{40 * ms, 20 * ms, 20 * ms, 4 * ms}, // half of it was before
		{40 * ms, 90 * ms, 40 * ms, 8 * ms},
		{90 * ms, 80 * ms, 50 * ms, 8 * ms * 50 / 90}, // longer than the frame itself
		{40 * ms, -5 * ms, 0, 0},                      // the clocks disagree
	} {
		f := Figures{Wall: 50 * ms, Marking: c.marking, Assist: 8 * ms}
		overlapped(&f, f.Marking, c.during)
		if f.Marking != c.wantMarking || (f.Assist-c.wantAssist).Abs() > time.Microsecond {
			t.Errorf("%v of marking, the last of it %v into the frame: %v and %v of assists, want %v and %v",
				c.marking, c.during, f.Marking, f.Assist, c.wantMarking, c.wantAssist)
		}
	}
}

func TestThreadReadings(t *testing.T) {
	old := threadReading{known: true, thread: 7, cpu: 10 * ms, runQueue: 5 * ms, switched: 3, majorFaults: 1}
	unknown := Figures{CPU: -1, RunQueue: -1, Switched: -1, MajorFaults: -1}
	for _, c := range []struct {
		name string
		now  threadReading
		want Figures
	}{
		{"the same thread", threadReading{true, 7, 14 * ms, 6 * ms, 5, 1}, Figures{CPU: 4 * ms, RunQueue: 1 * ms, Switched: 2}},
		{"no run queue", threadReading{true, 7, 14 * ms, -1, 5, 2}, Figures{CPU: 4 * ms, RunQueue: -1, Switched: 2, MajorFaults: 1}},
		{"another thread", threadReading{true, 8, 14 * ms, 6 * ms, 5, 1}, unknown},
		{"nothing is known", threadReading{}, unknown},
	} {
		var f Figures
		if c.now.since(old, &f); f != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, f, c.want)
		}
	}
}

func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{
		"main": "main", "../etc/passwd": ".._etc_passwd", "audio 2/fork 1": "audio_2_fork_1", "ß": "_",
		strings.Repeat("x", 100): strings.Repeat("x", 40),
	} {
		if got := fileName(name); got != want {
			t.Errorf("worker %q gives files named %q, want %q", name, got, want)
		}
	}
}
