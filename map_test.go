package framealloc

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// checkMap puts, finds and deletes keys of one type.
func checkMap[K comparable](t *testing.T, keys ...K) {
	t.Helper()
	t.Run(fmt.Sprintf("%T", keys[0]), func(t *testing.T) {
		inFrame(t, Config{}, func(f *Frame) {
			m := NewMap[K, int](f, 0)
			for i, k := range keys {
				if _, ok := m.Get(k); ok {
					t.Fatalf("key %v is there before it is put", k)
				}
				m.Put(k, i)
			}
			for i, k := range keys {
				if v, ok := m.Get(k); !ok || v != i {
					t.Fatalf("key %v: %d, %v, want %d", k, v, ok, i)
				}
			}
			if got := slices.Collect(m.Keys()); !slices.Equal(got, keys) {
				t.Errorf("Keys: %v, want the order of arrival %v", got, keys)
			}
			if !m.Delete(keys[0]) || m.Delete(keys[0]) || m.Has(keys[0]) || m.Len() != len(keys)-1 {
				t.Errorf("after deleting %v twice: %d entries", keys[0], m.Len())
			}
		})
	})
}

func TestMapKeysOfEveryKind(t *testing.T) {
	a, b := new(int), new(int)
	checkMap(t, false, true)
	checkMap[int8](t, 0, 1, -128)
	checkMap[uint16](t, 0, 1, 65535)
	checkMap[rune](t, 'a', 0, -1)
	checkMap(t, 0, 1, -1, math.MaxInt)
	checkMap[uint64](t, 0, 1, 1<<63)
	checkMap(t, 0.0, 1.5, math.Inf(1))
	checkMap(t, 1i, 2, 0)
	checkMap(t, "", "a", "a longer key that does not fit into a word")
	checkMap(t, a, b, nil)
	checkMap[any](t, 1, "1", nil, 1.0, [2]int{1, 2})
	checkMap(t, [2]int32{0, 1}, [2]int32{1, 0})
	checkMap(t, struct {
		name string
		x    int
	}{"a", 1}, struct {
		name string
		x    int
	}{"a", 2})
	checkMap(t, struct{}{})
	checkMap(t, make(chan int), make(chan int))
}

func TestMapFloatKeysAsInGo(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		m := NewMap[float64, int](f, 0)
		nan := math.NaN()
		for i := range 20 {
			m.Put(nan, i)
		}
		if m.Len() != 20 || m.Has(nan) || m.Delete(nan) {
			t.Errorf("NaN keys: %d entries, found %v", m.Len(), m.Has(nan))
		}
		m.Put(math.Copysign(0, -1), 7)
		if v, ok := m.Get(0); !ok || v != 7 {
			t.Errorf("0 and -0 are different keys: %d, %v", v, ok)
		}
		if got := len(slices.Collect(m.Values())); got != 21 {
			t.Errorf("%d values, want 21", got)
		}
		m.Clear()
		if m.Len() != 0 {
			t.Errorf("%d entries after Clear", m.Len())
		}
	})
}

func TestMapValues(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		m := NewMap[string, int](f, 4)
		for _, word := range []string{"a", "b", "a", "c", "a"} {
			*m.Ref(word)++
		}
		if v, ok := m.Get("a"); !ok || v != 3 {
			t.Errorf("counted %d, %v, want 3", v, ok)
		}
		if v, found := m.GetOrPut("b", 9); !found || v != 1 {
			t.Errorf("GetOrPut of a key: %d, %v", v, found)
		}
		if v, found := m.GetOrPut("d", 9); found || v != 9 {
			t.Errorf("GetOrPut of no key: %d, %v", v, found)
		}
		if p, ok := m.Lookup("d"); !ok || *p != 9 {
			t.Errorf("Lookup: %v, %v", p, ok)
		}
		if p, ok := m.Lookup("e"); ok || p != nil || m.Len() != 4 {
			t.Errorf("Lookup of no key: %v, %v, %d entries", p, ok, m.Len())
		}
		want := map[string]int{"a": 3, "b": 1, "c": 1, "d": 9}
		if got := maps.Collect(m.All()); !maps.Equal(got, want) {
			t.Errorf("All: %v, want %v", got, want)
		}
	})
}

