package arena

import (
	"errors"
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"
)

const nodeSize = int(unsafe.Sizeof(node{}))

// strictDoor refuses whatever does not fit under the limit.
type strictDoor struct{ spill bool }

var errRefused = errors.New("refused")

func (d *strictDoor) Ask(r Request) Verdict {
	switch {
	case r.Why == Observed:
		return Carve
	case d.spill:
		return Spill
	case r.Try:
		return Refuse
	}
	panic(errRefused)
}

// TestLimitIsExact fills an arena to its limit with every kind of allocation
// in turn and expects all of it, and not a byte more, to fit.
func TestLimitIsExact(t *testing.T) {
	const limit = 100 * 1024
	kinds := map[string]func(a *Arena) (ok bool, size int){
		"pointer-free": func(a *Arena) (bool, int) { return Bump[cell](a, Slow) != nil, 64 },
		"word":         func(a *Arena) (bool, int) { return Bump[uint64](a, Slow) != nil, 8 },
		"pointers":     func(a *Arena) (bool, int) { return Bump[node](a, Slow) != nil, nodeSize },
		"slice":        func(a *Arena) (bool, int) { return Slice[uint64](a, 4, 4, true) != nil, 32 },
		"typed slice":  func(a *Arena) (bool, int) { return Slice[node](a, 2, 2, true) != nil, 2 * nodeSize },
		"handle":       func(a *Arena) (bool, int) { return TypedOf[node](a).New() != nil, nodeSize },
		"raw handle":   func(a *Arena) (bool, int) { return TypedOf[cell](a).New() != nil, 64 },
	}
	run := func(t *testing.T, each ...func(a *Arena) (bool, int)) {
		var a Arena
		a.Init(Config{Chunk: 1 << 10}, &strictDoor{})
		for frame := range 3 {
			a.SetLimit(limit)
			a.Open()
			a.Try(true)
			used, refused := 0, 0
			for i := 0; refused < len(each); i++ {
				ok, size := each[i%len(each)](&a)
				if ok {
					used += size
					refused = 0
				} else {
					refused++
					if used+size <= limit {
						t.Fatalf("frame %d: refused %d bytes with %d of %d in use", frame, size, used, limit)
					}
				}
				if used > limit {
					t.Fatalf("frame %d: %d bytes in use under a limit of %d", frame, used, limit)
				}
			}
			if a.Used() != used {
				t.Errorf("frame %d: Used() = %d, want %d", frame, a.Used(), used)
			}
			a.Close()
			a.Reset()
		}
	}
	var all []func(a *Arena) (bool, int)
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) { run(t, kind) })
		all = append(all, kind)
	}
	t.Run("all in turn", func(t *testing.T) { run(t, all...) })
}

func TestShutArenaAsks(t *testing.T) {
	var a Arena
	a.Init(Config{}, &strictDoor{})
	a.Open()
	h := TypedOf[cell](&a)
	h.New()
	Bump[node](&a, Slow)
	Bump[uint64](&a, Slow)
	a.Close()
	a.Reset()
	for name, alloc := range map[string]func(){
		"value":       func() { Bump[cell](&a, Slow) },
		"pointers":    func() { Bump[node](&a, Slow) },
		"zero size":   func() { Bump[struct{}](&a, Slow) },
		"slice":       func() { Slice[int](&a, 3, 3, true) },
		"empty slice": func() { Slice[int](&a, 0, 0, true) },
		"bytes":       func() { Bytes(&a, 10, 64) },
		"handle":      func() { h.New() },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() != errRefused {
					t.Error("the door was not asked")
				}
				if a.Used() != 0 || a.Count() != 0 {
					t.Errorf("refused, but Used() = %d, Count() = %d", a.Used(), a.Count())
				}
			}()
			alloc()
		})
	}
}

func TestSpill(t *testing.T) {
	var a Arena
	a.Init(Config{}, &strictDoor{spill: true})
	a.SetLimit(64)
	a.Open()
	for range 100 {
		p, q, s := Bump[cell](&a, Slow), Bump[named](&a, Slow), Slice[node](&a, 5, 5, true)
		if *p != (cell{}) || *q != (named{}) || len(s) != 5 {
			t.Fatal("spilled memory is not zero")
		}
		p.a[7], q.self = 1, q
	}
	if a.Used() > 64 {
		t.Errorf("Used() = %d over a limit of 64 that spills", a.Used())
	}
}

