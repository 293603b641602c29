package framealloc

import (
	"errors"
	"math"
	"math/bits"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// mustPanic runs fn and returns the diagnostic that it panics with, which must
// have the given code, a message and a hint.
func mustPanic(t *testing.T, code diag.Code, fn func()) *diag.Error {
	t.Helper()
	var got *diag.Error
	func() {
		defer func() {
			t.Helper()
			err, ok := recover().(error)
			if !ok || !errors.As(err, &got) || !errors.Is(err, code) {
				t.Fatalf("recovered %v, want a *diag.Error with code %s", err, code)
			}
		}()
		fn()
	}()
	if got.Message == "" || got.Help == "" {
		t.Errorf("%s without message or hint: %+v", code, got.Diagnostic)
	}
	return got
}

// quiet is a configuration whose diagnostics go to the test.
func quiet(t *testing.T) (Config, *diag.Collector) {
	c := diag.NewCollector(t)
	return Config{Reporter: c.Reporter()}, c
}

type plain struct{ a [4]int64 }
type linked struct {
	next *linked
	name string
}

func TestMisuseOfFrames(t *testing.T) {
	fresh := func() *Allocator { return NewAllocator(Config{}) }
	ended := func() *Frame {
		a := fresh()
		f := a.BeginFrame()
		a.EndFrame()
		return f
	}
	for name, tt := range map[string]struct {
		code diag.Code
		do   func()
	}{
		"New after the frame":         {diag.FA001, func() { New[plain](ended()) }},
		"New with pointers after":     {diag.FA001, func() { New[linked](ended()) }},
		"New of nothing after":        {diag.FA001, func() { New[struct{}](ended()) }},
		"Slice after the frame":       {diag.FA001, func() { Slice[int](ended(), 3) }},
		"empty Slice after":           {diag.FA001, func() { Slice[linked](ended(), 0) }},
		"String after the frame":      {diag.FA001, func() { String(ended(), "x") }},
		"AlignedBytes after":          {diag.FA001, func() { AlignedBytes(ended(), 8, 64) }},
		"Sub after the frame":         {diag.FA001, func() { ended().Sub(func(*Frame) {}) }},
		"Tag after the frame":         {diag.FA001, func() { ended().Tag("x") }},
		"Phase after the frame":       {diag.FA001, func() { ended().Phase("x") }},
		"Checkpoint after the frame":  {diag.FA001, func() { ended().Checkpoint() }},
		"Arena after the frame":       {diag.FA001, func() { a := ArenaOf[linked](ended()); a.New() }},
		"Begin twice":                 {diag.FA002, func() { a := fresh(); a.BeginFrame(); a.BeginFrame() }},
		"End without Begin":           {diag.FA002, func() { fresh().EndFrame() }},
		"End twice":                   {diag.FA002, func() { a := fresh(); a.BeginFrame(); a.EndFrame(); a.EndFrame() }},
		"promotions without Begin":    {diag.FA002, func() { fresh().EndFrameWithPromotions() }},
		"Begin after Close":           {diag.FA207, func() { a := fresh(); a.Close(); a.BeginFrame() }},
		"NewWorker after Close":       {diag.FA207, func() { a := fresh(); a.Close(); a.NewWorker("late") }},
		"scratch after Close":         {diag.FA207, func() { a := fresh(); a.Close(); a.Scratch("late") }},
		"negative length":             {diag.FA003, func() { a := fresh(); Slice[int](a.BeginFrame(), -1) }},
		"overflowing length":          {diag.FA003, func() { a := fresh(); Slice[plain](a.BeginFrame(), int(^uint(0)>>1)/8) }},
		"capacity below length":       {diag.FA003, func() { a := fresh(); SliceCap[int](a.BeginFrame(), 3, 2) }},
		"negative Grow":               {diag.FA003, func() { a := fresh(); Grow(a.BeginFrame(), []int{}, -1) }},
		"alignment of no power":       {diag.FA003, func() { a := fresh(); AlignedBytes(a.BeginFrame(), 8, 24) }},
		"alignment beyond a page":     {diag.FA003, func() { a := fresh(); AlignedBytes(a.BeginFrame(), 8, 8192) }},
		"scratch memory after Free":   {diag.FA001, func() { s := fresh().Scratch("s"); s.Free(); New[plain](s.Frame()) }},
		"allocation from closed slot": {diag.FA001, func() { a := fresh(); f := a.BeginFrame(); a.Close(); New[plain](f) }},
	} {
		t.Run(name, func(t *testing.T) { mustPanic(t, tt.code, tt.do) })
	}
}

func TestTryReturnsTheError(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 64})
	f := a.BeginFrame()
	if _, err := TryNew[plain](f); err != nil {
		t.Fatal(err)
	}
	if p, err := TryNew[[9]int64](f); !errors.Is(err, diag.FA003) || p != nil {
		t.Errorf("TryNew over the limit: %v, %v", p, err)
	}
	if p, err := TryNewValue(f, [9]int64{}); !errors.Is(err, diag.FA003) || p != nil {
		t.Errorf("TryNewValue over the limit: %v, %v", p, err)
	}
	if s, err := TrySlice[linked](f, 50); !errors.Is(err, diag.FA003) || s != nil {
		t.Errorf("TrySlice over the limit: %v, %v", s, err)
	}
	if s, err := TrySliceUninit[byte](f, -5); !errors.Is(err, diag.FA003) || s != nil {
		t.Errorf("TrySliceUninit of a negative length: %v, %v", s, err)
	}
	if _, err := TrySlice[int](f, 4); err != nil {
		t.Errorf("what fits was refused: %v", err)
	}
	a.EndFrame()
	if _, err := TryNew[plain](f); !errors.Is(err, diag.FA001) {
		t.Errorf("TryNew after the frame: %v", err)
	}
	mustPanic(t, diag.FA003, func() { New[[9]int64](a.BeginFrame()) })
}

