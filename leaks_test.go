package framealloc

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

type foe struct {
	_ int
	_ *foe
}

func leaking(t *testing.T, c Config) (*Allocator, *diag.Collector) {
	t.Helper()
	reports := diag.NewCollector(t)
	c.Modes |= ModeLeaks
	c.Reporter = reports.Reporter()
	return NewAllocator(c), reports
}

func TestLeaksByPlace(t *testing.T) {
	a, reports := leaking(t, Config{})
	early := PoolGet[foe](a) // before any frame
	var kept []*foe
	for i := range 5 {
		a.Frame(func(f *Frame) {
			defer f.Tag("spawn")()
			for range 3 {
				kept = append(kept, PoolGet[foe](f)) // three a frame
			}
			PoolPut(f, kept[i*3])
			PoolPut(f, PoolGet[foe](f))
		})
	}
	buffer := BytesGet(a, 100)
	BytesPut(a, BytesGet(a, 100))
	box := PoolBox[foe](a)
	PoolBox[foe](a).Free()
	group := NewScratch(a, "level 1")
	Bytes(group.Frame(), 1000)
	group.Stats()
	NewScratch(a, "level 2").Free()
	a.Scratch("named") // lives as long as the worker
	texture := Track(a, "texture", "stone.png", 4096)
	Track(a, "texture", "wood.png", 4096).Release()

	r := a.Leaks()
	if r.Objects != 15 || r.Bytes != 11*foeSize+128+boxSize()+1000+4096 {
		t.Errorf("%d objects of %d bytes: %v", r.Objects, r.Bytes, r)
	}
	want := map[string]string{
		"texture stone.png":                   "1 of 4096, frames 5 to 5, tag ",
		"scratch level 1":                     "1 of 1000, frames 5 to 5, tag ",
		"buffer up to 128 bytes":              "1 of 128, frames 5 to 5, tag ",
		"pool framealloc.foe":                 "",
		"pool framealloc.Box[framealloc.foe]": fmt.Sprintf("1 of %d, frames 5 to 5, tag ", boxSize()),
	}
	tagged := 0
	for _, s := range r.Sites {
		text, ok := want[s.what()]
		got := fmt.Sprintf("%d of %d, frames %d to %d, tag %s", s.Objects, s.Bytes, s.FirstFrame, s.LastFrame, s.Tag)
		switch {
		case s.what() == "pool framealloc.foe":
			if s.Tag == "spawn" {
				text = fmt.Sprintf("10 of %d, frames 1 to 5, tag spawn", 10*foeSize)
				tagged++
			} else {
				text = fmt.Sprintf("1 of %d, frames 0 to 0, tag ", foeSize)
			}
		case !ok:
			t.Errorf("%s should not be there", s.what())
		}
		if got != text {
			t.Errorf("%s: %s, want %s", s.what(), got, text)
		}
		if !strings.HasSuffix(s.File, "leaks_test.go") || s.Line == 0 || !strings.Contains(s.Function, "TestLeaksByPlace") || len(s.Stack) == 0 {
			t.Errorf("%+v", s)
		}
	}
	if len(r.Sites) != 6 || tagged != 1 {
		t.Errorf("%d places: %v", len(r.Sites), r)
	}
	if text := r.String(); !strings.Contains(text, "not given back: 15 objects") || !strings.Contains(text, fmt.Sprintf("10 of %10d B  ", 10*foeSize)) || !strings.Contains(text, "pool framealloc.foe, tag spawn, frames 1 to 5") {
		t.Error(text)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}

	// Give back all but the tagged ones.
	PoolPut(a, early)
	BytesPut(a, buffer)
	box.Free()
	group.Free()
	texture.Release()
	texture.Release() // does nothing
	if r := a.Leaks(); len(r.Sites) != 1 || r.Objects != 10 {
		t.Errorf("%v", r)
	}
	reports.RequireNone()
	a.Close()
	reports.Require(diag.FA609)
	ds := reports.Diagnostics()
	if d := ds[0]; len(ds) != 1 || d.Message != fmt.Sprintf("10 objects of %d bytes (pool framealloc.foe) were never given back", 10*foeSize) || d.Tag != "spawn" ||
		!strings.Contains(d.Caller, "leaks_test.go:") || !strings.Contains(d.Note, "taken in frames 1 to 5") {
		t.Errorf("%+v: %s", ds, ds[0].Note)
	}
}

const foeSize = int(unsafe.Sizeof(foe{}))

func boxSize() int { k := boxKind[foe](); return k.size }

// TestLeaksGrowth compares two moments.
func TestLeaksGrowth(t *testing.T) {
	a, _ := leaking(t, Config{})
	take := func(n int) {
		for range n {
			PoolGet[foe](a)
		}
	}
	world := PoolGet[[100]int](a)
	take(3)
	before := a.Leaks()
	take(4)
	BytesGet(a, 16)
	grown := a.Leaks().Since(before)
	if grown.Objects != 5 || grown.Bytes != 4*foeSize+16 || len(grown.Sites) != 2 || grown.Sites[0].Objects != 4 {
		t.Errorf("%v", grown)
	}
	if same := a.Leaks().Since(a.Leaks()); same.Objects != 0 || len(same.Sites) != 0 || same.String() != "not given back: 0 objects, 0 bytes\n" {
		t.Errorf("%v", same)
	}
	PoolPut(a, world)
	a.leaks.switchTo(false)
	a.Close()
}

