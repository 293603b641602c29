package framealloc

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestForkedMemoryLivesUntilTheParentEnds(t *testing.T) {
	for k := range 3 {
		t.Run(fmt.Sprint(k, " in flight"), func(t *testing.T) {
			a := NewAllocator(Config{FramesInFlight: k, ChunkSize: 1 << 10})
			defer a.Close()
			type result struct {
				frame int
				items []*linked
			}
			var live []result
			for n := range 40 {
				f := a.BeginFrame()
				out := make(chan []*linked, 3)
				for i := range 3 {
					c := f.Fork()
					go func() {
						defer c.Join()
						var items []*linked
						for j := range 50 {
							items = append(items, NewValue(c, linked{name: fmt.Sprint(n, i, j)}))
							Slice[byte](c, 100)
							c.Sub(func(c *Frame) { Slice[linked](c, 5) })
						}
						out <- items
					}()
				}
				all := slices.Concat(<-out, <-out, <-out)
				if n%10 == 0 {
					runtime.GC()
				}
				live = append(live, result{n, all})
				if len(live) > k+1 {
					live = live[1:]
				}
				for _, r := range live {
					seen := map[string]bool{}
					for _, p := range r.items {
						seen[p.name] = true
					}
					for i := range 3 {
						for j := range 50 {
							if !seen[fmt.Sprint(r.frame, i, j)] {
								t.Fatalf("frame %d: value %d/%d of frame %d is gone", n, i, j, r.frame)
							}
						}
					}
				}
				a.EndFrame()
			}
		})
	}
}

func TestForksAddUp(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for range 3 {
		f := a.BeginFrame()
		New[plain](f)
		f.WithTag("ai", func() {
			Parallel(f, 8, func(f *Frame, i int) {
				New[plain](f)
				f.WithTag("path", func() {
					f.WithPhase("search", func() { Slice[plain](f, 2) })
					HeapNew[plain](f)
					PoolPut(f, PoolGet[plain](f))
				})
			})
			Parallel(f, 4, func(f *Frame, i int) { New[plain](f) }) // the same forks again
		})
		f.WithTag("physics", func() {
			Parallel(f, 2, func(f *Frame, i int) { New[plain](f) })
		})
		a.EndFrame()
	}
	s := a.Stats()
	if s.Frame != (IntentStats{Allocations: 3 * 23, Bytes: 3 * 31 * 32}) || s.Heap.Allocations != 24 || s.Pool.Allocations != 24 || s.Pool.Frees != 24 {
		t.Errorf("Stats() = %+v", s)
	}
	for path, want := range map[string]IntentStats{
		"": {3, 96, 0}, "ai": {36, 36 * 32, 0}, "ai/path": {24, 48 * 32, 0}, "physics": {6, 192, 0},
	} {
		if got := tagByPath(t, a, path); got.Frame != want {
			t.Errorf("tag %q: %+v, want %+v", path, got.Frame, want)
		}
	}
	if got := tagByPath(t, a, "ai/path"); got.Heap.Allocations != 24 || got.Pool.Allocations != 24 || got.Entered != 24 {
		t.Errorf("ai/path: %+v", got)
	}
	if p := a.Main().PhaseStats(); len(p) != 1 || p[0].Path != "search" || p[0].Entered != 24 {
		t.Errorf("phases: %+v", p)
	}
}

