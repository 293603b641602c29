package framealloc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc/diag"
)

type litter struct {
	next *litter
	x    int
	_    int
}

var (
	keptLitter  *litter
	keptInts    []int64
	keptString  string
	keptAny     any
	keptFunc    func() int
	keptMap     map[int]string
	keptRunes   []rune
	keptChannel chan int
)

// litterer makes garbage of every kind. The comments at the ends of lines say what
// is to be found there.
func litterer(n int) {
	keptLitter = new(litter)                      // want: new of litter
	keptLitter = &litter{x: n}                    // want: composite literal of litter
	keptInts = make([]int64, n+10)                // want: make of []int64
	keptInts = append(keptInts[:n:n], int64(n))   // want: append
	keptString = fmt.Sprintf("%d: %d", n, n+1000) // want: fmt.Sprintf and value in an interface
	keptString = keptString + "!"                 // want: strings put together
	keptAny = litter{x: n}                        // want: value in an interface
	keptFunc = func() int { return n }            // want: closure
	keptMap = make(map[int]string, n+100)         // want: map of map[int]string
	keptRunes = []rune(keptString)                // want: conversion to slice
	keptChannel = make(chan int, n+1)             // want: channel of chan int
}

// wanted reads the comments: by line, what is to be found.
func wanted(t *testing.T, file string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]int)
	for i, line := range strings.Split(string(text), "\n") {
		if _, causes, ok := strings.Cut(line, "// want: "); ok && !strings.Contains(causes, `"`) {
			for cause := range strings.SplitSeq(causes, " and ") {
				want[fmt.Sprintf("garbage_test.go:%d: %s", i+1, cause)] = i + 1
			}
		}
	}
	return want
}

// check compares the sites with the comments.
func check(t *testing.T, g *GarbageReport, frames int) {
	t.Helper()
	want := wanted(t, "garbage_test.go")
	for _, s := range g.Sites {
		_, place, _ := strings.Cut(s.Place(), "/")
		key := place + ": " + s.what()
		if want[key] == 0 {
			t.Errorf("unexpected: %+v", s)
			continue
		}
		delete(want, key)
		if s.Allocations < uint64(frames)/8 || s.Bytes < uint64(frames) || s.Instead == "" { // small objects share blocks
			t.Errorf("%s: %+v", key, s)
		}
	}
	for key := range want {
		t.Errorf("%s: not found", key)
	}
}

func TestTraceGarbage(t *testing.T) {
	const frames = 100
	litterer(20)
	g, err := TraceGarbage(frames, func() { litterer(20) })
	if err != nil {
		t.Fatal(err)
	}
	if g.Frames != frames {
		t.Errorf("%d frames", g.Frames)
	}
	check(t, g, frames)
	if len(g.Own) > 0 {
		t.Errorf("of framealloc's own: %+v", g.Own)
	}
}

// TestFindGarbage looks at frames that another goroutine runs, and leaves out what
// is allocated between them.
func TestFindGarbage(t *testing.T) {
	const frames = 100
	a := NewAllocator(Config{})
	defer a.Close()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			a.Frame(func(*Frame) { litterer(20) })
			for i := range 5 {
				keptString = fmt.Sprint("between", i)
			}
			runtime.Gosched()
		}
	}()
	g, err := FindGarbage(context.Background(), a, frames)
	close(stop)
	<-done
	if err != nil || g.Frames != frames {
		t.Fatalf("%d frames, %v", g.Frames, err)
	}
	// The documented stray: one allocation outside may be seen for each frame.
	g.Sites = slices.DeleteFunc(g.Sites, func(s GarbageSite) bool {
		return strings.Contains(s.Function, "TestFindGarbage") && s.Allocations <= frames
	})
	check(t, g, frames)
	if found := a.Garbage().Found; found != g {
		t.Errorf("the allocator knows of %v", found)
	}
}

