package handle_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/handle"
)

// allocator returns one whose diagnostics are collected.
func allocator(t *testing.T, c framealloc.Config) (*framealloc.Allocator, *diag.Collector) {
	t.Helper()
	found := diag.NewCollector(t)
	c.Reporter = found.Reporter()
	a := framealloc.NewAllocator(c)
	t.Cleanup(func() { a.Close() })
	return a, found
}

// mustPanic expects a panic with a code, whose text holds the words.
func mustPanic(t *testing.T, code diag.Code, words string, fn func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		if !errors.Is(err, code) || !strings.Contains(fmt.Sprint(err), words) {
			t.Errorf("panics with %v, want %s and %q", err, code, words)
		}
	}()
	fn()
}

func TestValues(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[string](a, handle.Config{})
	h, two := table.New(), table.NewValue("two")
	if *table.Get(h) != "" || *table.Get(two) != "two" || table.Len() != 2 || h == two || h.IsZero() {
		t.Errorf("%q, %q", *table.Get(h), *table.Get(two))
	}
	*table.Get(h) = "one"
	if s, ok := table.Lookup(h); !ok || *s != "one" || !table.Has(h) {
		t.Error("not there")
	}
	if s := table.Slice(h); len(s) != 1 || cap(s) != 1 || s[0] != "one" {
		t.Errorf("a value is the slice %q", s)
	}
	if !table.Free(h) || table.Has(h) || table.Len() != 1 {
		t.Error("not freed")
	}
	if again := table.New(); again == h || table.Has(h) || *table.Get(again) != "" {
		t.Errorf("%v after %v is %q", again, h, *table.Get(again))
	}
	if got := fmt.Sprint(table, " ", two, " ", handle.Handle[int]{}); !strings.HasPrefix(got, `handle table "string" handle `) || !strings.HasSuffix(got, ":2#1 no handle") {
		t.Errorf("%s", got)
	}
}

func TestSlices(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[int](a, handle.Config{Name: "paths"})
	long, empty, behind := table.NewSlice(10), table.NewSlice(0), table.NewSlice(10)
	fill := func(h handle.Handle[int], from int) {
		for i := range table.Slice(h)[from:] {
			table.Slice(h)[from+i] = from + i
		}
	}
	fill(long, 0)
	fill(behind, 0)
	if s, ok := table.LookupSlice(empty); !ok || len(s) != 0 || !table.Has(empty) {
		t.Error("an empty slice is not there")
	}
	if _, ok := table.Lookup(empty); ok {
		t.Error("an empty slice has a value")
	}
	mustPanic(t, diag.FA401, "empty slice", func() { table.Get(empty) })
	if s := append(table.Slice(long), 99); table.Slice(behind)[0] == 99 || len(s) != 11 {
		t.Error("append wrote to what is behind")
	}
	for _, n := range []int{12, 40, 7, 0, 3, 5000} {
		before := slices.Clone(table.Slice(long))
		if s := table.Resize(long, n); len(s) != n || cap(s) != n {
			t.Fatalf("%d long", len(s))
		}
		for i, v := range table.Slice(long) {
			if i < len(before) && v != before[i] || i >= len(before) && v != 0 {
				t.Fatalf("resized from %d to %d: %d is %d", len(before), n, i, v)
			}
		}
		fill(long, 0)
	}
	for i, v := range table.Slice(behind) {
		if v != i {
			t.Errorf("%d of the other slice is %d", i, v)
		}
	}
	var seen []int
	for h, s := range table.Slices() {
		if !table.Has(h) {
			t.Error("it is not there")
		}
		seen = append(seen, len(s))
	}
	if slices.Sort(seen); !slices.Equal(seen, []int{0, 10, 5000}) {
		t.Errorf("seen %v", seen)
	}
	n := 0
	for _, v := range table.All() {
		n++
		*v = 1
	}
	for range table.All() {
		break
	}
	for range table.Slices() {
		break
	}
	if n != 2 {
		t.Errorf("%d values seen", n)
	}
}

