package framealloc

import (
	"context"
	"errors"
	"runtime/pprof"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

func tagByPath(t *testing.T, a *Allocator, path string) TagStats {
	t.Helper()
	for _, s := range a.TagStats() {
		if s.Path == path {
			return s
		}
	}
	t.Fatalf("no tag %q in %+v", path, a.TagStats())
	return TagStats{}
}

func TestTagsBookWhatTheyShould(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	const size = int(unsafe.Sizeof(linked{}))
	for range 2 {
		f := a.BeginFrame()
		New[plain](f) // 32 bytes outside of tags
		f.WithTag("ai", func() {
			New[linked](f)
			f.WithTag("pathfinding", func() {
				if f.CurrentTag() != "pathfinding" || f.TagPath() != "ai/pathfinding" {
					t.Errorf("CurrentTag() = %q, TagPath() = %q", f.CurrentTag(), f.TagPath())
				}
				Slice[linked](f, 10)
				PoolPut(a, PoolGet[plain](a))
				HeapNew[[100]byte](a)
			})
			f.Sub(func(f *Frame) { New[linked](f) }) // given back, but allocated
		})
		end := f.Tag("physics")
		arena := ArenaOf[plain](f)
		arena.New()
		arena.New()
		end()
		end() // twice is no harm
		if f.TagPath() != "" {
			t.Errorf("TagPath() = %q outside of tags", f.TagPath())
		}
		f.Tag("left open")
		New[plain](f)
		a.EndFrame()
	}
	for path, want := range map[string]TagStats{
		"":               {Frame: IntentStats{Allocations: 2, Bytes: 64}, LastFrameBytes: 32, LastFrameAllocations: 1},
		"ai":             {Entered: 2, Frame: IntentStats{Allocations: 4, Bytes: uint64(4 * size)}, LastFrameBytes: 2 * size, LastFrameAllocations: 2},
		"ai/pathfinding": {Entered: 2, Frame: IntentStats{Allocations: 2, Bytes: uint64(20 * size)}, LastFrameBytes: 10 * size, LastFrameAllocations: 1, Pool: IntentStats{2, 64, 2}, Heap: IntentStats{2, 200, 0}},
		"physics":        {Entered: 2, Frame: IntentStats{Allocations: 4, Bytes: 128}, LastFrameBytes: 64, LastFrameAllocations: 2},
		"left open":      {Entered: 2, Frame: IntentStats{Allocations: 2, Bytes: 64}, LastFrameBytes: 32, LastFrameAllocations: 1},
	} {
		want.Path, want.HighWater = path, want.LastFrameBytes
		if got := tagByPath(t, a, path); got != want {
			t.Errorf("tag %q:\n got %+v\nwant %+v", path, got, want)
		}
	}
	sum := IntentStats{}
	for _, s := range a.TagStats() {
		sum.add(s.Frame)
	}
	if total := a.Stats().Frame; sum != total {
		t.Errorf("the tags add up to %+v, the frames to %+v", sum, total)
	}
}

func TestTagEndsOnPanic(t *testing.T) {
	a := NewAllocator(Config{})
	f := a.BeginFrame()
	func() {
		defer func() { recover() }()
		f.WithTag("outer", func() { f.WithTag("inner", func() { panic(1) }) })
	}()
	if f.TagPath() != "" {
		t.Errorf("TagPath() = %q after a panic", f.TagPath())
	}
	outer := f.Tag("outer")
	f.Tag("inner")
	outer() // ends what was opened inside
	if f.TagPath() != "" {
		t.Errorf("TagPath() = %q after the outer scope ended", f.TagPath())
	}
	a.EndFrame()
}

func TestPhases(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	for range 3 {
		f := a.BeginFrame()
		f.WithPhase("update", func() {
			New[plain](f)
			f.WithPhase("physics", func() {
				if f.PhasePath() != "update/physics" || f.CurrentPhase() != "physics" {
					t.Errorf("PhasePath() = %q", f.PhasePath())
				}
				Slice[plain](f, 4)
			})
		})
		a.EndFrame()
	}
	stats := a.Main().PhaseStats()
	if len(stats) != 2 || stats[0].Path != "update" || stats[1].Path != "update/physics" {
		t.Fatalf("PhaseStats() = %+v", stats)
	}
	if s := stats[1]; s.Entered != 3 || s.Frame != (IntentStats{Allocations: 3, Bytes: 384}) || s.LastFrameBytes != 128 || s.Duration <= 0 {
		t.Errorf("update/physics: %+v", s)
	}
	if stats[0].Duration < stats[1].Duration {
		t.Error("a phase took less than one inside it")
	}
}

func TestTagLabels(t *testing.T) {
	a := NewAllocator(Config{TagLabels: true})
	defer pprof.SetGoroutineLabels(context.Background())
	label := func() string {
		// Labels are inherited: a new goroutine's profile carries them. The
		// only way to read them back is a context that they were made from.
		got, _ := pprof.Label(a.Main().tags.current().labels0(), "framealloc.tag")
		return got
	}
	a.Frame(func(f *Frame) {
		f.WithTag("ai", func() {
			f.WithTag("path", func() {
				if got := label(); got != "ai/path" {
					t.Errorf("label %q inside of ai/path", got)
				}
			})
		})
	})
	frame := func() {
		a.Frame(func(f *Frame) { f.WithTag("ai", func() { New[plain](f) }) })
	}
	frame()
	if n := testing.AllocsPerRun(50, frame); n != 0 {
		t.Errorf("%v heap allocations a frame with labels, want 0", n)
	}
}

// labels0 returns the node's labels, or none.
func (n *scopeNode) labels0() context.Context {
	if n.labels == nil {
		return context.Background()
	}
	return n.labels
}

func TestCheckpoints(t *testing.T) {
	a := NewAllocator(Config{ChunkSize: 1 << 10})
	defer a.Close()
	f := a.BeginFrame()
	kept := NewValue(f, linked{name: "kept"})
	c := f.Checkpoint()
	before := f.Used()
	for range 3 { // the same checkpoint may be used again
		for range 50 {
			New[linked](f).next = kept
			Slice[byte](f, 500)
		}
		inner := f.Checkpoint()
		New[linked](f)
		f.Rollback(inner)
		f.Rollback(c)
		if f.Used() != before || kept.name != "kept" {
			t.Fatalf("Used() = %d after rollback, want %d", f.Used(), before)
		}
		mustPanic(t, diag.FA002, func() { f.Rollback(inner) })
	}
	for range 200 {
		if p := New[linked](f); *p != (linked{}) {
			t.Fatal("rolled back memory is handed out dirty")
		}
		if s := Slice[byte](f, 100); s[0] != 0 || s[99] != 0 {
			t.Fatal("rolled back bytes are handed out dirty")
		}
	}
	w := a.NewWorker("other")
	g := w.BeginFrame()
	mustPanic(t, diag.FA606, func() { g.Rollback(c) })
	mustPanic(t, diag.FA606, func() { g.Rollback(Checkpoint{}) })
	a.EndFrame()
	mustPanic(t, diag.FA606, func() { f.Rollback(c) })
	a.BeginFrame()
	mustPanic(t, diag.FA606, func() { f.Rollback(c) })
}

func TestGuards(t *testing.T) {
	a := NewAllocator(Config{})
	f := a.BeginFrame()
	g := f.Guard()
	New[linked](f)
	g.Commit()
	g.Rollback()
	if f.Used() == 0 {
		t.Error("a committed guard rolled back")
	}
	used := f.Used()
	g = f.Guard()
	New[linked](f)
	g.Rollback()
	g.Rollback()
	if f.Used() != used {
		t.Errorf("Used() = %d after rollback, want %d", f.Used(), used)
	}
	boom := errors.New("boom")
	if err := Speculate(f, func() error { New[plain](f); return boom }); err != boom || f.Used() != used {
		t.Errorf("Speculate: %v, %d bytes in use, want %d", err, f.Used(), used)
	}
	func() {
		defer func() { recover() }()
		Speculate(f, func() error { New[plain](f); panic(boom) })
	}()
	if f.Used() != used {
		t.Error("a panic in Speculate leaves memory")
	}
	if err := Speculate(f, func() error { New[plain](f); return nil }); err != nil || f.Used() != used+32 {
		t.Errorf("Speculate that succeeds: %v, %d bytes", err, f.Used()-used)
	}
	late := f.Guard()
	a.EndFrame()
	late.Rollback() // deferred beyond the frame: nothing to do
	mustPanic(t, diag.FA606, func() { g := f.w.BeginFrame().Guard(); a.EndFrame(); g.Commit() })
}