// TestLeaksOnAndOff switches the mode while objects are out.
func TestLeaksOnAndOff(t *testing.T) {
	reports := diag.NewCollector(t)
	a := NewAllocator(Config{Reporter: reports.Reporter()})
	unknown := PoolGet[foe](a)
	a.Frame(func(f *Frame) { PoolGet[foe](f) })
	if r := a.Leaks(); r.Objects != 0 || r.Sites == nil || Track(a, "x", "y", 1) != (Tracked{}) {
		t.Errorf("without the mode: %v", r)
	}
	a.SetModes(ModeLeaks)
	a.Frame(func(f *Frame) {
		PoolPut(f, unknown) // it is no leak, and no mistake
		PoolGet[foe](f)
	})
	a.SetModes(ModeLeaks | ModeDebug)
	if r := a.Leaks(); r.Objects != 1 {
		t.Errorf("with the mode: %v", r)
	}
	a.SetModes(0)
	a.Frame(func(f *Frame) { PoolGet[foe](f) })
	if r := a.Leaks(); r.Objects != 0 {
		t.Errorf("switched off: %v", r)
	}
	p := PoolOf[foe](a)
	PoolPut(a, PoolGet[foe](a))
	if p.hidden {
		t.Error("the pool still takes its slow path")
	}
	a.Close()
	reports.RequireNone()
}

// TestLeaksOfFreedElsewhere frees on other goroutines, and where the owner's
// queue refuses.
func TestLeaksOfFreedElsewhere(t *testing.T) {
	a, reports := leaking(t, Config{Deferred: DeferredConfig{Capacity: 2, Policy: FailWhenFull}})
	var boxes []Box[foe]
	for range 3 {
		boxes = append(boxes, PoolBox[foe](a))
	}
	var refused int
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, b := range boxes {
			if b.TryFreeFrom(nil) != nil {
				refused++
			}
		}
	}()
	<-done
	if r := a.Leaks(); refused != 1 || r.Objects != 1 {
		t.Errorf("%d refused: %v", refused, r)
	}
	a.Frame(func(*Frame) {})
	boxes[2].Free()
	if r := a.Leaks(); r.Objects != 0 {
		t.Errorf("%v", r)
	}
	w := a.NewWorker("other") // takes in what the main worker took out
	x := PoolGet[foe](a)
	PoolPut(w, x)
	a.Frame(func(f *Frame) {
		Parallel(f, 2, func(f *Frame, i int) { PoolPut(f, PoolGet[foe](f)) })
	})
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	a.Close()
	for _, d := range reports.Diagnostics() {
		if d.Code != diag.FA204 {
			t.Errorf("%v", d)
		}
	}
}

// TestLeaksModel takes and gives back at random, on several workers, beside a
// plain count.
func TestLeaksModel(t *testing.T) {
	for _, modes := range []Modes{ModeLeaks, ModeLeaks | ModeDebug} {
		a, _ := leaking(t, Config{Modes: modes})
		var wg sync.WaitGroup
		var mu sync.Mutex
		left := 0
		for seed := range uint64(4) {
			wg.Go(func() {
				w := a.NewWorker(fmt.Sprint("w", seed))
				rnd := rand.New(rand.NewPCG(seed, 1))
				var foes []*foe
				var buffers [][]byte
				var tracked []Tracked
				for range 500 {
					switch i := rnd.IntN(6); {
					case i == 0:
						foes = append(foes, PoolGet[foe](w))
					case i == 1:
						buffers = append(buffers, BytesGet(w, rnd.IntN(300)))
					case i == 2:
						tracked = append(tracked, Track(w, "sound", "bang", 10))
					case i == 3 && len(foes) > 0:
						PoolPut(w, foes[0])
						foes = foes[1:]
					case i == 4 && len(buffers) > 0:
						BytesPut(w, buffers[0])
						buffers = buffers[1:]
					case i == 5 && len(tracked) > 0:
						tracked[0].Release()
						tracked = tracked[1:]
					}
				}
				mu.Lock()
				left += len(foes) + len(buffers) + len(tracked)
				mu.Unlock()
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if r := a.Leaks(); r.Objects != left {
			t.Errorf("%v, want %d objects", r, left)
		}
		a.leaks.switchTo(false)
		a.Close()
	}
}

func TestRequireNoLeaks(t *testing.T) {
	RequireNoLeaks(t, func(f *Frame) { PoolPut(f, PoolGet[foe](f)) })
	RequireNoLeaks(t, func(a *Allocator) {
		b := PoolBox[foe](a)
		a.Frame(func(*Frame) {})
		b.Free()
	})
	var tb silentTB
	RequireNoLeaks(&tb, func(f *Frame) { PoolGet[foe](f) })
	RequireNoLeaks(&tb, func(a *Allocator) { NewScratch(a, "x") })
	if len(tb.failures) != 2 || !strings.Contains(tb.failures[0], "FA609") || !strings.Contains(tb.failures[0], "pool framealloc.foe") ||
		!strings.Contains(tb.failures[0], "leaks_test.go:") || !strings.Contains(tb.failures[1], "scratch x") {
		t.Errorf("%q", tb.failures)
	}
}

func BenchmarkPoolLeaksMode(b *testing.B) {
	for _, m := range []Modes{0, ModeLeaks} {
		b.Run(m.String(), func(b *testing.B) {
			a := NewAllocator(Config{Modes: m})
			defer a.Close()
			for b.Loop() {
				PoolPut(a, PoolGet[foe](a))
			}
		})
	}
}
