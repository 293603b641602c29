package snapshot

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/framesync"
)

type body struct {
	X, Y, Z float32
	Next    *body
}

// scene is an allocator in which everything has happened that a snapshot shows:
// two frames of the main worker, one each of two workers of the same name.
func scene(t testing.TB) (*Observer, *framealloc.Allocator) {
	t.Helper()
	reporter := diag.NewReporter(diag.Options{Strict: diag.StrictOff, Sinks: []diag.Sink{discard{}}})
	alloc := framealloc.NewAllocator(framealloc.Config{MaxFrameBytes: 1 << 20, Exhaustion: framealloc.Warn, Reporter: reporter})
	t.Cleanup(func() { _ = alloc.Close() })
	o := ObserveAs("game", alloc)
	t.Cleanup(o.Stop)
	alloc.SetBudget(framealloc.Budget{Hard: 1 << 22})
	alloc.SetTagBudget("ai", framealloc.Budget{Soft: 100, Hard: 200, Policy: framealloc.Allow})

	for _, n := range []int{1, 2} {
		w := alloc.NewWorker("physics")
		t.Cleanup(func() { _ = w.Close() })
		w.SetBudget(framealloc.Budget{Hard: 1000, Policy: framealloc.Warn})
		w.Frame(func(f *framealloc.Frame) {
			defer f.Tag("contacts")()
			framealloc.Bytes(f, n*1024) // over the budget: FA312
		})
	}

	alloc.BeginFrame()
	framealloc.Bytes(alloc.Main().ActiveFrame(), 80)
	alloc.EndFrame()

	var handed *framesync.Transfer[body]
	var boxed framealloc.Box[body]
	f := alloc.BeginFrame()
	f.WithPhase("update", func() {
		f.WithTag("ai", func() {
			framealloc.Bytes(f, 240) // over both limits
			f.WithTag("paths", func() { framealloc.New[body](f) })
		})
	})
	boxed = framealloc.PoolBox[body](f)
	framealloc.PoolPut(f, framealloc.PoolGet[body](f))
	framealloc.HeapNew[body](f)
	for _, policy := range []framealloc.RetentionPolicy{framealloc.ToPool, framealloc.ToHeap, framealloc.ToScratch("kept"), framealloc.Discard} {
		framealloc.Retain[body](f, policy)
	}
	framealloc.Retain[body](f, framealloc.ToHeap).Value().Next = framealloc.New[body](f) //fa:ignore FA608 it cannot leave, and the snapshot says so
	handed = framesync.NewTransfer(f, body{X: 1})
	framesync.NewTransfer(f, body{}).Drop()
	alloc.EndFrameWithPromotions()
	if _, err := handed.Receive(); err != nil {
		t.Fatal(err)
	}
	other := alloc.Worker("physics")
	boxed.FreeFrom(other)
	return o, alloc
}

// discard is a sink of diagnostics.
type discard struct{}

func (discard) Report(diag.Diagnostic) {}