func TestExhaustionPolicies(t *testing.T) {
	for _, p := range []Policy{Warn, Allow, Promote} {
		t.Run(p.String(), func(t *testing.T) {
			c, reports := quiet(t)
			c.MaxFrameBytes, c.Exhaustion = 1000, p
			a := NewAllocator(c)
			for range 3 {
				f := a.BeginFrame()
				for range 100 {
					*New[plain](f) = plain{[4]int64{1, 2, 3, 4}}
					New[linked](f).name = "x"
				}
				if p == Promote && f.Used() > 1000 {
					t.Errorf("%d bytes in use; what exceeds the limit should be on the heap", f.Used())
				}
				if p != Promote && f.Used() < 3200 {
					t.Errorf("%d bytes in use; everything should be in the frame", f.Used())
				}
				a.EndFrame()
			}
			if got := a.Stats().Heap.Allocations; (got > 0) != (p == Promote) {
				t.Errorf("%d heap allocations under %v", got, p)
			}
			if got := len(reports.Diagnostics()); (got > 0) != (p == Warn) {
				t.Errorf("%d diagnostics under %v", got, p)
			}
		})
	}
}

func TestOwnerIsCheckedInDebug(t *testing.T) {
	a := NewAllocator(Config{Debug: true})
	f := a.BeginFrame()
	New[plain](f)
	c := f.Checkpoint()
	nav := a.Scratch("nav")
	for name, fn := range map[string]func(){
		"New":             func() { New[plain](f) },
		"New of pointers": func() { New[linked](f) },
		"Slice":           func() { Slice[plain](f, 1) },
		"SliceUninit":     func() { SliceUninit[plain](f, 1) },
		"ArenaOf":         func() { ArenaOf[linked](f).New() },
		"String":          func() { String(f, "s") },
		"Retain":          func() { Retain[linked](f, ToHeap) },
		"Tag":             func() { f.Tag("tag") },
		"Phase":           func() { f.Phase("phase") },
		"Checkpoint":      func() { f.Checkpoint() },
		"Rollback":        func() { f.Rollback(c) },
		"Sub":             func() { f.Sub(func(*Frame) {}) },
		"Fork":            func() { f.Fork() },
		"Parallel":        func() { Parallel(f, 1, func(*Frame, int) {}) },
		"PoolGet":         func() { PoolGet[plain](a) },
		"BytesGet":        func() { BytesGet(a, 1) },
		"HeapNew":         func() { HeapNew[plain](f) },
		"Scratch":         func() { a.Scratch("nav") },
		"in a Scratch":    func() { New[plain](nav.Frame()) },
		"Scratch.Reset":   func() { nav.Reset() },
		"Scratch.Free":    func() { nav.Free() },
		"ProcessDeferred": func() { a.Main().ProcessDeferred(1) },
		"EndFrame":        func() { a.EndFrame() },
	} {
		got := make(chan *diag.Error)
		go func() {
			defer func() { e, _ := recover().(*diag.Error); got <- e }()
			fn()
		}()
		if e := <-got; e == nil || e.Code != diag.FA201 || !strings.Contains(e.Note, "begun at:") || !strings.Contains(e.Note, "used at:") {
			t.Errorf("%s by another goroutine: %v, want FA201 with both stacks", name, e)
		}
	}
	New[linked](f)
	a.EndFrame()
	// A worker may change hands between frames.
	done := make(chan struct{})
	got := make(chan error)
	go func() {
		defer close(done)
		New[linked](nav.Frame())
		a.Frame(func(f *Frame) { New[linked](f) })
		nav.Reset()
	}()
	<-done
	a.BeginFrame()
	go func() { got <- a.Close() }() // reported as FA002, whoever does it
	if err := <-got; !errors.Is(err, diag.FA002) {
		t.Errorf("closed by another goroutine: %v", err)
	}
}