func TestParallel(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for _, n := range []int{0, 1, 2, 3, 7, 100} {
		f := a.BeginFrame()
		results := Slice[*linked](f, n)
		var calls atomic.Int64
		Parallel(f, n, func(f *Frame, i int) {
			calls.Add(1)
			results[i] = NewValue(f, linked{name: fmt.Sprint(i)})
		})
		if calls.Load() != int64(n) {
			t.Errorf("%d calls, want %d", calls.Load(), n)
		}
		for i, r := range results {
			if r.name != fmt.Sprint(i) {
				t.Errorf("result %d is %q", i, r.name)
			}
		}
		a.EndFrame()
	}
	f := a.BeginFrame()
	func() {
		defer func() {
			var p *TaskPanic
			if err, ok := recover().(error); !ok || !errors.As(err, &p) || p.Value != "task 3" || len(p.Stack) == 0 {
				t.Errorf("recovered %v", err)
			}
		}()
		Parallel(f, 10, func(f *Frame, i int) {
			if i == 3 || i == 9 {
				panic(fmt.Sprint("task ", i))
			}
		})
	}()
	a.EndFrame() // every fork has joined
	mustPanic(t, diag.FA001, func() { Parallel(f, 1, func(*Frame, int) {}) })
}

func TestParallelSteadyState(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	fn := func(f *Frame, i int) {
		defer f.Tag("work")()
		New[plain](f)
		New[linked](f)
		f.Sub(func(f *Frame) { Slice[linked](f, 10) })
	}
	frame := func() {
		f := a.BeginFrame()
		Parallel(f, 16, fn)
		Parallel(f, 16, fn)
		a.EndFrame()
	}
	for range 20 {
		frame()
	}
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
}

func TestForkGroup(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	boom := errors.New("boom")
	g := NewForkGroup(context.Background(), f)
	g.SetLimit(2)
	var at, most atomic.Int64
	for i := range 20 {
		g.Go(func(f *Frame) error {
			most.Store(max(most.Load(), at.Add(1)))
			defer at.Add(-1)
			New[linked](f)
			if i == 5 {
				return boom
			}
			return nil
		})
	}
	if err := g.Wait(); err != boom || context.Cause(g.Context()) != boom {
		t.Errorf("Wait() = %v, cause %v", err, context.Cause(g.Context()))
	}
	if most.Load() > 2 {
		t.Errorf("%d tasks at once, limit 2", most.Load())
	}
	g = NewForkGroup(context.Background(), f)
	g.Go(func(f *Frame) error { panic(boom) })
	func() {
		defer func() {
			if err, ok := recover().(error); !ok || !errors.Is(err, boom) {
				t.Errorf("recovered %v", err)
			}
		}()
		g.Wait()
	}()
	a.EndFrame()
}

func TestEndingUnderRunningForks(t *testing.T) {
	t.Run("wait", func(t *testing.T) {
		a := NewAllocator(Config{})
		f := a.BeginFrame()
		c := f.Fork()
		release, ended := make(chan struct{}), make(chan struct{})
		var p *linked
		go func() {
			<-release
			p = NewValue(c, linked{name: "late"})
			c.Join()
		}()
		go func() {
			close(release)
			close(ended)
		}()
		<-ended
		a.EndFrame()
		if p == nil {
			t.Error("the frame ended before its fork joined")
		}
		if n := a.Stats().Frame.Allocations; n != 1 {
			t.Errorf("%d allocations booked, want the fork's", n)
		}
	})
	t.Run("abandon", func(t *testing.T) {
		cfg, reports := quiet(t)
		cfg.Forks = AbandonForks
		a := NewAllocator(cfg)
		f := a.BeginFrame()
		c := f.Fork()
		good := f.Fork()
		good.Join()
		go1, done := make(chan struct{}), make(chan struct{})
		first := NewValue(c, linked{name: "mine"})
		go func() {
			defer close(done)
			<-go1
			for i := range 100 {
				if p := New[linked](c); *p != (linked{}) {
					t.Errorf("allocation %d of an abandoned fork is dirty", i)
				}
			}
			c.Join()
		}()
		a.EndFrame()
		reports.Require(diag.FA205)
		close(go1)
		for range 10 {
			f := a.BeginFrame()
			for range 3 {
				x := f.Fork()
				if x == c {
					t.Error("an abandoned fork is used again")
				}
				Slice[linked](x, 50)[0].name = "other"
				x.Join()
			}
			a.EndFrame()
		}
		<-done
		if first.name != "mine" {
			t.Error("memory of an abandoned fork was reused")
		}
	})
	t.Run("panic", func(t *testing.T) {
		a := NewAllocator(Config{Forks: PanicOnForks})
		f := a.BeginFrame()
		c := f.Fork()
		mustPanic(t, diag.FA205, a.EndFrame)
		if !f.Active() {
			t.Error("the frame is not active any more")
		}
		c.Join()
		a.EndFrame()
	})
	t.Run("misuse", func(t *testing.T) {
		a := NewAllocator(Config{})
		f := a.BeginFrame()
		c := f.Fork()
		c.Join()
		mustPanic(t, diag.FA002, c.Join)
		mustPanic(t, diag.FA002, f.Join)
		mustPanic(t, diag.FA001, func() { New[plain](c) })
		a.EndFrame()
		mustPanic(t, diag.FA001, func() { f.Fork() })
	})
}

