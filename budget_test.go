package framealloc

import (
	"errors"
	"math"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// fill allocates cells of 64 bytes until one is refused and returns their sum.
func fill(t *testing.T, f *Frame, code diag.Code) int {
	t.Helper()
	for n := 0; ; n += 64 {
		if _, err := TryNew[[8]int64](f); err != nil {
			if !errors.Is(err, code) {
				t.Fatalf("refused with %v, want %s", err, code)
			}
			return n
		}
		if n > 1<<20 {
			t.Fatal("no limit")
		}
	}
}

func TestBudgetsAreExact(t *testing.T) {
	const limit = 64 * 1000
	for name, tt := range map[string]struct {
		code diag.Code
		set  func(a *Allocator)
		tag  string
	}{
		"worker": {diag.FA312, func(a *Allocator) { a.Main().SetFrameBudget(limit) }, ""},
		"global": {diag.FA310, func(a *Allocator) { a.SetBudget(Budget{Hard: limit}) }, ""},
		"tag":    {diag.FA311, func(a *Allocator) { a.SetTagBudget("ai", Budget{Hard: limit}) }, "ai"},
		"nested": {diag.FA311, func(a *Allocator) { a.SetTagBudget("ai", Budget{Hard: limit}) }, "ai/path"},
	} {
		t.Run(name, func(t *testing.T) {
			a := NewAllocator(Config{})
			defer a.Close()
			tt.set(a)
			for range 3 {
				f := a.BeginFrame()
				if tt.tag != "" {
					Slice[byte](f, 5000) // not under the tag
					f.Tag("ai")
				}
				if tt.tag == "ai/path" {
					f.Tag("path")
				}
				if got := f.Remaining(); got != limit {
					t.Errorf("Remaining() = %d, want %d", got, limit)
				}
				p := New[linked](f)
				p.name = "pointers count too"
				size := int(unsafe.Sizeof(*p))
				if got, want := fill(t, f, tt.code), (limit-size)/64*64; got != want {
					t.Errorf("%d bytes fit, want %d", got, want)
				}
				for f.Remaining() >= 8 {
					New[int64](f)
				}
				if f.Remaining() >= 8 { // a word of 4 bytes may be left on 32-bit platforms
					t.Errorf("Remaining() = %d, want less than 8", f.Remaining())
				}
				if _, err := TryNew[byte](f); !errors.Is(err, tt.code) {
					t.Errorf("one byte more: %v, want %s", err, tt.code)
				}
				if _, err := TryNew[struct{}](f); err != nil {
					t.Errorf("nothing does not fit: %v", err)
				}
				a.EndFrame()
			}
		})
	}
	a := NewAllocator(Config{})
	if got := a.BeginFrame().Remaining(); got != math.MaxInt {
		t.Errorf("Remaining() = %d without limits", got)
	}
}

func TestTagBudgetCountsScopesTogether(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	a.SetTagBudget("ai", Budget{Hard: 1000})
	f := a.BeginFrame()
	f.WithTag("ai", func() { Slice[byte](f, 600) })
	Slice[byte](f, 5000)
	f.WithTag("ai", func() {
		f.Sub(func(f *Frame) { Slice[byte](f, 400) }) // given back
		if got := f.Remaining(); got != 400 {
			t.Errorf("Remaining() = %d in the second scope, want 400", got)
		}
		f.WithTag("deeper", func() { Slice[byte](f, 400) })
		mustPanic(t, diag.FA311, func() { New[byte](f) })
	})
	New[byte](f) // outside
	a.EndFrame()
	if e := mustPanic(t, diag.FA311, func() {
		f := a.BeginFrame()
		defer f.Tag("ai")()
		Slice[byte](f, 1001)
	}); e.Tag != "ai" || e.Frame != 2 || e.Worker != "main" {
		t.Errorf("the diagnostic does not say where: %+v", e.Diagnostic)
	}
}

func TestBudgetPoliciesAndCallbacks(t *testing.T) {
	for _, policy := range []Policy{Fail, Warn, Allow, Promote} {
		t.Run(policy.String(), func(t *testing.T) {
			c, reports := quiet(t)
			a := NewAllocator(c)
			defer a.Close()
			var soft, hard, peak []BudgetEvent
			a.Main().SetBudget(Budget{
				Soft: 1000, Hard: 2000, Policy: policy,
				OnSoft: func(e BudgetEvent) { soft = append(soft, e) },
				OnHard: func(e BudgetEvent) { hard = append(hard, e) },
				OnPeak: func(e BudgetEvent) { peak = append(peak, e) },
			})
			observed := 0
			defer a.Observe(Hooks{Budget: func(BudgetEvent) { observed++ }})()
			for range 2 {
				f := a.BeginFrame()
				refused := 0
				for range 300 {
					if _, err := TryNew[int64](f); err != nil {
						refused++
					}
				}
				switch want := map[Policy]int{Fail: 2000, Warn: 2400, Allow: 2400, Promote: 2000}[policy]; {
				case f.Used() != want:
					t.Errorf("%d bytes in use, want %d", f.Used(), want)
				case (refused == 50) != (policy == Fail):
					t.Errorf("%d requests refused", refused)
				}
				a.EndFrame()
			}
			if len(soft) != 2 || soft[0].Used != 1000 || soft[0].Kind != SoftExceeded || soft[0].Scope != WorkerBudget || soft[0].Limit != 1000 {
				t.Errorf("OnSoft: %+v, want once a frame, at 1000 bytes", soft)
			}
			wantHard := 2
			if policy == Fail {
				wantHard = 100
			}
			if len(hard) != wantHard || hard[0].Used != 2000 || hard[0].Request != 8 {
				t.Errorf("OnHard %d times, first %+v", len(hard), hard[0])
			}
			if len(peak) != 1 || peak[0].Kind != NewPeak {
				t.Errorf("OnPeak: %+v, want once: the second frame is no new peak", peak)
			}
			if want := len(soft) + len(hard) + len(peak); observed != want {
				t.Errorf("observers saw %d events, want %d", observed, want)
			}
			if got := len(reports.Of(diag.FA312)); (got > 0) != (policy == Warn) {
				t.Errorf("%d diagnostics", got)
			}
			if got := a.Stats().Heap.Allocations; (got == 100) != (policy == Promote) {
				t.Errorf("%d heap allocations", got)
			}
		})
	}
}

func TestGlobalBudgetIsShared(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	a.SetBudget(Budget{Hard: 100_000})
	w := a.NewWorker("other")
	f, g := a.BeginFrame(), w.BeginFrame()
	Slice[byte](f, 60_000)
	if _, err := TrySlice[byte](g, 60_000); !errors.Is(err, diag.FA310) {
		t.Errorf("both workers together exceed the budget: %v", err)
	}
	a.EndFrame()
	if _, err := TrySlice[byte](g, 60_000); err != nil {
		t.Errorf("after the other frame's end there is room: %v", err)
	}
	w.EndFrame()
	f = a.BeginFrame()
	if _, err := TrySlice[byte](f, 100_000); err != nil {
		t.Errorf("all of it for one: %v", err)
	}
	a.EndFrame()
	a.SetBudget(Budget{}) // no more
	f = a.BeginFrame()
	Slice[byte](f, 200_000)
	a.EndFrame()
}

func TestBudgetsMayChange(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	f := a.BeginFrame()
	Slice[byte](f, 1000)
	a.Main().SetFrameBudget(1008)
	New[int64](f)
	mustPanic(t, diag.FA312, func() { New[int64](f) })
	a.Main().SetFrameBudget(2000)
	New[int64](f)
	a.Main().SetBudget(Budget{})
	Slice[byte](f, 5000)
	a.EndFrame()
	for _, b := range []Budget{{Soft: -1}, {Hard: -1}, {Soft: 5, Hard: 4}, {Hard: 1, Policy: 9}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("SetBudget(%+v) does not panic", b)
				}
			}()
			a.SetBudget(b)
		}()
	}
}

