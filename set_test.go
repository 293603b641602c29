package framealloc

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

func TestSet(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		s := NewSet[string](f, 1)
		if !s.Add("b") || !s.Add("a") || s.Add("b") {
			t.Error("Add does not tell new keys from old ones")
		}
		s.AddAll(slices.Values([]string{"c", "a", "d"}))
		if err := s.TryAdd("c"); err != nil {
			t.Error(err)
		}
		if !s.Delete("c") || s.Delete("c") || s.Has("c") || !s.Has("d") {
			t.Error("Delete or Has is wrong")
		}
		if got := slices.Collect(s.All()); !slices.Equal(got, []string{"b", "a", "d"}) || s.Len() != 3 {
			t.Errorf("All: %q, Len %d", got, s.Len())
		}
		s.Clear()
		if s.Len() != 0 || s.Has("a") {
			t.Error("Clear leaves keys")
		}
	})
}

func TestSetEntriesAreNotPadded(t *testing.T) {
	if got, want := unsafe.Sizeof(entry[int64, struct{}]{}), unsafe.Sizeof(int64(0)); got != want {
		t.Errorf("an entry takes %d bytes, want %d", got, want)
	}
}

func TestSetWithoutFrame(t *testing.T) {
	var zero Set[int]
	wantPanic(t, diag.FA001, func() { zero.Add(1) })
	wantPanic(t, diag.FA001, func() { zero.Has(1) })
	if err := zero.TryAdd(1); !errors.Is(err, diag.FA001) {
		t.Errorf("TryAdd: %v, want FA001", err)
	}
}

func TestSetAndTheCollector(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		s := NewSet[node](f, 2)
		for i := range 200 {
			s.Add(newNode(i))
			if i%50 == 0 {
				runtime.GC()
			}
		}
		runtime.GC()
		for n := range s.All() {
			if !n.intact() {
				t.Fatalf("key %v is broken", n)
			}
		}
	})
}

func TestSetMakesNoHeapMemory(t *testing.T) {
	wantNoHeap(t, func(f *Frame) {
		s := NewSet[[2]int](f, 8)
		for i := range 200 {
			s.Add([2]int{i % 50, 0})
		}
		n := 0
		for range s.All() {
			n++
		}
		if n != 50 {
			t.Errorf("%d keys, want 50", n)
		}
	})
}

func FuzzSet(f *testing.F) {
	f.Add([]byte("add, delete, and add again; add, delete"))
	f.Fuzz(func(t *testing.T, ops []byte) {
		inFrame(t, MinimalConfig(), func(f *Frame) {
			s := NewSet[uint16](f, 0)
			model := make(map[uint16]bool)
			for _, op := range ops {
				k := uint16(op >> 2)
				if op%4 == 0 {
					if s.Delete(k) != model[k] {
						t.Fatalf("Delete(%d) is not %v", k, model[k])
					}
					delete(model, k)
				} else {
					if s.Add(k) == model[k] {
						t.Fatalf("Add(%d) is not %v", k, !model[k])
					}
					model[k] = true
				}
			}
			for k := range s.All() {
				if !model[k] {
					t.Fatalf("%d is in the set", k)
				}
			}
			if s.Len() != len(model) {
				t.Fatalf("%d keys, want %d", s.Len(), len(model))
			}
		})
	})
}
