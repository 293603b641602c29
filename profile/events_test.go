package profile

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// traceEvent is one event as a tool reads it.
type traceEvent struct {
	Ph, Name string
	Pid, Tid *int
	Ts, Dur  *float64
	S        string
	Args     map[string]any
}

// readEvents reads a finished file strictly, checks what holds of every event,
// and returns the events by the name of their track.
func readEvents(t *testing.T, path string) (byTrack map[string][]traceEvent, dropped string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		DisplayTimeUnit string
		TraceEvents     []traceEvent
		OtherData       map[string]string
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	names := map[int]string{}
	for _, e := range file.TraceEvents {
		if e.Name == "thread_name" {
			names[*e.Tid] = e.Args["name"].(string)
		}
	}
	byTrack = map[string][]traceEvent{}
	for i, e := range file.TraceEvents {
		bad := func(why string) { t.Errorf("event %d, %+v: %s", i, e, why) }
		if e.Pid == nil || e.Tid == nil || e.Name == "" {
			bad("no process, track or name")
			continue
		}
		if names[*e.Tid] == "" {
			bad("its track has no name")
		}
		switch e.Ph {
		case "M":
			continue
		case "X":
			if e.Dur == nil || *e.Dur < 0 {
				bad("no duration")
			}
		case "i":
			if e.S != "t" {
				bad("a mark without scope")
			}
		case "C":
			for name, v := range e.Args {
				if _, ok := v.(float64); !ok {
					bad("counter " + name + " is no number")
				}
			}
		default:
			bad("unknown kind")
		}
		if e.Ts == nil || *e.Ts < 0 {
			bad("no time")
			continue
		}
		byTrack[names[*e.Tid]] = append(byTrack[names[*e.Tid]], e)
	}
	for name, events := range byTrack {
		mustNest(t, name, events)
	}
	return byTrack, file.OtherData["dropped"]
}

// mustNest checks that the spans of a track are one inside or after the other,
// which is what makes them drawable. Times are rounded to nanoseconds.
func mustNest(t *testing.T, track string, events []traceEvent) {
	t.Helper()
	spans := slices.DeleteFunc(slices.Clone(events), func(e traceEvent) bool { return e.Ph != "X" })
	slices.SortStableFunc(spans, func(a, b traceEvent) int {
		return cmp.Or(cmp.Compare(*a.Ts, *b.Ts), cmp.Compare(*b.Dur, *a.Dur))
	})
	var open []float64 // ends
	for _, e := range spans {
		for len(open) > 0 && open[len(open)-1] <= *e.Ts+0.002 {
			open = open[:len(open)-1]
		}
		end := *e.Ts + *e.Dur
		if len(open) > 0 && end > open[len(open)-1]+0.002 {
			t.Errorf("track %q: %s from %.3f to %.3f overlaps what ends at %.3f", track, e.Name, *e.Ts, end, open[len(open)-1])
		}
		open = append(open, end)
	}
}

func named(events []traceEvent, name string) (found []traceEvent) {
	for _, e := range events {
		if e.Name == name {
			found = append(found, e)
		}
	}
	return found
}