func TestTake(t *testing.T) {
	o, alloc := scene(t)
	var s Snapshot
	before := time.Now()
	o.Take(&s)
	requireValid(t, &s)

	if s.SchemaID != SchemaID || s.Version != Version || s.Sequence != 1 || s.Allocator != "game" || s.Modes != "none" {
		t.Errorf("head: %q %d %d %q %q", s.SchemaID, s.Version, s.Sequence, s.Allocator, s.Modes)
	}
	if s.Taken.Location() != time.UTC || s.Taken.Before(before.Add(-time.Second)) || s.Taken.After(time.Now().Add(time.Second)) {
		t.Errorf("taken %v, it is %v", s.Taken, before)
	}
	if f := s.Frame; f.Worker != "main" || f.Number != 2 || f.Bytes < 240 || f.Allocations < 2 || f.HighWater < 240 || f.Duration <= 0 {
		t.Errorf("frame %+v", f)
	}
	if tot := s.Totals; tot.Workers != 3 || tot.Frames != 4 || tot.Frame.Bytes != s.Frame.Bytes+80+1024+2048 ||
		tot.Pool.Allocations != 3 || tot.Pool.Frees < 1 || tot.Heap.Allocations < 2 || tot.HighWater != 2048 || tot.Capacity == 0 {
		t.Errorf("totals %+v", tot)
	}

	if len(s.Workers) != 2 || s.Workers[0].Name != "main" || s.Workers[1].Name != "physics" {
		t.Fatalf("workers %+v", s.Workers)
	}
	p := s.Workers[1] // both
	if p.Count != 2 || p.Frames != 2 || p.Frame.Bytes != 3072 || p.Frame.Allocations != 2 || p.HighWater != 2048 || p.LastFrame.Bytes != 3072 {
		t.Errorf("physics %+v", p)
	}
	if p.Timing.Frames != 2 || p.Timing.Total < p.Timing.Max || p.Timing.Max < p.Timing.Last || p.Timing.Last <= 0 {
		t.Errorf("timing %+v", p.Timing)
	}
	sum := uint64(0)
	for _, n := range p.Timing.Buckets {
		sum += n
	}
	if sum != 2 {
		t.Errorf("%d frames in the buckets, want 2", sum)
	}

	var tags []string
	for _, x := range s.Tags {
		tags = append(tags, x.Worker+":"+x.Path)
	}
	if got := strings.Join(tags, " "); got != "main: main:ai main:ai/paths physics: physics:contacts" {
		t.Errorf("tags %s", got)
	}
	if x := s.Tags[1]; x.Frame.Bytes != 240 || x.Entered != 1 || x.HighWater != 240 || x.LastFrame.Allocations != 1 {
		t.Errorf("tag %+v", x)
	}
	if x := s.Tags[4]; x.Frame.Bytes != 3072 || x.Entered != 2 || x.HighWater != 2048 {
		t.Errorf("tag %+v", x)
	}
	if len(s.Phases) != 1 || s.Phases[0].Path != "update" || s.Phases[0].Entered != 1 || s.Phases[0].Duration <= 0 || s.Phases[0].Frame.Bytes < 240 {
		t.Errorf("phases %+v", s.Phases)
	}

	size := uint64(reflect.TypeFor[body]().Size())
	if want := (Promotions{ToPool: 1, ToHeap: 1, ToScratch: 1, Bytes: 3 * size, Discarded: 1, Failed: 1}); s.Promotions != want {
		t.Errorf("promotions %+v, want %+v", s.Promotions, want)
	}
	if want := (Transfers{Made: 2, Received: 1, Dropped: 1, Bytes: 2 * size}); s.Transfers != want {
		t.Errorf("transfers %+v, want %+v", s.Transfers, want)
	}
	if s.Deferred != (Deferred{Queued: 1, Pending: 1}) || s.Workers[0].Deferred != s.Deferred {
		t.Errorf("deferred %+v, of main %+v", s.Deferred, s.Workers[0].Deferred)
	}
	if s.Trades.Made == 0 {
		t.Errorf("trades %+v", s.Trades)
	}

	want := []Budget{
		{Scope: "global", Hard: 1 << 22, Policy: "fail", Peak: s.Budgets[0].Peak},
		{Scope: "tag", Tag: "ai", Soft: 100, Hard: 200, Policy: "allow", Peak: s.Budgets[1].Peak, SoftExceeded: 1, HardExceeded: 1},
		{Scope: "worker", Worker: "physics", Hard: 1000, Policy: "warn", Peak: 2048, HardExceeded: 2},
		{Scope: "frame", Hard: 1 << 20, Policy: "warn", Peak: 2048},
	}
	if !reflect.DeepEqual(s.Budgets, want) {
		t.Errorf("budgets %+v,\nwant    %+v", s.Budgets, want)
	}
	if s.Budgets[0].Peak < 2048 || s.Budgets[1].Peak < 240 {
		t.Errorf("peaks %d and %d", s.Budgets[0].Peak, s.Budgets[1].Peak)
	}

	d := s.Diagnostics
	if d.Warnings+d.Errors < 3 || len(d.List) == 0 || d.Omitted != 0 {
		t.Errorf("diagnostics %+v", d)
	}
	found := false
	for i, x := range d.List {
		found = found || x.Code == "FA312" && x.Worker == "physics" && x.Count == 2 && x.Tag == "contacts" && strings.Contains(x.Caller, "take_test.go:")
		if i > 0 && d.List[i-1].Severity == "warning" && x.Severity == "error" {
			t.Errorf("an error after a warning: %+v", d.List)
		}
	}
	if !found {
		t.Errorf("there is no FA312 in %+v", d.List)
	}
	if s.Garbage != nil {
		t.Errorf("garbage %+v with the mode off", s.Garbage)
	}

	// What the allocator says itself is the same.
	if st := alloc.Stats(); st.Frame.Bytes != s.Totals.Frame.Bytes || st.Pool.Frees != s.Totals.Pool.Frees || st.Heap.Bytes != s.Totals.Heap.Bytes {
		t.Errorf("stats %+v, totals %+v", st, s.Totals)
	}
}