func TestMisuse(t *testing.T) {
	a, found := allocator(t, framealloc.Config{})
	table, other := handle.NewTable[int64](a, handle.Config{Name: "units"}), handle.NewTable[int64](a, handle.Config{})
	h, foreign := table.New(), other.New()
	gone := table.New()
	table.Free(gone)
	for _, c := range []struct {
		h     handle.Handle[int64]
		words string
	}{
		{gone, "was freed"}, {foreign, "belongs to another"}, {handle.Handle[int64]{}, "zero handle"},
	} {
		if _, ok := table.Lookup(c.h); ok || table.Has(c.h) {
			t.Errorf("%v is there", c.h)
		}
		if _, ok := table.LookupSlice(c.h); ok {
			t.Errorf("%v is there", c.h)
		}
		mustPanic(t, diag.FA401, c.words, func() { table.Get(c.h) })
		mustPanic(t, diag.FA401, c.words, func() { table.Slice(c.h) })
		mustPanic(t, diag.FA401, c.words, func() { table.Pin(c.h) })
		mustPanic(t, diag.FA401, c.words, func() { table.Resize(c.h, 2) })
		if _, err := table.TryResize(c.h, 2); !errors.Is(err, diag.FA401) {
			t.Errorf("resized: %v", err)
		}
		found.Reset()
		if table.Free(c.h) || table.Unpin(c.h) {
			t.Errorf("%v freed or unpinned", c.h)
		}
		if d := found.Diagnostics(); len(d) != 2 || d[0].Code != diag.FA401 || !strings.Contains(d[0].Message, c.words) || !strings.Contains(d[1].Message, c.words) {
			t.Errorf("reported %v", d)
		}
	}
	found.Reset()
	if table.Unpin(h) || len(found.Diagnostics()) != 1 || !strings.Contains(found.Diagnostics()[0].Message, "has no pin") {
		t.Errorf("reported %v", found.Diagnostics())
	}
	mustPanic(t, diag.FA003, "-1 values asked", func() { table.NewSlice(-1) })
	mustPanic(t, diag.FA003, "resized to -1", func() { table.Resize(h, -1) })
	if _, err := table.TryNewSlice(math.MaxInt); !errors.Is(err, diag.FA003) || !strings.Contains(err.Error(), fmt.Sprintf("no room for %d values of 8 bytes", math.MaxInt)) {
		t.Errorf("a slice of all memory: %v", err)
	}
	mustPanic(t, diag.FA003, "limit of -1", func() { handle.NewTable[int](a, handle.Config{Limit: -1}) })
	mustPanic(t, diag.FA003, "-2 values reserved", func() { handle.NewTable[int](a, handle.Config{Reserve: -2}) })
	mustPanic(t, diag.FA003, "no room", func() { handle.NewTable[int64](a, handle.Config{Reserve: 3, Limit: 16}) })
	if table.Len() != 1 || !table.Has(h) {
		t.Error("what is there was touched")
	}
}

func TestLimit(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[int64](a, handle.Config{Limit: 10 * 8, Reserve: 2})
	var all []handle.Handle[int64]
	for {
		h, err := table.TryNew()
		if err != nil {
			if !errors.Is(err, diag.FA003) || !strings.Contains(err.Error(), "80 bytes of 80 are in use") {
				t.Errorf("%v", err)
			}
			break
		}
		all = append(all, h)
	}
	if len(all) != 10 {
		t.Fatalf("%d values of 8 bytes in 80", len(all))
	}
	mustPanic(t, diag.FA003, "no room for a value of 8 bytes", func() { table.New() })
	mustPanic(t, diag.FA003, "no room for a value of 8 bytes", func() { table.NewValue(1) })
	if _, err := table.TryNewValue(1); !errors.Is(err, diag.FA003) {
		t.Errorf("%v", err)
	}
	if _, err := table.TryResize(all[0], 2); !errors.Is(err, diag.FA003) {
		t.Errorf("%v", err)
	}
	for i := range 10 {
		if i%2 == 0 {
			table.Free(all[i])
		}
	}
	_, err := table.TryNewSlice(5)
	var e *diag.Error
	if !errors.As(err, &e) || !strings.Contains(e.Help, "Compact") {
		t.Errorf("with %+v: %v", table.Stats(), err)
	}
	if f := table.Stats().Fragmentation(); f < 0.7 {
		t.Errorf("fragmentation %v of %+v", f, table.Stats())
	}
	for table.Compact(0) > 0 {
	}
	if st := table.Stats(); st.LargestFree == 0 || st.Used != 40 || st.Capacity > 80 {
		t.Errorf("%+v", st)
	}
	if h, err := table.TryNewSlice(5); err != nil || len(table.Slice(h)) != 5 {
		t.Errorf("%v with %+v", err, table.Stats())
	}
}