func TestEventsHoldWhatHappened(t *testing.T) {
	reports := diag.NewCollector(t)
	a := framealloc.NewAllocator(framealloc.Config{Reporter: reports.Reporter()})
	defer a.Close()
	path := filepath.Join(t.TempDir(), "events.json")
	e, err := NewEvents(a, path, EventsConfig{})
	if err != nil {
		t.Fatal(err)
	}
	a.SetTagBudget("ai", framealloc.Budget{Soft: 100})
	for range 3 {
		f := a.BeginFrame()
		f.WithPhase("update", func() {
			leave := f.Tag("ai")
			done := f.Phase("think")
			framealloc.Slice[byte](f, 200)
			leave() // the tag ends before the phase that began inside it
			done()
			framealloc.Parallel(f, 2, func(f *framealloc.Frame, _ int) {
				f.WithPhase("physics", func() { framealloc.New[[8]uint64](f) })
			})
		})
		runtime.GC()
		a.EndFrame()
	}
	f := a.BeginFrame()
	framealloc.Retain[particle](f, framealloc.ToHeap)
	framealloc.Slice[byte](f, 1<<20) // grows
	a.EndFrameWithPromotions()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there before Close: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	tracks, dropped := readEvents(t, path)
	if dropped != "0" || e.Dropped() != 0 {
		t.Errorf("dropped %s, %d", dropped, e.Dropped())
	}
	main := tracks["main"]
	frames := named(main, "frame")
	if len(frames) != 4 {
		t.Fatalf("%d frames", len(frames))
	}
	for i, f := range frames[:3] {
		if f.Args["number"] != float64(i+1) || f.Args["bytes"] != float64(200+2*64) || f.Args["allocations"] != 3.0 || f.Args["collections"] == nil {
			t.Errorf("frame %d has %v", i+1, f.Args)
		}
	}
	for name, n := range map[string]int{
		"update": 3, "think": 3, "frame memory of main": 4, "budget": 4, "promotion": 1, "growth": 2,
	} {
		if got := named(main, name); len(got) != n {
			t.Errorf("%d events named %q, want %d: %v", len(got), name, n, got)
		}
	}
	if ai := named(tracks["main tags"], "ai"); len(ai) != 3 || ai[0].Args["bytes"] != 200.0 {
		t.Errorf("tags: %v", ai)
	}
	if got := len(named(tracks["main/fork 1"], "physics")) + len(named(tracks["main/fork 2"], "physics")); got != 6 {
		t.Errorf("%d phases in forks, want 6", got)
	}
	if got := len(named(tracks["garbage collector"], "pause")); got < 3 {
		t.Errorf("%d pauses, want at least 3", got)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEventsStayInTheirBounds(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a pause would be an event, too
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	path := filepath.Join(t.TempDir(), "events.json")
	e, err := NewEvents(a, path, EventsConfig{MaxBytes: 4096})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		a.Frame(func(*framealloc.Frame) {})
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	tracks, dropped := readEvents(t, path)
	kept := len(tracks["main"])
	if dropped != fmt.Sprint(200-kept) || e.Dropped() != uint64(200-kept) || kept == 0 {
		t.Errorf("%d of 200 events kept, %s dropped", kept, dropped)
	}
	if info, _ := os.Stat(path); info.Size() > 5000 {
		t.Errorf("the file has %d bytes", info.Size())
	}
}

func TestEventsFailLoudlyAndLeaveNothing(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	dir := t.TempDir()
	if _, err := NewEvents(a, filepath.Join(dir, "missing", "events.json"), EventsConfig{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a directory that is not there: %v", err)
	}
	e, err := NewEvents(a, filepath.Join(dir, "events.json"), EventsConfig{})
	if err != nil {
		t.Fatal(err)
	}
	e.file.Close() // the disk is gone
	a.Frame(func(*framealloc.Frame) {})
	if err := e.Close(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("close: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestAStalledDiskStopsNoFrame holds the writer up, so that the buffer fills.
func TestAStalledDiskStopsNoFrame(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	path := filepath.Join(t.TempDir(), "events.json")
	e, err := NewEvents(a, path, EventsConfig{Buffer: 1})
	if err != nil {
		t.Fatal(err)
	}
	file := e.file
	r, w, err := os.Pipe() // nobody reads it
	if err != nil {
		t.Fatal(err)
	}
	e.file = w
	for e.Dropped() < 1000 {
		a.Frame(func(*framealloc.Frame) {})
	}
	e.mu.Lock()
	if n := cap(e.buf) + cap(e.written); n > minEventBuffer+2*eventSlack {
		t.Errorf("%d bytes of buffers", n)
	}
	e.mu.Unlock()
	r.Close() // and now it breaks
	if err := e.Close(); err == nil {
		t.Error("no error from a broken pipe")
	}
	file.Close()
}

func TestEventsAllocateNothing(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	e, err := NewEvents(a, filepath.Join(t.TempDir(), "events.json"), EventsConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	frame := func() {
		f := a.BeginFrame()
		f.WithPhase("update", func() { f.WithTag("ai", func() { framealloc.New[[8]uint64](f) }) })
		a.EndFrame()
	}
	frame()
	if n := testing.AllocsPerRun(1000, frame); n != 0 {
		t.Errorf("%g heap allocations a frame", n)
	}
}

// TestEventsOfManyWorkers is for the race detector.
func TestEventsOfManyWorkers(t *testing.T) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	path := filepath.Join(t.TempDir(), "events.json")
	e, err := NewEvents(a, path, EventsConfig{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			w := a.NewWorker(fmt.Sprint("worker ", i))
			defer w.Close()
			for range 500 {
				w.Frame(func(f *framealloc.Frame) {
					f.WithPhase("update", func() { framealloc.New[[8]uint64](f) })
				})
			}
		})
	}
	wg.Wait()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	tracks, _ := readEvents(t, path)
	for i := range 4 {
		if got := len(named(tracks[fmt.Sprint("worker ", i)], "update")); got+int(e.Dropped()) < 500 {
			t.Errorf("worker %d: %d phases, %d events dropped", i, got, e.Dropped())
		}
	}
}

func TestEventText(t *testing.T) {
	for _, text := range []string{
		"plain", `a "quoted\path"`, "tab\tline\nbell\a", "häßlich 🜨", "bad \xff\xfe UTF-8", "\x7f", strings.Repeat("ß", maxEventText),
	} {
		var got string
		if err := json.Unmarshal(appendText(nil, text), &got); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		want := strings.ToValidUTF8(text[:min(len(text), maxEventText)], "\ufffd")
		if text == "bad \xff\xfe UTF-8" {
			want = "bad \ufffd\ufffd UTF-8"
		}
		if got != want {
			t.Errorf("%q reads as %q", text, got)
		}
	}
}

func TestEventTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.000", 1: "0.001", 1234567: "1234.567", 12 * time.Second: "12000000.000", -1500: "-1.500",
	} {
		var ev event
		ev.time("ts", d)
		if got := string(ev.buf); got != `,"ts":`+want {
			t.Errorf("%d ns are written %s, want %s µs", d, got, want)
		}
	}
}
