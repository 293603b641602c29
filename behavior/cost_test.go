package behavior

import (
	"fmt"
	"testing"

	"github.com/framealloc/framealloc"
)

type item struct{ a [4]int64 }

// busy is a frame of 1,000 allocations of all intents in a few tags.
func busy(f *framealloc.Frame) {
	for t := range 5 {
		defer f.Tag(tagNames[t])()
		for i := range 180 {
			framealloc.New[item](f).a[0] = int64(i)
		}
		for range 20 {
			framealloc.PoolPut(f, framealloc.PoolGet[item](f))
		}
	}
}

var tagNames = [...]string{"a", "b", "c", "d", "e"}

// TestMemoryIsBoundedByTags lets a million allocations pass and looks at what the
// filter has kept of them.
func TestMemoryIsBoundedByTags(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	f := Watch(alloc, Options{PoolEvery: 1, ContentsEvery: 1})
	defer f.Stop()
	for range 200 {
		alloc.Frame(busy)
	}
	allocations := testing.AllocsPerRun(1000, func() { alloc.Frame(busy) })
	if allocations != 0 {
		t.Errorf("%v heap allocations in a frame that is watched, want 0", allocations)
	}
	if s := alloc.Stats(); s.Frame.Allocations+s.Pool.Allocations < 1_000_000 {
		t.Fatalf("only %d + %d allocations", s.Frame.Allocations, s.Pool.Allocations)
	}
	if len(f.workers) != 1 {
		t.Fatalf("%d workers", len(f.workers))
	}
	w := f.workers["main"]
	if len(w.tags) != len(tagNames) {
		t.Errorf("%d tags are kept, want %d", len(w.tags), len(tagNames))
	}
	for _, x := range w.tags {
		if n := cap(x.pool.sites) + cap(x.heap.sites); n > 2*maxSites {
			t.Errorf("tag %q keeps %d lines", x.path, n)
		}
	}
}

func TestManyWorkersCountAsOne(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	f := Watch(alloc, Options{Thresholds: Strict(), PoolEvery: 1})
	defer f.Stop()
	for i := range 3 * maxWorkers {
		w := alloc.NewWorker(fmt.Sprint("job ", i))
		for range 15 {
			w.Frame(func(f *framealloc.Frame) { framealloc.HeapNew[item](f) })
		}
		w.Close()
	}
	if len(f.workers) != maxWorkers+1 {
		t.Errorf("%d workers are kept, want %d", len(f.workers), maxWorkers+1)
	}
	r := f.Report()
	if len(r.Findings) != 1 || r.Findings[0].Worker != otherWorkers {
		t.Errorf("%d findings, want one: together the others ran long enough\n%s", len(r.Findings), r)
	}
}

// TestLinesAreBounded takes pool objects at more lines than are told apart.
func TestLinesAreBounded(t *testing.T) {
	var s sites
	for i := range 20 {
		got := s.at(uintptr(i+1), "t", 8)
		if (got != nil) != (i < maxSites) {
			t.Errorf("line %d: %v", i, got)
		}
	}
	first := &s[0]
	s.at(1, "t", 8)
	if first.count != 2 || first.bytes != 16 || &s[0] != first {
		t.Errorf("the first line: %+v", *first)
	}
	s.at(1, "other type", 100)
	if s[0].count != 2 {
		t.Error("a line counts for two types as one")
	}
}

// TestFollowerKeepsThoseWhoCameFirst fills all slots with objects that stay: what
// comes and goes meanwhile must not make them look as if they had not been.
func TestFollowerKeepsThoseWhoCameFirst(t *testing.T) {
	var f follower
	stay, go_ := &site{}, &site{}
	for i := range uintptr(10_000) {
		f.taken(0x1000+i*64, 1, stay)
		f.taken(0x9000000+i*64, 1, go_)
		f.put(0x9000000+i*64, 1)
	}
	if stay.followed == 0 || stay.followed > 256 || stay.sameFrame != 0 {
		t.Errorf("objects that stay: %+v", *stay)
	}
	if go_.followed == 0 || go_.sameFrame != go_.followed {
		t.Errorf("objects that go: %+v", *go_)
	}
	// The next frame begins with all slots free.
	next := &site{}
	f.taken(0x1000, 2, next)
	f.put(0x1000, 3)
	if next.followed != 1 || next.sameFrame != 0 {
		t.Errorf("put back a frame later: %+v", *next)
	}
}

func BenchmarkFrame(b *testing.B) {
	for _, c := range []struct {
		name  string
		watch func(*framealloc.Allocator)
	}{
		{"alone", func(*framealloc.Allocator) {}},
		{"observed", func(a *framealloc.Allocator) { a.Observe(framealloc.Hooks{FrameEnd: func(framealloc.FrameEnd) {}}) }},
		{"sums only", func(a *framealloc.Allocator) { Watch(a, Options{PoolEvery: -1, ContentsEvery: -1}) }},
		{"default", func(a *framealloc.Allocator) { Watch(a, Options{}) }},
		{"every frame", func(a *framealloc.Allocator) { Watch(a, Options{PoolEvery: 1, ContentsEvery: 1}) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			alloc := framealloc.NewAllocator(framealloc.Config{})
			defer alloc.Close()
			c.watch(alloc)
			for range 100 {
				alloc.Frame(busy)
			}
			b.ReportAllocs()
			for b.Loop() {
				alloc.Frame(busy)
			}
		})
	}
}