func TestNestedForks(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for range 5 {
		f := a.BeginFrame()
		Parallel(f, 4, func(f *Frame, i int) {
			Parallel(f, 4, func(f *Frame, j int) { New[plain](f) })
		})
		a.EndFrame()
	}
	if s := a.Stats(); s.Frame.Allocations != 80 {
		t.Errorf("%d allocations booked, want 80", s.Frame.Allocations)
	}
}

func TestForksShareTheBudget(t *testing.T) {
	for name, c := range map[string]Config{"worker": {}, "frame": {MaxFrameBytes: 200_000}} {
		t.Run(name, func(t *testing.T) {
			a := NewAllocator(c)
			defer a.Close()
			if name == "worker" {
				a.Main().SetFrameBudget(200_000)
			}
			for range 3 {
				f := a.BeginFrame()
				Slice[byte](f, 50_000)
				var fit atomic.Int64
				Parallel(f, 8, func(f *Frame, i int) {
					for range 100 {
						if _, err := TrySlice[byte](f, 1000); err == nil {
							fit.Add(1)
						} else if !errors.Is(err, diag.FA312) && !errors.Is(err, diag.FA003) {
							t.Error(err)
						}
					}
				})
				// Each fork may hold up to a window in reserve.
				if n := int(fit.Load()); n > 150 || n < 150-20*runtime.GOMAXPROCS(0) {
					t.Errorf("%d of 150 slices fit", n)
				}
				a.EndFrame()
			}
		})
	}
}

func TestForkInDebug(t *testing.T) {
	a := NewAllocator(Config{Debug: true})
	f := a.BeginFrame()
	c := f.Fork()
	done := make(chan struct{})
	go func() { New[plain](c); close(done) }()
	<-done
	if e := mustPanic(t, diag.FA201, func() { New[plain](c) }); e.Note == "" {
		t.Error("no stacks")
	}
	c.Join()
	a.EndFrame()
}

// TestAbandonedForkKeepsItsBudget has a fork that was abandoned ask for more while
// its parent's next frame is forked, and gives back what it had of the global budget
// when it joins.
func TestAbandonedForkKeepsItsBudget(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Forks: AbandonForks, Reporter: reports.Reporter()})
	defer a.Close()
	a.SetBudget(Budget{Hard: 10 * MiB})
	a.Main().SetFrameBudget(MiB)
	var strays sync.WaitGroup
	for range 5 {
		f := a.BeginFrame()
		stray := f.Fork()
		begun := make(chan struct{})
		strays.Go(func() {
			Bytes(stray, 1)
			close(begun)
			for i := range 20 {
				Bytes(stray, 10*KiB)[9] = byte(i)
			}
			stray.Join()
		})
		<-begun
		a.EndFrame()
		for range 5 {
			f = a.BeginFrame()
			Parallel(f, 2, func(f *Frame, i int) { Bytes(f, 100*KiB) })
			a.EndFrame()
		}
	}
	strays.Wait()
	if used := a.BudgetStats()[0].Used; used != 0 {
		t.Errorf("%d bytes of the global budget are still in use", used)
	}
	for _, d := range reports.Diagnostics() {
		if d.Code != diag.FA205 {
			t.Errorf("%v", d)
		}
	}
}