func TestCloseEndsAndReports(t *testing.T) {
	a := NewAllocator(Config{})
	w := a.NewWorker("render")
	f := w.BeginFrame()
	p := NewValue(f, linked{name: "still valid"})
	if err := a.Close(); !errors.Is(err, diag.FA002) || !strings.Contains(err.Error(), "render") {
		t.Errorf("Close() = %v, want FA002 about worker render", err)
	}
	_ = p.name // the memory is still memory
	if err := a.Close(); err != nil {
		t.Errorf("second Close() = %v", err)
	}
	if n := len(a.Workers()); n != 0 {
		t.Errorf("%d workers after Close", n)
	}
	if s := a.Stats(); s.Frames != 1 || s.Frame.Allocations != 1 {
		t.Errorf("Stats() after Close = %+v, want 1 frame with 1 allocation", s)
	}
}

func TestBadConfig(t *testing.T) {
	for _, c := range []Config{
		{ChunkSize: -1}, {MaxFrameBytes: -1}, {FramesInFlight: 4}, {FramesInFlight: -1},
		{ShrinkAfter: -1}, {PoolMagazine: -1}, {Exhaustion: 17},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("NewAllocator(%+v) does not panic", c)
				}
			}()
			NewAllocator(c)
		}()
	}
	for _, c := range []Config{{}, DefaultConfig(), MinimalConfig(), HighPerformanceConfig()} {
		a := NewAllocator(c)
		a.Frame(func(f *Frame) { New[linked](f).name = "works" })
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLengthsThatAreNone asks everything that takes a length for one that is
// negative, overflows, or is beyond any memory.
func TestLengthsThatAreNone(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	lengths := []int{-1, math.MinInt, math.MaxInt}
	if bits.UintSize == 64 { // on 32 bits, there is memory for these
		lengths = append(lengths, math.MaxInt/8+1, math.MaxInt/2)
	}
	for shift := 41; shift < bits.UintSize; shift++ {
		lengths = append(lengths, 1<<uint(shift)) // on 32 bits there are none
	}
	less := func(a, b int) bool { return a < b }
	for _, n := range lengths {
		for _, fn := range []func(){
			func() { Slice[byte](f, n) },
			func() { Slice[*int](f, n) },
			func() { SliceUninit[byte](f, n) },
			func() { SliceUninit[*int](f, n) },
			func() { SliceCap[int](f, 0, n) },
			func() { Bytes(f, n) },
			func() { AlignedBytes(f, n, 64) },
			func() { NewMany[int](f, n) },
			func() { Grow(f, []int{1}, n) },
			func() { NewVec[int](f, n) },
			func() { NewRing[*int](f, n) },
			func() { NewMap[int, int](f, n) },
			func() { NewSet[int](f, n) },
			func() { NewPriorityQueue[int](f, n, less) },
			func() { HeapSlice[int](a, n) },
			func() { BytesGet(a, n) },
			func() { Reserve[int](a, n) },
		} {
			mustPanic(t, diag.FA003, fn)
		}
		if _, err := TrySlice[*int](f, n); !errors.Is(err, diag.FA003) {
			t.Errorf("TrySlice of %d: %v", n, err)
		}
		if _, err := TrySliceUninit[byte](f, n); !errors.Is(err, diag.FA003) {
			t.Errorf("TrySliceUninit of %d: %v", n, err)
		}
	}
	if p := New[linked](f); p.next != nil || p.name != "" {
		t.Error("not zero afterwards")
	}
	a.EndFrame()
}

// TestPaddingCounts holds aligned buffers against the frame's limit.
func TestPaddingCounts(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 5000})
	defer a.Close()
	f := a.BeginFrame()
	New[int](f)
	mustPanic(t, diag.FA003, func() { AlignedBytes(f, 4096, 4096) })
	if n := f.Used(); n != 8 {
		t.Errorf("%d bytes in use after what was refused, want 8", n)
	}
	a.EndFrame()
}