// TestSteadyState expects that frames of equal needs stop asking for memory.
func TestSteadyState(t *testing.T) {
	var a Arena
	a.Init(Config{Chunk: 1 << 10}, &strictDoor{})
	frame := func() {
		a.Open()
		for range 500 {
			Bump[cell](&a, Slow)
			Bump[named](&a, Slow)
			m := a.Mark()
			Slice[node](&a, 20, 20, true)
			a.Rollback(m)
			a.Commit(m)
			TypedOf[node](&a).New()
		}
		Slice[byte](&a, 100_000, 100_000, false)
		a.Close()
		a.Reset()
	}
	for range 3 {
		frame()
	}
	if len(a.chunks) != 1 {
		t.Errorf("%d chunks in the steady state, want 1", len(a.chunks))
	}
	if n := testing.AllocsPerRun(50, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
}

// TestHandlesDoNotGrowSlabs takes about as much from a handle in each frame as
// its last windows would round up beyond the slab.
func TestHandlesDoNotGrowSlabs(t *testing.T) {
	for n := 10; n < 3000; n += 37 {
		var a Arena
		a.Init(Config{}, &strictDoor{})
		for frame := range 8 {
			a.Open()
			h := TypedOf[node](&a)
			for range n {
				h.New()
			}
			a.Close()
			if frame > 3 && a.Grown() > 0 {
				t.Fatalf("%d values a frame: the slab still grows in frame %d", n, frame)
			}
			a.Reset()
		}
	}
}

func TestShrink(t *testing.T) {
	var a Arena
	a.Init(Config{Chunk: 4 << 10, ShrinkAfter: 5}, &strictDoor{})
	fill := func(n int) {
		a.Open()
		Slice[byte](&a, n, n, true)
		Slice[node](&a, n/64, n/64, true)
		a.Close()
		a.Reset()
	}
	fill(1 << 20)
	large := a.Capacity()
	for range 4 {
		fill(1 << 10)
	}
	if a.Capacity() != large {
		t.Errorf("shrunk after 4 small frames, want 5")
	}
	fill(1 << 10)
	if a.Capacity() >= large/4 {
		t.Errorf("Capacity() = %d after shrinking from %d", a.Capacity(), large)
	}
	fill(1 << 20) // and it still works
}

// TestReferencesDropped expects that objects which only a slab points to can be
// collected after a reset and after a rollback.
func TestReferencesDropped(t *testing.T) {
	var a Arena
	a.Init(Config{}, &strictDoor{})
	type holder struct{ p *[1 << 10]byte }
	collected := make(chan string, 2)
	hold := func(name string) {
		p := new([1 << 10]byte)
		runtime.AddCleanup(p, func(n string) { collected <- n }, name)
		Bump[holder](&a, Slow).p = p
	}
	a.Open()
	m := a.Mark()
	hold("rollback")
	a.Rollback(m)
	runtime.GC()
	if got := <-collected; got != "rollback" {
		t.Fatalf("%s was collected", got)
	}
	hold("reset")
	a.Close()
	a.Reset()
	runtime.GC()
	<-collected
	a.Open()
	hold("release")
	a.Release()
	runtime.GC()
	<-collected
	runtime.KeepAlive(&a)
}

// TestCollectorStress lets the collector run all the time under frames whose
// only references to ordinary objects are in frame memory.
func TestCollectorStress(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	m := newModel(t, Config{Chunk: 1 << 10})
	for i := range 3000 {
		m.step([]byte{5, 6, 7, 10, 11, 13, 14, 17}[i*7%8], byte(i*13%64))
		if i%200 == 199 {
			runtime.GC()
			m.verify()
			m.a.Close()
			m.a.Reset()
			m.a.Open()
			m.live, m.marks = nil, nil
		}
	}
}

func TestStaleHandleRests(t *testing.T) {
	var a Arena
	a.Init(Config{}, &strictDoor{})
	a.Open()
	h := TypedOf[node](&a)
	first := h.New()
	first.mark = 1
	a.Close()
	a.Reset()
	a.Open()
	if p := h.New(); p.mark != 0 || p.next != nil {
		t.Error("a handle hands out stale memory after a reset")
	}
	if TypedOf[node](&a) != h {
		t.Error("two handles for one type")
	}
}

func TestPrefaultAndAlignment(t *testing.T) {
	var a Arena
	a.Init(Config{Chunk: 1 << 16, Prefault: true}, &strictDoor{})
	if a.Capacity() != 1<<16 {
		t.Errorf("Capacity() = %d before the first frame, want %d", a.Capacity(), 1<<16)
	}
	a.Open()
	for align := 1; align <= 4096; align *= 2 {
		Bump[uint64](&a, Slow)
		b := Bytes(&a, 100, align)
		if uintptr(unsafe.Pointer(&b[0]))%uintptr(align) != 0 {
			t.Errorf("not aligned to %d", align)
		}
	}
}

// The windows of two runs, one in a slab and one in the chunk, must not both count
// on the same bytes.
func TestLimitHoldsBetweenRuns(t *testing.T) {
	a := new(Arena)
	a.Init(Config{}, &strictDoor{})
	a.SetLimit(2048)
	a.Open()
	Bump[node](a, Slow) // a window of what is left
	cells := TypedOf[cell](a)
	cells.New() // a window of nearly all of it
	a.Try(true)
	for Bump[node](a, Slow) != nil {
	}
	for cells.New() != nil {
	}
	if a.Used() > 2048 {
		t.Errorf("%d bytes in use under a limit of 2048", a.Used())
	}
}

// TestPaddingCounts expects what an alignment costs to stay under the limit, too,
// and a request that fits exactly to pass.
func TestPaddingCounts(t *testing.T) {
	for limit := 4096; limit <= 3*4096; limit += 8 {
		var a Arena
		a.Init(Config{Chunk: 1 << 10}, &strictDoor{})
		a.SetLimit(limit)
		a.Open()
		a.Try(true)
		Bump[uint64](&a, Slow)
		TypedOf[node](&a).New()
		b := Bytes(&a, 4096, 4096)
		if a.Used() > limit {
			t.Fatalf("limit %d: %d bytes in use", limit, a.Used())
		}
		if b == nil && limit >= 3*4096-8 {
			t.Fatalf("limit %d: refused with %d bytes in use", limit, a.Used())
		}
		if b != nil && uintptr(unsafe.Pointer(&b[0]))%4096 != 0 {
			t.Fatalf("limit %d: misaligned", limit)
		}
	}
}

// TestSpillIsAligned spills buffers of every alignment.
func TestSpillIsAligned(t *testing.T) {
	var a Arena
	a.Init(Config{}, &strictDoor{spill: true})
	a.SetLimit(8)
	a.Open()
	for align := 1; align <= 4096; align *= 2 {
		for _, n := range []int{16, 100, 1000, 5000} {
			b := Bytes(&a, n, align)
			if len(b) != n || uintptr(unsafe.Pointer(&b[0]))%uintptr(align) != 0 {
				t.Errorf("%d bytes at %d: %d at %p", n, align, len(b), &b[0])
			}
			for i := range b {
				if b[i] != 0 {
					t.Fatalf("%d bytes at %d: not zero", n, align)
				}
				b[i] = 0xff
			}
		}
	}
}

// TestExtendBesideRuns lengthens a slice to the limit while runs hold windows,
// whose rest must not count.
func TestExtendBesideRuns(t *testing.T) {
	const limit = 16 << 10
	var a Arena
	a.Init(Config{}, &strictDoor{})
	a.Reserve((**int)(nil), limit/int(unsafe.Sizeof((*int)(nil))))
	a.SetLimit(limit)
	a.Open()
	TypedOf[node](&a).New()
	raw := Slice[uint64](&a, 1, 1, true)
	TypedOf[*int](&a).New()
	room := (limit - a.Used()) / 8
	raw, ok := Extend(&a, raw, 1+room/2)
	if !ok || cap(raw) != 1+room/2 {
		t.Fatalf("not lengthened with %d bytes left: %d", limit-a.Used(), cap(raw))
	}
	typed := Slice[*int](&a, 1, 1, true)
	TypedOf[node](&a).New()
	room = (limit - a.Used()) / int(unsafe.Sizeof(typed[0]))
	if _, ok = Extend(&a, typed, 1+room); !ok || a.Used() > limit || limit-a.Used() >= 8 {
		t.Fatalf("typed not lengthened to the limit: %d of %d bytes in use", a.Used(), limit)
	}
}