// TestCompact expects blocks back, little moved at a time, and everything where its
// handle says.
func TestCompact(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[[4]int32](a, handle.Config{})
	rng := rand.New(rand.NewPCG(1, 1))
	live := make(map[handle.Handle[[4]int32]]int32)
	for i := range int32(5000) {
		h := table.NewSlice(1 + rng.IntN(5))
		for j := range table.Slice(h) {
			table.Slice(h)[j] = [4]int32{i, i, i, i}
		}
		live[h] = i
	}
	full := table.Stats()
	for h, i := range live {
		if i%10 != 0 {
			table.Free(h)
			delete(live, h)
		}
	}
	turns := 0
	for {
		moved := table.Compact(4 << 10)
		if moved > 4<<10 {
			t.Fatalf("moved %d bytes", moved)
		}
		if moved == 0 {
			break
		}
		turns++
	}
	st := table.Stats()
	if turns < 2 || st.Fragmentation() > 0.01 || st.Capacity > full.Capacity/3 || st.Blocks >= full.Blocks || st.Moved == 0 || st.Moves == 0 {
		t.Errorf("after %d turns %+v, before %+v", turns, st, full)
	}
	if st.Handles != 500 || st.News != 5000 || st.Frees != 4500 || st.HighWater != full.Used {
		t.Errorf("%+v", st)
	}
	for h, i := range live {
		for _, v := range table.Slice(h) {
			if v != [4]int32{i, i, i, i} {
				t.Fatalf("%v holds %v, want %d", h, v, i)
			}
		}
	}
	table.Clear()
	if table.Len() != 0 || table.Stats().Used != 0 {
		t.Errorf("cleared: %+v", table.Stats())
	}
	for h := range live {
		if table.Has(h) {
			t.Fatal("a handle outlives Clear")
		}
	}
}

func TestPins(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[*int](a, handle.Config{})
	before, pinned, behind := table.New(), table.NewSlice(4), table.New()
	s := table.Pin(pinned)
	table.Pin(pinned)
	for i := range s {
		s[i] = new(int)
		*s[i] = i
	}
	*table.Get(behind) = new(int)
	table.Free(before)
	table.Compact(0)
	if &table.Slice(pinned)[0] != &s[0] {
		t.Error("a pinned slice moved")
	}
	table.NewSlice(100) // what is behind is taken
	if _, err := table.TryResize(pinned, 200); !errors.Is(err, diag.FA003) || !strings.Contains(err.Error(), "pinned") {
		t.Errorf("resized: %v", err)
	}
	if len(table.Resize(pinned, 3)) != 3 || s[3] != nil {
		t.Error("not made smaller in place")
	}
	table.Free(pinned)
	for range 2 {
		runtime.GC()
		for i := range 3 {
			if *s[i] != i {
				t.Errorf("%d is %d though pinned", i, *s[i])
			}
		}
		for range 100 {
			table.New()
		}
		if st := table.Stats(); st.Pinned != 1 {
			t.Errorf("%+v", st)
		}
		table.Unpin(pinned)
	}
	if s[0] != nil || table.Stats().Pinned != 0 {
		t.Error("unpinned, it was not cleared")
	}
}