func TestBudgetsCostNothingSteadily(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: MiB})
	defer a.Close()
	a.SetBudget(Budget{Hard: MiB, Soft: 512 * KiB})
	a.SetTagBudget("ai", Budget{Hard: 512 * KiB})
	a.Main().SetFrameBudget(MiB)
	frame := func() {
		f := a.BeginFrame()
		defer a.EndFrame()
		defer f.Tag("ai")()
		arena := ArenaOf[linked](f)
		for range 500 {
			New[plain](f)
			New[linked](f)
			arena.New()
		}
	}
	for range 5 {
		frame()
	}
	if n := testing.AllocsPerRun(50, frame); n != 0 {
		t.Errorf("%v heap allocations a frame under budgets, want 0", n)
	}
}

func TestBudgetsCanBeRead(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	w := a.NewWorker("w")
	if a.Budget().Hard != 0 || len(a.TagBudgets()) != 0 || w.Budget().Hard != 0 {
		t.Error("a new allocator has budgets")
	}
	a.SetBudget(Budget{Hard: 1000})
	a.SetTagBudget("ai/paths", Budget{Soft: 10, Hard: 20})
	w.SetFrameBudget(300)
	if got := a.Budget().Hard; got != 1000 {
		t.Errorf("the global budget is %d, want 1000", got)
	}
	if got := w.Budget().Hard; got != 300 {
		t.Errorf("the worker's budget is %d, want 300", got)
	}
	tags := a.TagBudgets()
	if b := tags["ai/paths"]; len(tags) != 1 || b.Soft != 10 || b.Hard != 20 {
		t.Errorf("the tags' budgets are %v", tags)
	}
	clear(tags) // the caller's
	a.SetBudget(Budget{})
	if a.Budget().Hard != 0 || len(a.TagBudgets()) != 1 {
		t.Error("budgets are not what was set")
	}
}

