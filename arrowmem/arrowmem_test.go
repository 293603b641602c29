package arrowmem_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arrowmem"
	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
)

func newAllocator(t testing.TB, c framealloc.Config) *framealloc.Allocator {
	a := framealloc.NewAllocator(c)
	t.Cleanup(func() { a.Close() })
	return a
}

// A ground is what Arrow's buffers may come from.
type ground struct {
	name string
	open func(t testing.TB) *arrowmem.Allocator
	next func() // frame
}

func grounds(t testing.TB) []ground {
	t.Helper()
	framed := newAllocator(t, framealloc.Config{})
	framed.BeginFrame()
	next := func() { framed.EndFrame(); framed.BeginFrame() }
	flight := newAllocator(t, framealloc.Config{FramesInFlight: 2})
	flight.BeginFrame()
	debug := arrowmem.NewScratch(newAllocator(t, framealloc.Config{Debug: true}), "arrow")
	poison := arrowmem.NewScratch(newAllocator(t, framealloc.Config{Modes: framealloc.ModePoison}), "arrow")
	plain := arrowmem.NewScratch(newAllocator(t, framealloc.Config{}), "arrow")
	reset := func(s *arrowmem.Scratch) func() {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return func() {
			if err := s.Reset(); err != nil {
				t.Error(err)
			}
		}
	}
	over := func(a bytealloc.Allocator) func(testing.TB) *arrowmem.Allocator {
		return func(testing.TB) *arrowmem.Allocator { return arrowmem.New(a) }
	}
	fixed := bytealloc.NewFixed(make([]byte, 64<<10))
	return []ground{
		{"frame", over(bytealloc.FromWorker(framed.Main())), next},
		{"frames in flight", over(bytealloc.FromWorker(flight.Main())), func() { flight.EndFrame(); flight.BeginFrame() }},
		{"scratch", func(testing.TB) *arrowmem.Allocator { return plain.Allocator }, reset(plain)},
		{"scratch in debug mode", func(testing.TB) *arrowmem.Allocator { return debug.Allocator }, reset(debug)},
		{"poisoned scratch", func(testing.TB) *arrowmem.Allocator { return poison.Allocator }, reset(poison)},
		{"pool", over(bytealloc.FromPool(newAllocator(t, framealloc.Config{Debug: true}))), func() {}},
		{"heap", over(bytealloc.FromHeap(nil)), func() {}},
		{"fixed, then pool", over(bytealloc.Fallback(fixed, bytealloc.FromPool(newAllocator(t, framealloc.Config{})))), fixed.Reset},
		{"under a Checker", over(bytealloc.NewChecker(bytealloc.FromHeap(nil))), func() {}},
	}
}

// TestCheckedPipeline runs the pipeline under Arrow's own checks.
func TestCheckedPipeline(t *testing.T) {
	for _, g := range grounds(t) {
		t.Run(g.name, func(t *testing.T) {
			mem := g.open(t)
			checked := memory.NewCheckedAllocator(mem)
			p := pipeline{rows: 2000}
			for range 5 {
				if err := p.check(checked); err != nil {
					t.Fatal(err)
				}
				checked.AssertSize(t, 0)
				if buffers, bytes := mem.Live(); buffers != 0 || bytes != 0 {
					t.Errorf("%d buffers, %d bytes are out", buffers, bytes)
				}
				g.next()
			}
		})
	}
}

// TestBuffers does what Arrow's buffers do: grow, shrink, vanish.
func TestBuffers(t *testing.T) {
	for _, g := range grounds(t) {
		t.Run(g.name, func(t *testing.T) {
			checked := memory.NewCheckedAllocator(g.open(t))
			defer checked.AssertSize(t, 0)
			b := memory.NewResizableBuffer(checked)
			defer b.Release()
			for _, n := range []int{1, 33, 65, 64, 4097, 8192, 9000, 100, 0, 1 << 16, 3} {
				before := append([]byte(nil), b.Bytes()...)
				b.Resize(n)
				if b.Len() != n || b.Cap()%64 != 0 {
					t.Fatalf("%d bytes in a buffer of %d, want %d", b.Len(), b.Cap(), n)
				}
				keep := min(len(before), n)
				if string(b.Bytes()[:keep]) != string(before[:keep]) {
					t.Fatalf("resized from %d to %d: the contents changed", len(before), n)
				}
				for i := range b.Bytes() {
					b.Bytes()[i] = byte(i + n)
				}
			}
		})
	}
}