// Iterators keep their place whatever happens to the map meanwhile.
func TestMapChangesWhileIterating(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		m := NewMap[int, int](f, 4)
		for i := range 40 {
			m.Put(i, i)
		}
		seen := make(map[int]int)
		for k := range m.All() {
			seen[k]++
			if k < 40 {
				m.Delete(k)
				m.Delete(39 - k)
				m.Put(100+k, 0)
				m.Put(200+k, 0)
			}
		}
		for k, n := range seen {
			if n != 1 {
				t.Errorf("key %d was met %d times", k, n)
			}
		}
		for k := range 40 {
			if want := k < 20; (seen[k] == 1) != want {
				t.Errorf("key %d met: %d times", k, seen[k])
			}
		}
		for k := 100; k < 120; k++ {
			if seen[k] != 1 {
				t.Errorf("key %d was put meanwhile and not met", k)
			}
		}
		for range m.Keys() {
			m.Clear()
		}
		if m.iterating != 0 || m.Len() != 0 {
			t.Errorf("%d iterators under way, %d entries", m.iterating, m.Len())
		}
	})
}

// Entries that come and go do not use up memory.
func TestMapReusesDeletedEntries(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		m := NewMap[int, string](f, 64)
		used := f.Used()
		for i := range 10_000 {
			m.Put(i, "x")
			if i >= 40 {
				m.Delete(i - 40)
			}
		}
		if f.Used() != used || m.Len() != 40 {
			t.Errorf("%d bytes more for %d entries", f.Used()-used, m.Len())
		}
		want := 10_000 - 40
		for k := range m.Keys() {
			if k != want {
				t.Fatalf("key %d where %d was due", k, want)
			}
			want++
		}
	})
}

func TestMapWithoutFrame(t *testing.T) {
	var zero Map[string, int]
	wantPanic(t, diag.FA001, func() { zero.Put("a", 1) })
	wantPanic(t, diag.FA001, func() { zero.Get("a") })
	wantPanic(t, diag.FA001, func() { zero.Ref("a") })
	wantPanic(t, diag.FA001, func() { zero.Delete("a") })
	if err := zero.TryPut("a", 1); !errors.Is(err, diag.FA001) {
		t.Errorf("TryPut: %v, want FA001", err)
	}
	for k := range zero.All() {
		t.Errorf("the zero Map holds %q", k)
	}
	zero.Clear()

	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	m := NewMap[int, int](a.BeginFrame(), 2)
	m.Put(1, 10)
	m.Put(2, 20)
	a.EndFrame()
	wantPanic(t, diag.FA001, func() { m.Put(3, 30) })
	if v, ok := m.Get(2); !ok || v != 20 || m.Len() != 2 {
		t.Errorf("in flight: %d, %v", v, ok)
	}
	a.BeginFrame()
	a.EndFrame()
	wantPanic(t, diag.FA001, func() { m.Get(2) })
	inFrame(t, Config{}, func(f *Frame) {
		wantPanic(t, diag.FA003, func() { NewMap[int, int](f, -1) })
		wantPanic(t, diag.FA003, func() { NewMap[int, int](f, math.MaxInt) })
	})
}

func TestMapGrowthMeetsTheFrameLimit(t *testing.T) {
	inFrame(t, Config{MaxFrameBytes: 4096}, func(f *Frame) {
		m := NewMap[int, node](f, 4)
		var err error
		for i := 0; err == nil; i++ {
			err = m.TryPut(i, newNode(i))
		}
		if !errors.Is(err, diag.FA003) {
			t.Fatalf("TryPut: %v, want FA003", err)
		}
		for i := range m.Len() {
			if n, ok := m.Get(i); !ok || n.id != i || !n.intact() {
				t.Fatalf("key %d: %v, %v", i, n, ok)
			}
		}
	})
}

func TestMapAndTheCollector(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		m := NewMap[*label, node](f, 2)
		var keys []*label
		for i := range 400 {
			n := newNode(i)
			m.Put(n.label, n)
			keys = append(keys, n.label)
			if i%3 == 0 {
				m.Delete(keys[i/2])
			}
			if i%40 == 0 {
				runtime.GC()
			}
		}
		runtime.GC()
		for k, n := range m.All() {
			if n.label != k || !n.intact() {
				t.Fatalf("key %v holds %v", k, n)
			}
		}
	})
}

