package framealloc

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestObserversSeeTheFrame(t *testing.T) {
	a := NewAllocator(Config{ChunkSize: 1 << 10})
	defer a.Close()
	var log []string
	note := func(format string, args ...any) { log = append(log, fmt.Sprintf(format, args...)) }
	var end FrameEnd
	stop := a.Observe(Hooks{
		FrameBegin: func(e FrameBegin) { note("begin %s %d", e.Worker, e.Number) },
		FrameEnd:   func(e FrameEnd) { note("end %d", e.Number); end = e },
		TagEnter:   func(e ScopeEnter) { note("tag %s %d", e.Path, e.Depth) },
		TagLeave:   func(e ScopeLeave) { note("untag %s %d %d", e.Path, e.Bytes, e.Allocations) },
		PhaseBegin: func(e ScopeEnter) { note("phase %s", e.Path) },
		PhaseEnd:   func(e ScopeLeave) { note("unphase %s %d", e.Path, e.Bytes) },
		Growth:     func(e Growth) { note("growth %v", e.Times > 0 && e.Capacity > 0) },
	})
	f := a.BeginFrame()
	f.WithPhase("update", func() {
		f.WithTag("ai", func() {
			New[plain](f)
			f.WithTag("path", func() { Slice[plain](f, 2) })
		})
	})
	Slice[byte](f, 5000)
	runtime.GC()
	a.EndFrame()
	want := []string{
		"begin main 1", "phase update", "tag ai 1", "tag ai/path 2", "untag ai/path 64 1", "untag ai 96 2",
		"unphase update 96", "growth true", "end 1",
	}
	if !slices.Equal(log, want) {
		t.Errorf("seen:\n%s\nwant:\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
	if end.Bytes != 96+5000 || end.Allocations != 3 || end.HighWater != end.Bytes || end.Duration <= 0 {
		t.Errorf("FrameEnd: %+v", end)
	}
	if end.Collections < 1 || end.Pause <= 0 {
		t.Errorf("FrameEnd saw %d collections, %v pause, after one was forced", end.Collections, end.Pause)
	}

	log = nil
	a.Frame(func(f *Frame) { stop() }) // still observed until the next boundary
	if len(log) != 2 {
		t.Errorf("the frame in which the observer left: %q", log)
	}
	log = nil
	a.Frame(func(f *Frame) { New[plain](f) })
	if log != nil {
		t.Errorf("seen after stop: %q", log)
	}
}

func TestObserversSeeEveryAllocation(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var seen []string
	frees := 0
	stop := a.Observe(Hooks{
		Alloc: func(e Alloc) {
			if at := (diag.Diagnostic{PC: e.PC}).Complete().Caller; !strings.Contains(at, "observe_test.go:") {
				t.Errorf("PC leads to %s", at)
			}
			seen = append(seen, fmt.Sprintf("%v %s x%d %dB %q", e.Intent, e.Type, e.Count, e.Bytes, e.Tag))
		},
		Free: func(e Free) { frees++ },
	})
	a.Scratch("nav") // made before the frame
	f := a.BeginFrame()
	New[plain](f)
	f.WithTag("ai", func() { Slice[linked](f, 3) })
	AlignedBytes(f, 100, 64)
	ar := ArenaOf[plain](f)
	ar.New()
	New[plain](a.Scratch("nav").Frame())
	HeapNew[plain](a)
	p := PoolGet[plain](a)
	PoolPut(a, p)
	a.EndFrame()
	s := seen
	want := []string{
		`frame framealloc.plain x1 32B ""`,
		fmt.Sprintf(`frame framealloc.linked x3 %dB "ai"`, 3*sizeOfLinked),
		`frame  x100 104B ""`,
		`frame framealloc.plain x1 32B ""`,
		`scratch framealloc.plain x1 32B ""`,
		`heap framealloc.plain x1 32B ""`,
		`pool framealloc.plain x1 32B ""`,
	}
	if !slices.Equal(s, want) || frees != 1 {
		t.Errorf("%d frees, seen:\n%s\nwant:\n%s", frees, strings.Join(s, "\n"), strings.Join(want, "\n"))
	}
	stop()
	seen = nil
	a.Frame(func(f *Frame) { New[plain](f); PoolPut(a, PoolGet[plain](a)) })
	if seen != nil {
		t.Errorf("seen after stop: %q", seen)
	}
}

var sizeOfLinked = func() int {
	a := NewAllocator(Config{})
	f := a.BeginFrame()
	New[linked](f)
	return f.Used()
}()

func TestPanickingObserverIsRemoved(t *testing.T) {
	c, reports := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	calls, good := 0, 0
	a.Observe(Hooks{FrameEnd: func(FrameEnd) { calls++; panic("in a hook") }})
	a.Observe(Hooks{FrameEnd: func(FrameEnd) { good++ }})
	for range 3 {
		a.Frame(func(f *Frame) { New[plain](f) })
	}
	if calls != 1 || good != 3 {
		t.Errorf("the panicking observer was called %d times, the other %d", calls, good)
	}
	if d := reports.Of(diag.FA901); len(d) != 1 || !strings.Contains(d[0].Message, "in a hook") {
		t.Errorf("reported: %+v", d)
	}
}

func TestObserversComeAndGoAnywhere(t *testing.T) {
	a := NewAllocator(Config{})
	var wg sync.WaitGroup
	for i := range 4 {
		w := a.NewWorker(fmt.Sprint(i))
		wg.Go(func() {
			for range 200 {
				w.Frame(func(f *Frame) { f.WithTag("t", func() { New[linked](f) }) })
			}
			w.Close()
		})
		wg.Go(func() {
			for range 50 {
				stop := a.Observe(Hooks{FrameEnd: func(FrameEnd) {}, Alloc: func(Alloc) {}})
				a.SetTagBudget("t", Budget{Hard: MiB})
				stop()
				stop()
			}
		})
	}
	wg.Wait()
	a.Close()
}

func TestObservingAllocatesNothing(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	n := 0
	defer a.Observe(Hooks{
		FrameBegin: func(FrameBegin) { n++ }, FrameEnd: func(FrameEnd) { n++ },
		TagEnter: func(ScopeEnter) { n++ }, TagLeave: func(ScopeLeave) { n++ },
		PhaseBegin: func(ScopeEnter) { n++ }, PhaseEnd: func(ScopeLeave) { n++ },
	})()
	frame := func() {
		f := a.BeginFrame()
		f.WithPhase("update", func() { f.WithTag("ai", func() { New[linked](f) }) })
		a.EndFrame()
	}
	for range 5 {
		frame()
	}
	if got := testing.AllocsPerRun(100, frame); got != 0 {
		t.Errorf("%v heap allocations an observed frame, want 0", got)
	}
	if n == 0 {
		t.Error("nothing was observed")
	}
}

// TestHooksThatMeddle has hooks and callbacks do what they must not: none of it
// may call them again without end, or end a frame under the program.
func TestHooksThatMeddle(t *testing.T) {
	var f *Frame
	calls := 0
	meddle := func(fn func()) func() {
		return func() {
			if calls++; calls > 100 {
				panic("called again and again")
			}
			fn()
		}
	}
	alloc := func() { New[[3]int](f) }
	var a *Allocator
	for name, h := range map[string]func() Hooks{
		"allocates in Alloc":   func() Hooks { fn := meddle(alloc); return Hooks{Alloc: func(Alloc) { fn() }} },
		"opens a tag in one":   func() Hooks { fn := meddle(func() { f.Tag("x") }); return Hooks{TagEnter: func(ScopeEnter) { fn() }} },
		"opens a phase in one": func() Hooks { fn := meddle(func() { f.Phase("x") }); return Hooks{PhaseEnd: func(ScopeLeave) { fn() }} },
		"allocates in Sample": func() Hooks {
			fn := meddle(alloc)
			return Hooks{Sampling: &Sampling{Rate: 1, Sample: func(Sample) { fn() }}}
		},
		"ends in FrameEnd": func() Hooks { fn := meddle(func() { a.EndFrame() }); return Hooks{FrameEnd: func(FrameEnd) { fn() }} },
		"ends in FrameBegin": func() Hooks {
			fn := meddle(func() { a.EndFrame() })
			return Hooks{FrameBegin: func(FrameBegin) { fn() }}
		},
		"begins in FrameBegin": func() Hooks {
			fn := meddle(func() { a.BeginFrame() })
			return Hooks{FrameBegin: func(FrameBegin) { fn() }}
		},
		"begins when freed": func() Hooks {
			fn := meddle(func() { a.BeginFrame() })
			return Hooks{Sampling: &Sampling{Rate: 1, Freed: func(uint64) { fn() }}}
		},
		"gets from a pool in it": func() Hooks {
			fn := meddle(func() { PoolGet[int](a) })
			return Hooks{Alloc: func(Alloc) { fn() }, PoolRefill: func(PoolRefill) { fn() }}
		},
	} {
		t.Run(name, func(t *testing.T) {
			calls = 0
			c, reports := quiet(t)
			c.FramesInFlight = 1
			a = NewAllocator(c)
			a.Observe(h())
			for range 3 {
				f = a.BeginFrame()
				p := New[linked](f)
				p.name = "kept"
				f.WithTag("tag", alloc)
				f.WithPhase("phase", alloc)
				PoolPut(f, PoolGet[linked](f))
				a.EndFrame()
				if p.name != "kept" {
					t.Error("the frame's memory was given back while it was in flight")
				}
			}
			if calls == 0 || calls > 50 {
				t.Errorf("the hook was called %d times", calls)
			}
			for _, d := range reports.Diagnostics() {
				if d.Code != diag.FA901 || !strings.Contains(d.Message, "FA002") {
					t.Errorf("reported %v", d)
				}
			}
			reports.Reset()
			a.Close()
		})
	}
}

// TestCallbackThatAllocates has a budget's callback allocate where nothing is left.
func TestCallbackThatAllocates(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	calls := 0
	var f *Frame
	a.Main().SetBudget(Budget{Hard: 64, OnHard: func(BudgetEvent) {
		calls++
		New[plain](f)
		New[plain](f)
	}})
	f = a.BeginFrame()
	mustPanic(t, diag.FA312, func() { New[[100]int](f) })
	if calls != 1 {
		t.Errorf("called %d times, want 1", calls)
	}
	a.EndFrame()
}
