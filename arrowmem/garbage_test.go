package arrowmem_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/arrowmem"
	"github.com/framealloc/framealloc/bytealloc"
)

// addressOf is where b begins.
func addressOf(b []byte) uintptr { return reflect.ValueOf(&b[:1][0]).Pointer() }

// heapBytes returns the heap bytes that a run of the pipeline allocates, once warm.
func heapBytes(t testing.TB, rows int, mem memory.Allocator, next func()) (bytes, objects uint64) {
	t.Helper()
	p := pipeline{rows: rows}
	round := func() {
		if _, err := p.run(mem); err != nil {
			t.Fatal(err)
		}
		next()
	}
	for range 5 {
		round()
	}
	const rounds = 10
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		round()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / rounds, (after.Mallocs - before.Mallocs) / rounds
}

// TestBuffersAreNotGarbage: what the pipeline leaves on the heap, in a frame, is
// Arrow's objects: as much for many rows as for few, and nothing that was allocated
// below an Allocator.
func TestBuffersAreNotGarbage(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{})
	alloc.BeginFrame()
	framed := arrowmem.New(bytealloc.FromWorker(alloc.Main()))
	next := func() { alloc.EndFrame(); alloc.BeginFrame() }
	scratch := arrowmem.NewScratch(alloc, "arrow")
	for name, g := range map[string]struct {
		mem  memory.Allocator
		next func()
	}{
		"frame":   {framed, next},
		"scratch": {scratch, func() { _ = scratch.Reset() }},
	} {
		t.Run(name, func(t *testing.T) {
			few, _ := heapBytes(t, 1_000, g.mem, g.next)
			many, objects := heapBytes(t, 100_000, g.mem, g.next)
			heapFew, _ := heapBytes(t, 1_000, memory.NewGoAllocator(), func() {})
			heap, heapObjects := heapBytes(t, 100_000, memory.NewGoAllocator(), func() {})
			t.Logf("heap bytes a run: %d for 1,000 rows, %d for 100,000 (%d objects); with GoAllocator %d and %d (%d objects)",
				few, many, objects, heapFew, heap, heapObjects)
			if many > few+few/4 {
				t.Errorf("%d bytes a run for 1,000 rows, %d for 100,000: they grow with the buffers", few, many)
			}
			if heap < 20*many {
				t.Errorf("GoAllocator takes %d bytes, which is not much beside %d: is this a test?", heap, many)
			}
			none(t, g.mem, g.next)
		})
	}
	if err := scratch.Close(); err != nil {
		t.Error(err)
	}
}

// none profiles every heap allocation of some runs and fails for those that an
// Allocator made.
func none(t *testing.T, mem memory.Allocator, next func()) {
	before := below(t)
	rate := runtime.MemProfileRate
	runtime.MemProfileRate = 1
	p := pipeline{rows: 10_000}
	for range 10 {
		if _, err := p.run(mem); err != nil {
			t.Fatal(err)
		}
		next()
	}
	runtime.MemProfileRate = rate
	after := below(t)
	if after.arrow <= before.arrow {
		t.Fatal("the profile saw nothing of Arrow's: is this a test?")
	}
	if n := after.ours - before.ours; n != 0 {
		t.Errorf("%d heap allocations for buffers:\n%s", n, after.example)
	}
}

type profiled struct {
	ours, arrow int64
	example     string
}

// below sums up what the heap profile knows by now of allocations below arrowmem and
// of Arrow.
func below(t *testing.T) (sum profiled) {
	t.Helper()
	runtime.GC() // twice: the profile is that of the cycle before
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 1<<14)
	n, ok := runtime.MemProfile(records, true)
	if !ok {
		t.Fatalf("%d records do not fit", n)
	}
	for _, r := range records[:n] {
		var stack strings.Builder
		ours, arrow := false, false
		for frames := runtime.CallersFrames(r.Stack()); ; {
			f, more := frames.Next()
			stack.WriteString("\t" + f.Function + "\n")
			ours = ours || strings.HasPrefix(f.Function, "github.com/framealloc/framealloc/arrowmem.(*Allocator).")
			arrow = arrow || strings.HasPrefix(f.Function, "github.com/apache/arrow-go/")
			if !more {
				break
			}
		}
		if ours {
			sum.ours += r.AllocObjects
			sum.example = stack.String()
		} else if arrow {
			sum.arrow += r.AllocObjects
		}
	}
	return sum
}

// TestAllocatorAllocatesNothing: on its own, without Arrow.
func TestAllocatorAllocatesNothing(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{})
	alloc.BeginFrame()
	framed := arrowmem.New(bytealloc.FromWorker(alloc.Main()))
	scratch := arrowmem.NewScratch(alloc, "arrow")
	pooled := arrowmem.New(bytealloc.FromPool(alloc.NewWorker("pool")))
	for name, g := range map[string]struct {
		mem  memory.Allocator
		next func()
	}{
		"frame":   {framed, func() { alloc.EndFrame(); alloc.BeginFrame() }},
		"scratch": {scratch, func() { _ = scratch.Reset() }},
		"pool":    {pooled, func() {}},
	} {
		round := func() {
			b, c := g.mem.Allocate(1000), g.mem.Allocate(64)
			b = g.mem.Reallocate(5000, b)
			g.mem.Free(c)
			g.mem.Free(b)
			g.next()
		}
		for range 10 {
			round()
		}
		if n := testing.AllocsPerRun(100, round); n != 0 {
			t.Errorf("%s: %v heap allocations a round, want 0", name, n)
		}
	}
}

func BenchmarkPipeline(b *testing.B) {
	alloc := newAllocator(b, framealloc.Config{})
	alloc.BeginFrame()
	scratch := arrowmem.NewScratch(alloc, "arrow")
	for _, g := range []struct {
		name string
		mem  memory.Allocator
		next func()
	}{
		{"GoAllocator", memory.NewGoAllocator(), func() {}},
		{"frame", arrowmem.New(bytealloc.FromWorker(alloc.Main())), func() { alloc.EndFrame(); alloc.BeginFrame() }},
		{"scratch", scratch, func() { _ = scratch.Reset() }},
		{"pool", arrowmem.New(bytealloc.FromPool(alloc.NewWorker("pool"))), func() {}},
	} {
		b.Run(g.name, func(b *testing.B) {
			p := pipeline{rows: 10_000}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.run(g.mem); err != nil {
					b.Fatal(err)
				}
				g.next()
			}
		})
	}
}