func TestMapMakesNoHeapMemory(t *testing.T) {
	type cell struct{ x, y int32 }
	type named struct {
		name  string
		where *label
	}
	l := new(label)
	names := []string{"a", "b", "c", "d", "e", "f"}
	boxed := []any{1, "b", 3.5}
	wantNoHeap(t, func(f *Frame) {
		ints := NewMap[int, *label](f, 4)
		cells := NewMap[cell, int](f, 4)
		words := NewMap[string, node](f, 4)
		pointers := NewMap[*label, int](f, 4)
		structs := NewMap[named, int](f, 4)
		anys := NewMap[any, int](f, 4)
		floats := NewMap[float64, int](f, 4)
		for i := range 50 {
			ints.Put(i, l)
			cells.Put(cell{int32(i), 1}, i)
			words.Put(names[i%len(names)], node{i, l})
			pointers.Put(l, i)
			structs.Put(named{names[i%len(names)], l}, i)
			anys.Put(boxed[i%len(boxed)], i)
			floats.Put(float64(i), i)
			ints.Delete(i - 10)
			if _, ok := structs.Get(named{"a", l}); !ok {
				t.Error("a struct key is lost")
			}
		}
		sum := 0
		for k, v := range cells.All() {
			sum += int(k.x) - v
		}
		for k := range ints.Keys() {
			sum += k
		}
		for v := range floats.Values() {
			sum -= v
		}
		if sum != 445-1225 || words.Len() != 6 || pointers.Len() != 1 || anys.Len() != 3 {
			t.Error("a map is wrong")
		}
	})
}

func FuzzMap(f *testing.F) {
	f.Add([]byte("put some keys and take them out again, put some keys and take them out again"))
	f.Add([]byte{0, 8, 16, 24, 32, 40, 48, 56, 64, 1, 9, 17, 25, 33, 41, 49, 57, 65, 0, 8, 16, 5, 0, 8})
	f.Add(slices.Repeat([]byte{0, 8, 1, 16, 9, 24, 17, 4}, 20))
	f.Fuzz(func(t *testing.T, ops []byte) {
		a := NewAllocator(MinimalConfig())
		defer a.Close()
		frame := a.BeginFrame()
		m := NewMap[byte, node](frame, 3)
		words := NewMap[string, int](frame, 3)
		model := make(map[byte]node)
		var order []byte
		for at, op := range ops {
			k := op >> 3
			word := string([]byte{k, 'k'})
			_, has := model[k]
			switch op % 8 {
			case 0, 1, 2:
				n := newNode(at)
				m.Put(k, n)
				words.Put(word, at)
				model[k] = n
				if !has {
					order = append(order, k)
				}
			case 3, 4, 5:
				if m.Delete(k) != has || words.Delete(word) != has {
					t.Fatalf("step %d: Delete(%d) is not %v", at, k, has)
				}
				delete(model, k)
				order = slices.DeleteFunc(order, func(o byte) bool { return o == k })
			case 6:
				if op == 255 {
					m.Clear()
					words.Clear()
					clear(model)
					order = nil
				}
			}
			n, ok := m.Get(k)
			_, inWords := words.Get(word)
			if want, has := model[k]; ok != has || inWords != has || n != want {
				t.Fatalf("step %d: Get(%d) = %v, %v, want %v", at, k, n, ok, want)
			}
			if m.Len() != len(model) || words.Len() != len(model) {
				t.Fatalf("step %d: %d entries, want %d", at, m.Len(), len(model))
			}
		}
		if got := slices.Collect(m.Keys()); !slices.Equal(got, order) {
			t.Fatalf("keys %v, want %v", got, order)
		}
		if !maps.Equal(maps.Collect(m.All()), model) {
			t.Fatalf("entries %v, want %v", maps.Collect(m.All()), model)
		}
		a.EndFrame()
	})
}

// Against Go's map: the keys are the same, half of the lookups miss.
func BenchmarkMap(b *testing.B) {
	type cell struct{ x, y int32 }
	words := make([]string, 2000)
	for i := range words {
		words[i] = fmt.Sprintf("entity/%d", i*7919)
	}
	benchmarkMap(b, "int", func(i int) int { return i * 7919 })
	benchmarkMap(b, "cell", func(i int) cell { return cell{int32(i), int32(i >> 3)} })
	benchmarkMap(b, "string", func(i int) string { return words[i] })
}

func benchmarkMap[K comparable](b *testing.B, name string, key func(int) K) {
	const n = 1000
	b.Run(name+"/frame", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			m := NewMap[K, int](a.BeginFrame(), n)
			for i := range n {
				m.Put(key(i), i)
			}
			for i := range 2 * n {
				if _, ok := m.Get(key(i)); ok != (i < n) {
					b.Fatal(i)
				}
			}
			a.EndFrame()
		}
	})
	b.Run(name+"/go", func(b *testing.B) {
		m := make(map[K]int, n)
		for b.Loop() {
			clear(m)
			for i := range n {
				m[key(i)] = i
			}
			for i := range 2 * n {
				if _, ok := m[key(i)]; ok != (i < n) {
					b.Fatal(i)
				}
			}
		}
	})
}