// TestRoundTrip: nothing is lost in JSON.
func TestRoundTrip(t *testing.T) {
	o, _ := scene(t)
	var s, back Snapshot
	o.Take(&s)
	s.garbage = Garbage{Frames: 1, Bytes: 2, Sites: []Site{{Function: "f", Caller: "a.go:1", Type: "int", Bytes: 2}}}
	s.Garbage = &s.garbage
	text := requireValid(t, &s)
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	var clean Snapshot // without what is not in JSON
	clean.CopyFrom(&s)
	garbage := clean.garbage
	clean.scratch, clean.garbage, clean.Garbage = scratch{}, Garbage{}, &garbage
	if !reflect.DeepEqual(back, clean) {
		t.Errorf("read back\n%+v\nwant\n%+v", back, clean)
	}
}

func TestCopyFromSharesNothing(t *testing.T) {
	o, _ := scene(t)
	var s, c Snapshot
	o.Take(&s)
	s.Garbage = &Garbage{Bytes: 1, Sites: []Site{{Function: "f"}}}
	c.CopyFrom(&s)
	want, _ := json.Marshal(&s)
	s.Workers[0].Name, s.Tags[0].Path, s.Phases[0].Path, s.Budgets[0].Scope = "x", "x", "x", "x"
	s.Diagnostics.List[0].Code, s.Garbage.Bytes, s.Garbage.Sites[0].Function = "X1", 9, "x"
	if got, _ := json.Marshal(&c); string(got) != string(want) {
		t.Errorf("the copy changed:\n%s\nwant\n%s", got, want)
	}
	if n := testing.AllocsPerRun(10, func() { c.CopyFrom(&s) }); n != 0 {
		t.Errorf("%v heap allocations a copy, want 0", n)
	}
}

func TestModesShow(t *testing.T) {
	o, alloc := scene(t)
	alloc.SetModes(framealloc.ModeDebug | framealloc.ModeLeaks)
	var s Snapshot
	if o.Take(&s); s.Modes != "debug,leaks" {
		t.Errorf("modes %q", s.Modes)
	}
	alloc.SetModes(0)
	if o.Take(&s); s.Modes != "none" || s.Sequence != 2 {
		t.Errorf("modes %q, sequence %d", s.Modes, s.Sequence)
	}
}

// TestBeforeTheFirstFrame: an allocator that has done nothing has a snapshot.
func TestBeforeTheFirstFrame(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{discard{}}})})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	var s Snapshot
	o.Take(&s)
	text := string(requireValid(t, &s))
	for _, want := range []string{`"tags":[]`, `"phases":[]`, `"budgets":[]`, `"list":[]`, `"frame":{"worker":"main","number":0,`} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in %s", want, text)
		}
	}
}

