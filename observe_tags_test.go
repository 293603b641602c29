package framealloc

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tagLog collects what the Tag hook tells.
type tagLog []TagFrame

func (l *tagLog) hooks() Hooks {
	return Hooks{Tag: func(e TagFrame) { *l = append(*l, e) }}
}

// lines are the events without their contents; it forgets them.
func (l *tagLog) lines() string {
	var b strings.Builder
	for _, e := range *l {
		fmt.Fprintf(&b, "%s %d %q: %d/%d pool +%d-%d %d heap %d/%d\n", e.Worker, e.Frame, e.Path,
			e.Bytes, e.Allocations, e.PoolGets, e.PoolPuts, e.PoolBytes, e.HeapBytes, e.HeapAllocations)
	}
	*l = (*l)[:0]
	return b.String()
}

func TestObserversSeeTags(t *testing.T) {
	c, _ := quiet(t)
	a := NewAllocator(c)
	defer a.Close()
	var log tagLog
	check := func(name, want string) {
		t.Helper()
		if got := log.lines(); got != want {
			t.Errorf("%s:\n%swant\n%s", name, got, want)
		}
	}
	before := PoolGet[plain](a)
	a.Frame(func(f *Frame) { New[plain](f) }) // nobody looks
	stop := a.Observe(log.hooks())

	a.Frame(func(f *Frame) { New[plain](f); HeapNew[plain](f) })
	check("without tags", "main 2 \"\": 32/1 pool +0-0 0 heap 32/1\n")

	a.Frame(func(f *Frame) {
		f.WithTag("ai", func() {
			New[plain](f)
			f.WithTag("path", func() { Slice[plain](f, 2); HeapSlice[plain](f, 2) })
			p := PoolGet[plain](f)
			PoolPut(f, p)
			PoolPut(f, before)
		})
		f.WithTag("idle", func() {})
	})
	check("with tags", "main 3 \"ai\": 32/1 pool +1-2 32 heap 0/0\n"+
		"main 3 \"ai/path\": 64/1 pool +0-0 0 heap 64/1\n"+
		"main 3 \"idle\": 0/0 pool +0-0 0 heap 0/0\n")

	f := a.BeginFrame()
	f.WithTag("hits", func() { Retain[plain](f, ToHeap); Retain[plain](f, ToPool) })
	a.EndFrameWithSummary()
	check("promotions are not the tag's heap intent", "main 4 \"hits\": 64/2 pool +0-0 0 heap 0/0\n"+
		"main 4 \"\": 0/0 pool +1-0 32 heap 0/0\n")

	a.Frame(func(f *Frame) {
		defer f.Tag("jobs")()
		Parallel(f, 4, func(f *Frame, i int) {
			defer f.Tag("job")()
			New[plain](f)
			HeapNew[plain](f)
		})
	})
	check("forks", "main 5 \"jobs\": 0/0 pool +0-0 0 heap 0/0\n"+
		"main 5 \"jobs/job\": 128/4 pool +0-0 0 heap 128/4\n")
	stop()
	a.Frame(func(f *Frame) { New[plain](f) })
	check("after stop", "")
}