func TestGarbageTracesExclude(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	_, err := TraceGarbage(1, func() {
		if _, err := TraceGarbage(1, func() {}); !errors.Is(err, ErrTracing) {
			t.Errorf("traced twice: %v", err)
		}
		if g, err := FindGarbage(t.Context(), a, 1); !errors.Is(err, ErrTracing) || g == nil {
			t.Errorf("traced twice: %v, %v", g, err)
		}
	})
	if err != nil {
		t.Error(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		_, _ = TraceGarbage(1, func() { panic("in the frame") })
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if g, err := FindGarbage(ctx, a, 1); !errors.Is(err, context.DeadlineExceeded) || g.Frames != 0 {
		t.Errorf("without frames: %v, %v", g, err)
	}
	if g, err := FindGarbage(t.Context(), a, 0); err != nil || g.Frames != 0 {
		t.Errorf("no frames: %v, %v", g, err)
	}
	if rate := runtime.MemProfileRate; rate != memProfileRate {
		t.Errorf("the profile's rate is %d after all this, was %d", rate, memProfileRate)
	}
}

var memProfileRate = runtime.MemProfileRate

// TestOwnGarbage finds what framealloc allocates for the program's sake apart.
func TestOwnGarbage(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var kept *[100]int
	g, err := TraceGarbage(3, func() {
		a.Frame(func(f *Frame) { kept = HeapNew[[100]int](f) })
	})
	if err != nil || kept == nil {
		t.Fatal(err)
	}
	if len(g.Sites) != 0 || g.Allocations != 0 {
		t.Errorf("the program's: %+v", g.Sites)
	}
	if !slices.ContainsFunc(g.Own, func(s GarbageSite) bool {
		return s.Cause == "heap intent" && s.Allocations == 3 && strings.HasSuffix(s.File, "garbage_test.go")
	}) {
		t.Errorf("own: %+v", g.Own)
	}
	if text := g.String(); !strings.Contains(text, "heap intent") {
		t.Error(text)
	}
}

// TestGarbageOfToolsIsOwn: what the library has the standard library allocate is not
// the program's.
func TestGarbageOfToolsIsOwn(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var text string
	g, err := TraceGarbage(3, func() {
		a.Frame(func(*Frame) { text = (ModeDebug | ModePoison).String() })
	})
	if err != nil || text == "" {
		t.Fatal(text, err)
	}
	if len(g.Sites) != 0 || len(g.Own) == 0 {
		t.Errorf("the program's: %+v, own: %+v", g.Sites, g.Own)
	}
	for _, s := range g.Own {
		if s.Cause != "framealloc.Modes.String of framealloc's" || !strings.HasSuffix(s.File, "garbage_test.go") {
			t.Errorf("%+v", s)
		}
	}
}

func TestGarbageReportText(t *testing.T) {
	g, err := TraceGarbage(2, func() { litterer(20) })
	if err != nil {
		t.Fatal(err)
	}
	text := g.String()
	for _, part := range []string{"garbage in 2 frames: ", "garbage_test.go:", "new of litter in framealloc.litterer", "use framealloc.New"} {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in\n%s", part, text)
		}
	}
	b, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	var back GarbageReport
	if err := json.Unmarshal(b, &back); err != nil || len(back.Sites) != len(g.Sites) || back.Sites[0].Place() != g.Sites[0].Place() {
		t.Errorf("%s: %v", b, err)
	}
	if empty := (&GarbageReport{Frames: 7}).String(); empty != "garbage in 7 frames: 0 allocations, 0 bytes\n" {
		t.Error(empty)
	}
}

// TestGarbageMode counts what every frame leaves, and reports the lines.
func TestGarbageMode(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeGarbage, Reporter: reports.Reporter()})
	var last FrameEnd
	a.Observe(Hooks{FrameEnd: func(e FrameEnd) { last = e }})
	const frames = 2000
	for range frames {
		a.Frame(func(*Frame) {
			for range 10 {
				keptInts = make([]int64, 1000+len(keptString)) // a size that is seen at once
			}
		})
	}
	g := a.Garbage()
	a.SetModes(0)
	a.Frame(func(*Frame) { keptLitter = new(litter) })
	if after := a.Garbage(); after.Frames != g.Frames || last.GarbageAllocations != 0 {
		t.Errorf("counted with the mode off: %v, %+v", after, last)
	}
	a.Close()
	if g.Frames != frames || g.Allocations < 9*frames || g.Bytes < 9*8000*frames {
		t.Errorf("%+v", g)
	}
	if g.LastFrameAllocations > 1000 || g.LastFrameBytes > 1000*8192 {
		t.Errorf("the last frame: %+v", g)
	}
	reports.Require(diag.FA531)
	d := reports.Of(diag.FA531)[0]
	if !strings.Contains(d.Message, " a frame, of ") {
		t.Errorf("%+v", d)
	}
}

// TestGarbageModeNamesLines waits for the report with the lines.
func TestGarbageModeNamesLines(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeGarbage, Reporter: reports.Reporter()})
	defer a.Close()
	deadline := time.Now().Add(time.Minute)
	for len(reports.Diagnostics()) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("no report")
		}
		a.Frame(func(*Frame) {
			for range 10 {
				keptInts = make([]int64, 1000+len(keptString)) // here
			}
		})
	}
	reports.Require(diag.FA531)
	d := reports.Of(diag.FA531)[0]
	if !strings.Contains(d.Note, "garbage_test.go:") || !strings.Contains(d.Note, "\n10.") || !strings.Contains(d.Note, "make of []int64; use framealloc.Slice") {
		t.Errorf("%v: %s", d, d.Note)
	}
	if found := a.Garbage().Found; found == nil || d.Caller != found.Sites[0].Place() {
		t.Errorf("reported at %s, the lines are %v", d.Caller, found)
	}
}