func TestAllocator(t *testing.T) {
	for _, g := range grounds(t) {
		t.Run(g.name, func(t *testing.T) {
			a := g.open(t)
			for _, size := range []int{1, 33, 64, 65, 4097, 8192, 100_000} {
				b := a.Allocate(size)
				if len(b) != size || !aligned(b) {
					t.Errorf("Allocate(%d): %d bytes at %p", size, len(b), b)
				}
				for i := range b {
					if b[i] != 0 {
						t.Fatalf("byte %d of %d is %d", i, size, b[i])
					}
					b[i] = byte(i)
				}
				for _, to := range []int{size / 2, size, 2*size + 1} {
					old := len(b)
					b = a.Reallocate(to, b)
					if len(b) != to || to > 0 && !aligned(b) {
						t.Fatalf("Reallocate from %d to %d: %d bytes at %p", old, to, len(b), b)
					}
					for i := range min(old, to, size/2) {
						if b[i] != byte(i) {
							t.Fatalf("Reallocate from %d to %d: byte %d is %d", old, to, i, b[i])
						}
					}
				}
				a.Free(b)
			}
			if b := a.Allocate(0); b == nil || len(b) != 0 {
				t.Errorf("no bytes: %v", b)
			}
			a.Free(nil)
			if b := a.Reallocate(0, a.Allocate(10)); b == nil || len(b) != 0 {
				t.Errorf("Reallocate to none: %v", b)
			}
			b := a.Reallocate(10, nil)
			for name, fn := range map[string]func(){
				"negative":              func() { a.Allocate(-1) },
				"what no memory holds":  func() { a.Allocate(bytealloc.MaxSize + 1) },
				"negative reallocation": func() { a.Reallocate(-1, b) },
			} {
				if e := mustPanic(t, fn); e == nil || e.Code != diag.FA003 {
					t.Errorf("%s: %v", name, e)
				}
			}
			a.Free(b)
			if err := a.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func aligned(b []byte) bool {
	return memory.NewBufferBytes(b).Len() == 0 || addressOf(b)%arrowmem.Alignment == 0
}

// mustPanic returns the *diag.Error that fn panics with.
func mustPanic(t *testing.T, fn func()) (e *diag.Error) {
	t.Helper()
	defer func() {
		t.Helper()
		if err, _ := recover().(error); !errors.As(err, &e) {
			t.Errorf("panicked with %v, want a *diag.Error", err)
		}
	}()
	fn()
	return nil
}

func TestRefusals(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{MaxFrameBytes: 1 << 16})
	mem := arrowmem.New(bytealloc.FromWorker(alloc.Main()))
	if e := mustPanic(t, func() { mem.Allocate(8) }); e == nil || e.Code != diag.FA001 {
		t.Errorf("between frames: %v", e)
	}
	alloc.BeginFrame()
	if e := mustPanic(t, func() { build(mem, 100_000) }); e == nil || e.Code != diag.FA003 {
		t.Errorf("over the limit: %v", e)
	}
	alloc.EndFrame()
	alloc.Frame(func(*framealloc.Frame) { build(mem, 100).Release() }) // it goes on
}

func TestErr(t *testing.T) {
	s := arrowmem.NewScratch(newAllocator(t, framealloc.Config{}), "arrow")
	record := build(s, 100)
	buffers, bytes := s.Live()
	err := s.Err()
	var e *diag.Error
	if !errors.As(err, &e) || e.Code != diag.FA601 || buffers < 5 || bytes < 100*8 || !strings.Contains(e.Where(), "arrowmem_test.go") {
		t.Fatalf("%d buffers, %d bytes: %v", buffers, bytes, err)
	}
	record.Retain()
	record.Release()
	if err := s.Reset(); !errors.Is(err, diag.FA601) {
		t.Errorf("Reset with a retained record: %v", err)
	}
	used := s.Memory().Frame().Used()
	record.Release() // late
	if err := s.Reset(); err != nil || used != 0 {
		t.Errorf("after the late release, with %d bytes used: %v", used, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if e := mustPanic(t, func() { s.Allocate(8) }); e == nil || e.Code != diag.FA001 {
		t.Errorf("after Close: %v", e)
	}
}

// What a record that was kept reads in each mode.
func TestKeptRecord(t *testing.T) {
	keep := func(alloc *framealloc.Allocator) *array.Int64 {
		mem := arrowmem.New(bytealloc.FromWorker(alloc.Main()))
		var ids *array.Int64
		for range 3 { // until the frame's memory is one piece
			alloc.Frame(func(*framealloc.Frame) { build(mem, 1000).Release() })
		}
		alloc.Frame(func(*framealloc.Frame) {
			record := build(mem, 1000)
			defer record.Release()
			ids = record.Column(0).(*array.Int64)
			ids.Retain()
		})
		return ids
	}
	t.Run("plain", func(t *testing.T) {
		alloc := newAllocator(t, framealloc.Config{})
		ids := keep(alloc)
		alloc.Frame(func(f *framealloc.Frame) {
			for f.Used() < 1<<16 {
				*framealloc.New[int64](f) = -7
			}
			if got := ids.Value(500); got != -7 {
				t.Errorf("read %d, want what lies there now", got)
			}
		})
		ids.Release() // harmless
	})
	t.Run("poison", func(t *testing.T) {
		ids := keep(newAllocator(t, framealloc.Config{Modes: framealloc.ModePoison}))
		if a, b := ids.Value(500), ids.Value(501); a == 500 || a != b {
			t.Errorf("read %#x, %#x, want junk", a, b)
		}
		ids.Release()
	})
	t.Run("guard", func(t *testing.T) {
		reports := diag.NewCollector(t)
		alloc := newAllocator(t, framealloc.Config{Modes: framealloc.ModeGuard, Reporter: reports.Reporter()})
		if alloc.Modes()&framealloc.ModeGuard == 0 {
			t.Logf("not on this platform: %v", reports.Diagnostics())
			return
		}
		ids := keep(alloc)
		var read int64
		err := alloc.CatchFaults(func() { read = ids.Value(500) })
		var e *diag.Error
		if !errors.As(err, &e) || e.Code != diag.FA606 || !strings.Contains(e.Note, "pipeline_test.go") {
			t.Errorf("read %d, %v; want FA606, with the place that built the record", read, err)
		}
		ids.Release()
	})
}

// Records that outlive frames come from pools, and are released wherever they end.
func TestReleasedElsewhere(t *testing.T) {
	for _, g := range grounds(t) {
		t.Run(g.name, func(t *testing.T) {
			checked := memory.NewCheckedAllocator(g.open(t))
			records := make(chan arrow.RecordBatch, 4)
			var g sync.WaitGroup
			for range 3 {
				g.Go(func() {
					for r := range records {
						if r.Column(0).(*array.Int64).Value(99) != 99 {
							t.Error("a record changed on its way")
						}
						r.Release()
					}
				})
			}
			for range 50 {
				records <- build(checked, 100)
			}
			close(records)
			g.Wait()
			checked.AssertSize(t, 0)
		})
	}
}