func TestSpilledBytesAreHeapOfTheirTag(t *testing.T) {
	a := NewAllocator(Config{MaxFrameBytes: 64, Exhaustion: Promote})
	defer a.Close()
	var log tagLog
	defer a.Observe(log.hooks())()
	a.Frame(func(f *Frame) {
		New[plain](f)
		f.WithTag("big", func() { Slice[plain](f, 10) })
	})
	want := "main 1 \"\": 32/1 pool +0-0 0 heap 0/0\nmain 1 \"big\": 0/0 pool +0-0 0 heap 320/1\n"
	if got := log.lines(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestTagContents runs the same frame over and over, changed a little each time,
// and compares the contents with those of the frame before.
func TestTagContents(t *testing.T) {
	const large = 40 * KiB // int64s: more than is looked at whole
	fill := func(s []int64, from int64) {
		for i := range s {
			s[i] = from + int64(i)
		}
	}
	twice := func(f *Frame, n int, first, second int64) {
		f.WithTag("a", func() { fill(Slice[int64](f, n), first) })
		f.WithTag("b", func() { fill(Slice[int64](f, 10), 99) })
		f.WithTag("a", func() { fill(Slice[int64](f, n), second) })
	}
	for _, c := range []struct {
		name        string
		run         func(f *Frame, i int64)
		known, same bool
	}{
		{"equal", func(f *Frame, i int64) { twice(f, 100, 1, 2) }, true, true},
		{"the first scope differs", func(f *Frame, i int64) { twice(f, 100, i, 2) }, true, false},
		{"the second scope differs", func(f *Frame, i int64) { twice(f, 100, 1, i) }, true, false},
		{"large and equal", func(f *Frame, i int64) { twice(f, large, 1, 2) }, true, true},
		{"large and different", func(f *Frame, i int64) { twice(f, large, i, 2) }, true, false},
		{"large and different at its end", func(f *Frame, i int64) {
			f.WithTag("a", func() {
				s := Slice[int64](f, large)
				fill(s, 1)
				s[large-1] = -i
			})
		}, true, false},
		{"large and mostly zero", func(f *Frame, i int64) {
			f.WithTag("a", func() { Slice[int64](f, large)[3] = i })
		}, true, false},
		{"filled after the scope", func(f *Frame, i int64) {
			var s []int64
			f.WithTag("a", func() { s = Slice[int64](f, 100) })
			f.WithTag("b", func() { New[int64](f) })
			fill(s, i)
		}, true, false},
		{"another tag differs", func(f *Frame, i int64) {
			f.WithTag("a", func() {
				fill(Slice[int64](f, 100), 7)
				f.WithTag("in", func() { fill(Slice[int64](f, 100), i) })
			})
		}, true, true},
		{"never written", func(f *Frame, i int64) { f.WithTag("a", func() { Slice[int64](f, 100) }) }, false, false},
		{"mostly with pointers", func(f *Frame, i int64) {
			f.WithTag("a", func() { fill(Slice[int64](f, 10), 1); Slice[linked](f, 10) })
		}, false, false},
		{"a little with pointers", func(f *Frame, i int64) {
			f.WithTag("a", func() { fill(Slice[int64](f, 1000), 1); Slice[linked](f, 10) })
		}, true, true},
		{"given back", func(f *Frame, i int64) {
			f.WithTag("a", func() {
				fill(Slice[int64](f, 100), 1)
				f.Sub(func(f *Frame) { New[plain](f) })
			})
		}, false, false},
		{"in very many scopes", func(f *Frame, i int64) {
			for range maxSpans {
				twice(f, 1, 1, 1)
			}
		}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := NewAllocator(Config{ChunkSize: 2 * MiB})
			defer a.Close()
			var seen []TagFrame
			defer a.Observe(Hooks{TagContents: 2, Tag: func(e TagFrame) {
				if e.Path == "a" {
					seen = append(seen, e)
				}
			}})()
			for i := range int64(8) {
				a.Frame(func(f *Frame) { c.run(f, i+1000) })
			}
			for i, e := range seen {
				switch odd := e.Frame%2 == 1; {
				case odd && e.ContentsKnown:
					t.Errorf("frame %d was looked at", e.Frame)
				case odd:
				case e.ContentsKnown != c.known:
					t.Errorf("frame %d: contents known: %v, want %v", e.Frame, e.ContentsKnown, c.known)
				case c.known && i >= 2 && (e.Contents == seen[i-2].Contents) != c.same:
					t.Errorf("frame %d: equal contents: %v, want %v", e.Frame, !c.same, c.same)
				}
			}
			if len(seen) != 8 {
				t.Errorf("%d frames seen", len(seen))
			}
		})
	}
}

func TestObserversSeeSomeIntentsInSomeFrames(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	var log []string
	defer a.Observe(Hooks{
		AllocIntents: []Intent{IntentPool, IntentHeap}, AllocEvery: 3,
		Alloc: func(e Alloc) { log = append(log, fmt.Sprintf("%d %v %v", e.Frame, e.Intent, e.Object != 0)) },
		Free:  func(e Free) { log = append(log, fmt.Sprintf("%d free %v", e.Frame, e.Object != 0)) },
	})()
	frame := func(f *Frame) {
		New[plain](f)
		if f.forked == nil && f.w.seen.has(IntentFrame) {
			t.Error("frame memory is watched")
		}
		HeapNew[plain](f)
		PoolPut(f, PoolGet[plain](f))
		x := Retain[plain](f, Discard) // the library's own pool objects are nobody's business
		_ = x
	}
	for i := range 7 {
		a.Frame(func(f *Frame) {
			if i%2 == 0 {
				frame(f)
				return
			}
			c := f.Fork()
			frame(c)
			c.Join()
		})
	}
	want := []string{
		"3 heap false", "3 pool true", "3 free true",
		"6 heap false", "6 pool true", "6 free true",
	}
	if !slices.Equal(log, want) {
		t.Errorf("seen:\n%s\nwant\n%s", strings.Join(log, "\n"), strings.Join(want, "\n"))
	}
}

func TestFreeKnowsTheObject(t *testing.T) {
	for _, debug := range []bool{false, true} {
		a := NewAllocator(Config{Debug: debug})
		var got, put []uintptr
		defer a.Observe(Hooks{
			Alloc: func(e Alloc) { got = append(got, e.Object) },
			Free:  func(e Free) { put = append(put, e.Object) },
		})()
		a.Frame(func(f *Frame) {
			x, y := PoolGet[plain](f), PoolGet[plain](f)
			b := PoolBox[linked](f)
			s := BytesGet(f, 100)
			PoolPut(f, x)
			PoolPut(f, y)
			b.Free()
			BytesPut(f, s)
		})
		if len(got) != 4 || !slices.Equal(got, put) || slices.Contains(got, 0) {
			t.Errorf("debug %v: objects taken %x, put %x", debug, got, put)
		}
		a.Close()
	}
}

func TestObservingTagsAllocatesNothing(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	n := 0
	defer a.Observe(Hooks{
		Tag: func(TagFrame) { n++ }, TagContents: 2,
		Alloc: func(Alloc) { n++ }, Free: func(Free) { n++ }, AllocEvery: 2, AllocIntents: []Intent{IntentPool},
	})()
	frame := func() {
		f := a.BeginFrame()
		defer f.Tag("a")()
		*New[int](f) = 7
		PoolPut(f, PoolGet[plain](f))
		a.EndFrame()
	}
	for range 10 {
		frame()
	}
	if got := testing.AllocsPerRun(100, frame); got != 0 {
		t.Errorf("%v heap allocations an observed frame, want 0", got)
	}
	if n == 0 {
		t.Error("nothing was observed")
	}
}

// TestContentsBesideARun looks at contents while runs of types without pointers
// hold windows, which are given back when they close.
func TestContentsBesideARun(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	known := 0
	a.Observe(Hooks{TagContents: 1, Tag: func(e TagFrame) {
		if e.ContentsKnown {
			known++
		}
	}})
	for range 3 {
		f := a.BeginFrame()
		for _, tag := range []string{"a", "b", "c"} {
			f.WithTag(tag, func() { ArenaOf[plain](f).New().a = [4]int64{1, 2, 3, 4} })
			f.Checkpoint() // closes the windows
		}
		a.EndFrame()
	}
	if known != 9 {
		t.Errorf("the contents of %d tags were known, want 9", known)
	}
}