// TestAfterTheEnd: an allocator that is closed, and an observer that has stopped,
// still have a snapshot, of what they saw.
func TestAfterTheEnd(t *testing.T) {
	o, alloc := scene(t)
	var before, after Snapshot
	o.Take(&before)
	o.Stop()
	o.Stop()
	alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 8) })
	if err := alloc.Close(); err != nil {
		t.Fatal(err)
	}
	o.Take(&after)
	requireValid(t, &after)
	if len(after.Workers) != 0 || after.Totals.Workers != 0 || after.Totals.Frame.Bytes != before.Totals.Frame.Bytes+8 ||
		after.Frame != before.Frame || after.Promotions != before.Promotions {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
}

// TestDiagnosticsAreBounded: a program full of mistakes makes no endless files.
func TestDiagnosticsAreBounded(t *testing.T) {
	o, alloc := scene(t)
	for i := range 3 * MaxDiagnostics {
		alloc.Reporter().Report(diag.Diagnostic{Code: diag.FA601, Message: "escaped", Tag: strings.Repeat("t", i+1)})
	}
	for range 5 {
		alloc.Reporter().Report(diag.Diagnostic{Code: diag.FA602, Severity: diag.SeverityError, Message: "often"})
	}
	var s Snapshot
	o.Take(&s)
	requireValid(t, &s)
	if d := s.Diagnostics; len(d.List) != MaxDiagnostics || d.Omitted < 2*MaxDiagnostics || d.List[0].Code != "FA602" || d.List[0].Count != 5 {
		t.Errorf("%d listed, %d omitted, first %+v", len(d.List), d.Omitted, d.List[0])
	}
}

// TestForgetsWorkersThatAreGone: a program may make a worker for each task.
func TestForgetsWorkersThatAreGone(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	var s Snapshot
	for i := range 500 {
		w := alloc.NewWorker("task " + strings.Repeat("i", i))
		w.Frame(func(*framealloc.Frame) {})
		w.Close()
		o.Take(&s)
	}
	if n := len(o.workers); n > 100 {
		t.Errorf("%d workers are remembered, 1 is open", n)
	}
}

func TestTakeAllocatesNothing(t *testing.T) {
	o, alloc := scene(t)
	alloc.SetModes(framealloc.ModeDebug)
	var s Snapshot
	for range 2 {
		o.Take(&s)
	}
	if n := testing.AllocsPerRun(100, func() { o.Take(&s) }); n != 0 {
		t.Errorf("%v heap allocations a snapshot, want 0", n)
	}
}

// TestWatchingAllocatesNothing: frames with an observer, and with a history that
// takes a snapshot at every boundary.
func TestWatchingAllocatesNothing(t *testing.T) {
	o, alloc := scene(t)
	h := NewHistory(o, 3, 0)
	defer h.Stop()
	frame := func() {
		f := alloc.BeginFrame()
		end := f.Tag("ai")
		framealloc.Bytes(f, 64)
		end()
		alloc.EndFrame()
	}
	for range 5 {
		frame()
	}
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
	if h.Len() != 3 {
		t.Errorf("%d in the history", h.Len())
	}
}

func BenchmarkTake(b *testing.B) {
	o, _ := scene(b)
	var s Snapshot
	for b.Loop() {
		o.Take(&s)
	}
}

// BenchmarkFrame shows what being watched costs a frame.
func BenchmarkFrame(b *testing.B) {
	for _, watched := range []bool{false, true} {
		b.Run(map[bool]string{false: "alone", true: "watched"}[watched], func(b *testing.B) {
			alloc := framealloc.NewAllocator(framealloc.Config{})
			defer alloc.Close()
			if watched {
				defer Observe(alloc).Stop()
			}
			for b.Loop() {
				alloc.BeginFrame()
				alloc.EndFrame()
			}
		})
	}
}