// TestGlobalBudgetComesBack closes and drops workers while their frames hold some
// of the global budget.
func TestGlobalBudgetComesBack(t *testing.T) {
	reports := make(chan diag.Diagnostic, 10)
	a := NewAllocator(Config{FramesInFlight: 2, Reporter: reporterTo(reports)})
	defer a.Close()
	a.SetBudget(Budget{Hard: 1 * MiB})
	used := func() int { return a.BudgetStats()[0].Used }
	take := func(w *Worker) {
		for range 2 {
			f := w.BeginFrame()
			Slice[byte](f, 100*KiB)
			Parallel(f, 2, func(c *Frame, _ int) { Slice[byte](c, 10*KiB) })
			w.EndFrame()
		}
	}
	w := a.NewWorker("closed")
	take(w)
	if used() == 0 {
		t.Error("frames in flight hold nothing")
	}
	w.Close()
	if n := used(); n != 0 {
		t.Errorf("a closed worker holds %d bytes of the global budget", n)
	}
	func() { take(a.NewWorker("dropped")) }()
	if d := reported(t, reports); d.Code != diag.FA207 {
		t.Errorf("reported %v", d)
	}
	if n := used(); n != 0 {
		t.Errorf("a dropped worker holds %d bytes of the global budget", n)
	}
}

// TestTagBudgetGetsBack gives back what tags hold, by scopes and rollbacks, inside
// their scopes, around them, and after them.
func TestTagBudgetGetsBack(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	a.SetTagBudget("ai", Budget{Hard: 1000})
	ai := func(f *Frame, n int) func() {
		return func() { f.WithTag("ai", func() { Slice[byte](f, n) }) }
	}
	remaining := func(f *Frame) (n int) {
		f.WithTag("ai", func() { n = f.Remaining() })
		return n
	}
	for range 2 {
		f := a.BeginFrame()
		for range 10 {
			f.Sub(func(f *Frame) { ai(f, 600)() })
			g := f.Guard()
			ai(f, 600)()
			g.Rollback()
			Speculate(f, func() error { ai(f, 600)(); return errors.New("no") })
		}
		ai(f, 200)()
		Slice[byte](f, 104)
		c := f.Checkpoint()
		ai(f, 304)()
		Slice[byte](f, 104)
		ai(f, 304)()
		if n := remaining(f); n != 192 {
			t.Errorf("%d bytes remain, want 192", n)
		}
		f.Rollback(c)
		if n := remaining(f); n != 800 {
			t.Errorf("%d bytes remain after the rollback, want 800", n)
		}
		f.WithTag("ai", func() {
			Slice[byte](f, 400)
			f.Rollback(c) // to before the scope
			if n := f.Remaining(); n != 800 {
				t.Errorf("%d bytes remain inside the scope, want 800", n)
			}
			Slice[byte](f, 800)
			mustPanic(t, diag.FA311, func() { New[byte](f) })
		})
		a.EndFrame()
	}
	if s := a.BudgetStats(); s[0].Peak != 1000 {
		t.Errorf("the peak is %d, want 1000", s[0].Peak)
	}
}