// TestTasksThatDoNotJoin has tasks end badly: by joining themselves, and with a
// fork of their own still running. That must not end the program on a goroutine
// that it did not start.
func TestTasksThatDoNotJoin(t *testing.T) {
	run := map[string]func(f *Frame, fn func(*Frame)){
		"Parallel": func(f *Frame, fn func(*Frame)) {
			Parallel(f, 4, func(f *Frame, i int) {
				if i == 3 {
					fn(f)
				}
			})
		},
		"ForkGroup": func(f *Frame, fn func(*Frame)) {
			g := NewForkGroup(context.Background(), f)
			g.Go(func(f *Frame) error { fn(f); return nil })
			g.Wait()
		},
	}
	for name, run := range run {
		t.Run(name, func(t *testing.T) {
			a := NewAllocator(Config{Forks: PanicOnForks})
			defer a.Close()
			a.Frame(func(f *Frame) {
				e := mustPanic(t, diag.FA002, func() { run(f, (*Frame).Join) })
				if !strings.Contains(e.Message, "Join") {
					t.Errorf("says %q", e.Message)
				}
			})
			f := a.BeginFrame()
			var task, stray *Frame
			mustPanic(t, diag.FA205, func() { run(f, func(f *Frame) { task, stray = f, f.Fork() }) })
			stray.Join()
			task.Join()
			a.EndFrame()
		})
	}
}

// TestForksAreInsideTheirTag forks frames under a tag: paths, budgets and figures
// are those of the tag.
func TestForksAreInsideTheirTag(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	a.SetTagBudget("world", Budget{Hard: 2000})
	a.SetTagBudget("world/ai", Budget{Hard: 1000})
	a.SetTagBudget("ai", Budget{Hard: 8}) // another one
	for range 2 {
		f := a.BeginFrame()
		f.WithTag("world", func() {
			Slice[byte](f, 200)
			for range 2 { // one after the other
				c := f.Fork()
				if c.TagPath() != "world" || c.CurrentTag() != "world" {
					t.Errorf("a fork begins under %q", c.TagPath())
				}
				c.WithTag("ai", func() {
					if c.TagPath() != "world/ai" {
						t.Errorf("Tag(ai) is %q in the fork", c.TagPath())
					}
					Slice[byte](c, 400)
					HeapNew[[32]byte](c)
				})
				HeapNew[[8]byte](c)
				c.Join()
			}
			c := f.Fork()
			if _, err := TrySlice[byte](c, 1008); !errors.Is(err, diag.FA311) {
				t.Errorf("beyond the tag that it was forked under: %v", err)
			}
			c.WithTag("ai", func() {
				if _, err := TrySlice[byte](c, 208); !errors.Is(err, diag.FA311) {
					t.Errorf("beyond what other forks have left: %v", err)
				}
				Slice[byte](c, 200)
			})
			Slice[byte](c, 800)
			if n := c.Remaining(); n != 0 {
				t.Errorf("%d bytes remain", n)
			}
			c.Join()
		})
		a.EndFrame()
	}
	for _, b := range a.BudgetStats() {
		if want := map[string]int{"world": 2000, "world/ai": 1000, "ai": 0}[b.Tag]; b.Peak != want {
			t.Errorf("tag %q has a peak of %d bytes, want %d", b.Tag, b.Peak, want)
		}
	}
	for _, s := range a.TagStats() {
		want := map[string]int{"world": 16, "world/ai": 64}[s.Path]
		if int(s.Heap.Bytes) != 2*want {
			t.Errorf("tag %q has %d bytes of heap, want %d", s.Path, s.Heap.Bytes, 2*want)
		}
	}
}