// TestNothingIsKeptAlive expects the collector to take what freed and moved values
// led to.
func TestNothingIsKeptAlive(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[[2]*[64]byte](a, handle.Config{})
	gone := make(chan int, 1000)
	make1 := func(i int) *[64]byte {
		p := new([64]byte)
		runtime.AddCleanup(p, func(i int) { gone <- i }, i)
		return p
	}
	var all []handle.Handle[[2]*[64]byte]
	for i := range 100 {
		all = append(all, table.NewSlice(3))
		for j := range 3 {
			table.Slice(all[i])[j][j%2] = make1(i)
		}
	}
	for i := range 50 {
		table.Free(all[2*i])
	}
	table.Compact(0)
	for i := range 25 {
		table.Resize(all[4*i+1], 1)
	}
	for range 200 {
		runtime.GC()
		if len(gone) == 150+50 {
			break
		}
		runtime.Gosched()
	}
	if len(gone) != 200 {
		t.Errorf("%d of 200 values were let go", len(gone))
	}
	for i := range 50 {
		for j, v := range table.Slice(all[2*i+1]) {
			if v[j%2] == nil || v[1-j%2] != nil {
				t.Fatal("a value that is in use changed")
			}
		}
	}
	runtime.KeepAlive(table)
}

// model is what a table should hold.
type model struct {
	live map[handle.Handle[node]][]int
	dead []handle.Handle[node]
	pins map[handle.Handle[node]]int
}

// A node is checked through a pointer, so that the collector takes part.
type node struct {
	n   int
	ptr *int
}

func (m *model) check(t *testing.T, table *handle.Table[node]) {
	t.Helper()
	if table.Len() != len(m.live) {
		t.Fatalf("%d handles, want %d", table.Len(), len(m.live))
	}
	for h, want := range m.live {
		got := table.Slice(h)
		if len(got) != len(want) {
			t.Fatalf("%v has %d values, want %d", h, len(got), len(want))
		}
		for i, v := range got {
			if v.n != want[i] || (v.n != 0) != (v.ptr != nil) || v.ptr != nil && *v.ptr != v.n {
				t.Fatalf("%v: %d is %v, want %d", h, i, v, want[i])
			}
		}
	}
	seen := 0
	for h := range table.Slices() {
		if _, ok := m.live[h]; !ok {
			t.Fatalf("%v is not of the model", h)
		}
		seen++
	}
	if seen != len(m.live) {
		t.Fatalf("%d of %d seen", seen, len(m.live))
	}
	for _, h := range m.dead {
		if table.Has(h) {
			t.Fatalf("%v is there again", h)
		}
	}
}

func run(t *testing.T, steps []byte) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	table := handle.NewTable[node](a, handle.Config{Limit: 64 << 10})
	m := &model{live: make(map[handle.Handle[node]][]int), pins: make(map[handle.Handle[node]]int)}
	var order []handle.Handle[node]
	next := func() int {
		if len(steps) == 0 {
			return 0
		}
		b := steps[0]
		steps = steps[1:]
		return int(b)
	}
	number := 0
	fill := func(h handle.Handle[node], from int) {
		for i := range table.Slice(h)[from:] {
			number++
			p := new(int)
			*p = number
			table.Slice(h)[from+i] = node{number, p}
			m.live[h][from+i] = number
		}
	}
	for step := 0; len(steps) > 0; step++ {
		switch op := next(); op % 8 {
		case 0, 1, 2:
			n := next()
			h, err := table.TryNewSlice(n)
			if err != nil {
				if st := table.Stats(); st.LargestFree >= n*16 || st.Capacity+n*16 < 32<<10 {
					t.Fatalf("%v with %+v", err, st)
				}
				continue
			}
			m.live[h] = make([]int, n)
			order = append(order, h)
			m.check(t, table) // all zero
			fill(h, 0)
		case 3, 4:
			if len(order) > 0 {
				i := next() % len(order)
				h := order[i]
				order = slices.Delete(order, i, i+1)
				if !table.Free(h) {
					t.Fatalf("%v not freed", h)
				}
				for range m.pins[h] {
					table.Unpin(h)
				}
				delete(m.pins, h)
				delete(m.live, h)
				m.dead = append(m.dead, h)
			}
		case 5:
			if len(order) > 0 {
				h := order[next()%len(order)]
				n, old := next(), m.live[h]
				if _, err := table.TryResize(h, n); err == nil {
					m.live[h] = append(slices.Clone(old[:min(n, len(old))]), make([]int, max(0, n-len(old)))...)
					m.check(t, table)
					fill(h, min(n, len(old)))
				}
			}
		case 6:
			if len(order) > 0 {
				h := order[next()%len(order)]
				if m.pins[h] > 0 {
					table.Unpin(h)
					m.pins[h]--
				} else {
					table.Pin(h)
					m.pins[h]++
				}
			}
		case 7:
			table.Compact(next() * 64)
		}
		m.check(t, table)
	}
}