// TestModeYields asks for the lines while the mode looks for them, too.
func TestModeYields(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeGarbage, Reporter: reports.Reporter()})
	for range garbageWindow {
		a.Frame(func(*Frame) {
			for range 10 {
				keptInts = make([]int64, 1000+len(keptString))
			}
		})
	}
	g, err := TraceGarbage(5, func() { keptLitter = new(litter) })
	if err != nil || len(g.Sites) != 1 {
		t.Errorf("%v, %v", g, err)
	}
	a.Close()
	reports.Require(diag.FA531)
}

// TestGarbageModeBesideOthers: what other modes allocate is nobody's mistake.
func TestGarbageModeBesideOthers(t *testing.T) {
	for _, litters := range []bool{false, true} {
		reports := diag.NewCollector(t)
		a := NewAllocator(Config{Modes: allModes &^ (ModeGuard | ModeEscape), Reporter: reports.Reporter()})
		frame := func() {
			a.Frame(func(f *Frame) {
				New[record](f)
				PoolPut(f, PoolGet[record](f))
				if litters {
					keptInts = make([]int64, 1000+len(keptString))
				}
			})
		}
		for a.Garbage().Found == nil {
			frame()
			time.Sleep(time.Microsecond)
		}
		frame()
		a.Close()
		got := reports.Diagnostics()
		if litters != (len(got) == 1) || litters && !strings.HasPrefix(got[0].Message, "1 heap allocation a frame, of 8192 bytes") {
			t.Errorf("litters: %v, reported: %v", litters, got)
		}
	}
}

// TestGarbageOfOverlappingFrames counts each allocation once.
func TestGarbageOfOverlappingFrames(t *testing.T) {
	a := NewAllocator(Config{Modes: ModeGarbage})
	defer a.Close()
	w := a.NewWorker("other")
	for range 50 {
		a.BeginFrame()
		w.BeginFrame()
		for range 100 {
			keptInts = make([]int64, 1000)
		}
		a.EndFrame()
		w.EndFrame()
	}
	if g := a.Garbage(); g.Frames != 50 || g.Allocations < 49*100 || g.Allocations > 60*100 {
		t.Errorf("%+v", g)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// A worker that is dropped in the middle of a frame is not waited for.
func TestGarbageOfDroppedWorker(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Modes: ModeGarbage, Reporter: reports.Reporter()})
	defer a.Close()
	func() { a.NewWorker("dropped").BeginFrame() }()
	for len(reports.Diagnostics()) == 0 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	reports.Require(diag.FA207)
	a.Frame(func(*Frame) {})
	if g := a.Garbage(); g.Frames != 1 {
		t.Errorf("%+v", g)
	}
}

// silentTB collects failures.
type silentTB struct{ failures []string }

func (s *silentTB) Helper() {}
func (s *silentTB) Errorf(format string, args ...any) {
	s.failures = append(s.failures, fmt.Sprintf(format, args...))
}

func TestRequireNoGarbage(t *testing.T) {
	clean := func(f *Frame) { New[litter](f).next = New[litter](f) }
	RequireNoGarbage(t, 50, clean)
	RequireNoGarbage(t, 50, func(a *Allocator) { a.Frame(clean) })
	n := 0
	RequireNoGarbage(t, 50, func() { n++ })
	if n < 100 {
		t.Errorf("%d frames were run", n)
	}
	var once []int
	RequireNoGarbage(t, 10, func() { once = append(once[:0], 1, 2, 3) }) // grows the first time

	dirty := func(*Frame) { keptLitter = new(litter) }
	for name, run := range map[string]func(diag.TB){
		"frame":     func(tb diag.TB) { RequireNoGarbage(tb, 10, dirty) },
		"allocator": func(tb diag.TB) { RequireNoGarbage(tb, 10, func(a *Allocator) { a.Frame(dirty) }) },
		"function":  func(tb diag.TB) { RequireNoGarbage(tb, 10, func() { dirty(nil) }) },
		"own":       func(tb diag.TB) { RequireNoGarbage(tb, 10, func(f *Frame) { HeapNew[litter](f) }) },
		"seldom": func(tb diag.TB) {
			i := 0
			RequireNoGarbage(tb, 10, func() {
				if i++; i%7 == 0 {
					dirty(nil)
				}
			})
		},
	} {
		var tb silentTB
		run(&tb)
		if len(tb.failures) != 1 || !strings.Contains(tb.failures[0], "FA531") || !strings.Contains(tb.failures[0], "garbage_test.go:") {
			t.Errorf("%s: %q", name, tb.failures)
		}
	}
}

// The mode itself makes no garbage.
func TestGarbageModeAllocatesNothing(t *testing.T) {
	a := NewAllocator(Config{Modes: ModeGarbage})
	defer a.Close()
	frame := func() { New[litter](a.BeginFrame()); a.EndFrame() }
	frame()
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func BenchmarkFrameGarbageMode(b *testing.B) {
	for _, m := range []Modes{0, ModeGarbage} {
		b.Run(m.String(), func(b *testing.B) {
			a := NewAllocator(Config{Modes: m})
			defer a.Close()
			for b.Loop() {
				New[litter](a.BeginFrame())
				a.EndFrame()
			}
		})
	}
}