func TestRandomSteps(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		steps := make([]byte, 300)
		for i := range steps {
			steps[i] = byte(rng.Uint32())
		}
		run(t, steps)
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte{0, 10, 1, 20, 2, 200, 3, 0, 7, 0, 5, 0, 90, 6, 1, 3, 1, 7, 0})
	f.Fuzz(func(t *testing.T, steps []byte) {
		run(t, steps[:min(len(steps), 400)]) // longer ones take long and show no more
	})
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[*int](a, handle.Config{Reserve: 1000})
	keep := table.NewSlice(20)
	turn := func() {
		one, ten := table.New(), table.NewSlice(10)
		table.Pin(ten)
		table.Free(one)
		table.Resize(keep, 30)
		table.Unpin(ten)
		table.Compact(0)
		for range table.All() {
		}
		table.Lookup(one)
		table.Free(ten)
		table.Resize(keep, 20)
		table.Compact(0)
	}
	turn()
	if n := testing.AllocsPerRun(100, turn); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
}

func TestLeaks(t *testing.T) {
	framealloc.RequireNoLeaks(t, func(a *framealloc.Allocator) {
		table := handle.NewTable[int](a, handle.Config{})
		table.Free(table.New())
		table.NewSlice(3)
		table.Clear()
	})
	a, found := allocator(t, framealloc.Config{Modes: framealloc.ModeLeaks})
	table := handle.NewTable[int64](a, handle.Config{Name: "units"})
	for range 3 {
		table.NewSlice(2)
	}
	r := a.Leaks()
	if len(r.Sites) != 1 || r.Sites[0].Objects != 3 || r.Sites[0].Bytes != 48 || r.Sites[0].Kind != "handle" || !strings.HasSuffix(r.Sites[0].File, "table_test.go") {
		t.Errorf("%v: %+v", r, r.Sites)
	}
	if a.Close(); len(found.Diagnostics()) != 1 || found.Diagnostics()[0].Code != diag.FA609 || !strings.Contains(found.Diagnostics()[0].Message, "units") {
		t.Errorf("%v", found.Diagnostics())
	}
}

func TestOwner(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{Debug: true})
	table := handle.NewTable[int](a.BeginFrame(), handle.Config{})
	h := table.New()
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		table.New()
	}()
	if err, _ := (<-done).(error); !errors.Is(err, diag.FA201) {
		t.Errorf("from another goroutine: %v", err)
	}
	table.Free(h)
	a.EndFrame()
}

// TestTypesOfNoSize: they take no memory, and have handles all the same.
func TestTypesOfNoSize(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[struct{}](a, handle.Config{Limit: 1})
	h, s := table.New(), table.NewSlice(100_000)
	if table.Get(h) == nil || len(table.Slice(s)) != 100_000 || table.Stats().Capacity != 0 {
		t.Errorf("%+v", table.Stats())
	}
	table.Free(h)
	table.Compact(1)
	if table.Has(h) || !table.Has(s) {
		t.Error("the wrong one is there")
	}
}

// TestBytes moves what io writes.
func TestBytes(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	table := handle.NewTable[byte](framealloc.WorkerOf(a), handle.Config{})
	gap, h := table.NewSlice(100), table.NewSlice(5)
	copy(table.Slice(h), "hello")
	table.Free(gap)
	if table.Compact(0) != 5 || !bytes.Equal(table.Slice(h), []byte("hello")) || table.Compact(0) != 0 {
		t.Errorf("%q", table.Slice(h))
	}
}
