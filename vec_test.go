package framealloc

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// inFrame runs fn in the first frame of a new allocator.
func inFrame(t testing.TB, c Config, fn func(f *Frame)) {
	t.Helper()
	a := NewAllocator(c)
	defer a.Close()
	a.Frame(fn)
}

// wantPanic checks that fn panics with a *diag.Error of the code.
func wantPanic(t testing.TB, code diag.Code, fn func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		var e *diag.Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("panic value is %v, want a *diag.Error with %s", err, code)
		}
	}()
	fn()
	t.Errorf("no panic, want %s", code)
}

// wantNoHeap checks that frames which run fn make nothing on the heap, once the
// first few have shown how much memory they need.
func wantNoHeap(t *testing.T, fn func(f *Frame)) {
	t.Helper()
	a := NewAllocator(Config{})
	defer a.Close()
	frame := func() {
		fn(a.BeginFrame())
		a.EndFrame()
	}
	for range 5 {
		frame()
	}
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("%v heap allocations a frame, want 0", n)
	}
}

// A node is an element that the collector must see: it points to the heap.
type node struct {
	id    int
	label *label
}

// A label is too large for the runtime to put several into one heap object.
type label [4]int

func newNode(id int) node { return node{id, &label{id}} }

func (n node) intact() bool { return n.label != nil && n.label[0] == n.id }

func TestVecOperations(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(v *Vec[int])
		want []int
	}{
		{"nothing", func(v *Vec[int]) {}, []int{1, 2, 3, 4}},
		{"push", func(v *Vec[int]) { v.Push(5) }, []int{1, 2, 3, 4, 5}},
		{"push many", func(v *Vec[int]) { v.PushMany(5, 6) }, []int{1, 2, 3, 4, 5, 6}},
		{"pop", func(v *Vec[int]) { v.Pop() }, []int{1, 2, 3}},
		{"set", func(v *Vec[int]) { v.Set(1, 9) }, []int{1, 9, 3, 4}},
		{"ref", func(v *Vec[int]) { *v.Ref(2) += 7 }, []int{1, 2, 10, 4}},
		{"insert first", func(v *Vec[int]) { v.Insert(0, 9) }, []int{9, 1, 2, 3, 4}},
		{"insert last", func(v *Vec[int]) { v.Insert(4, 9) }, []int{1, 2, 3, 4, 9}},
		{"remove first", func(v *Vec[int]) { v.Remove(0) }, []int{2, 3, 4}},
		{"remove last", func(v *Vec[int]) { v.Remove(3) }, []int{1, 2, 3}},
		{"swap-remove first", func(v *Vec[int]) { v.SwapRemove(0) }, []int{4, 2, 3}},
		{"swap-remove last", func(v *Vec[int]) { v.SwapRemove(3) }, []int{1, 2, 3}},
		{"truncate", func(v *Vec[int]) { v.Truncate(1) }, []int{1}},
		{"clear", func(v *Vec[int]) { v.Clear() }, []int{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFrame(t, Config{}, func(f *Frame) {
				v := NewVec[int](f, 6)
				v.PushMany(1, 2, 3, 4)
				test.do(v)
				if got := v.Slice(); !slices.Equal(got, test.want) {
					t.Errorf("got %v, want %v", got, test.want)
				}
				if v.Len() != len(test.want) || v.Cap() != 6 {
					t.Errorf("Len %d, Cap %d, want %d and 6", v.Len(), v.Cap(), len(test.want))
				}
			})
		})
	}
}

func TestVecFullIsReported(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		v := NewVec[string](f, 2)
		v.Push("a")
		v.Push("b")
		wantPanic(t, diag.FA003, func() { v.Push("c") })
		wantPanic(t, diag.FA003, func() { v.PushMany("c", "d") })
		wantPanic(t, diag.FA003, func() { v.Insert(0, "c") })
		if err := v.TryPush("c"); !errors.Is(err, diag.FA003) {
			t.Errorf("TryPush: %v, want FA003", err)
		}
		if err := v.TryPushMany("c"); !errors.Is(err, diag.FA003) {
			t.Errorf("TryPushMany: %v, want FA003", err)
		}
		if got := v.Slice(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("after refused pushes: %q", got)
		}
	})
}

func TestVecGrowthMeetsTheFrameLimit(t *testing.T) {
	inFrame(t, Config{MaxFrameBytes: 1024}, func(f *Frame) {
		v := NewVec[[64]byte](f, 4).Growable()
		var err error
		for err == nil {
			err = v.TryPush([64]byte{byte(v.Len())})
		}
		if !errors.Is(err, diag.FA003) {
			t.Fatalf("TryPush: %v, want FA003", err)
		}
		wantPanic(t, diag.FA003, func() { v.Push([64]byte{}) })
		for i, x := range v.All() {
			if x[0] != byte(i) {
				t.Fatalf("element %d holds %d", i, x[0])
			}
		}
	})
}

func TestVecWithoutFrame(t *testing.T) {
	var zero Vec[int]
	wantPanic(t, diag.FA001, func() { zero.Push(1) })
	wantPanic(t, diag.FA001, func() { zero.Insert(0, 1) })
	wantPanic(t, diag.FA001, func() { zero.Growable().PushMany(1, 2) })
	if err := zero.TryPush(1); !errors.Is(err, diag.FA001) {
		t.Errorf("TryPush: %v, want FA001", err)
	}
	if _, ok := zero.Pop(); ok || zero.Len() != 0 {
		t.Error("the zero Vec is not empty")
	}

	a := NewAllocator(Config{})
	defer a.Close()
	v := NewVec[int](a.BeginFrame(), 4).Growable()
	a.EndFrame()
	wantPanic(t, diag.FA001, func() { v.Push(1) })

	later := NewAllocator(Config{FramesInFlight: 1})
	defer later.Close()
	v = NewVec[int](later.BeginFrame(), 1).Growable()
	v.Push(7)
	later.EndFrame()
	if v.At(0) != 7 {
		t.Errorf("in flight: %d, want 7", v.At(0))
	}
	wantPanic(t, diag.FA001, func() { v.Push(8) })
}

func TestVecBadArguments(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		wantPanic(t, diag.FA003, func() { NewVec[int](f, -1) })
		v := NewVec[int](f, 4)
		v.PushMany(1, 2)
		for name, do := range map[string]func(){
			"At":         func() { v.At(2) },
			"Set":        func() { v.Set(2, 0) },
			"Ref":        func() { v.Ref(-1) },
			"Insert":     func() { v.Insert(3, 0) },
			"Remove":     func() { v.Remove(2) },
			"SwapRemove": func() { v.SwapRemove(2) },
			"Truncate":   func() { v.Truncate(3) },
		} {
			func() {
				defer func() {
					if _, ok := recover().(runtime.Error); !ok {
						t.Errorf("%s with a bad index did not panic as a slice does", name)
					}
				}()
				do()
			}()
		}
		if got := v.Slice(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("after refused operations: %v", got)
		}
	})
}

func TestVecIterators(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		v := NewVec[int](f, 4)
		v.PushMany(10, 20, 30)
		if got := slices.Collect(v.Values()); !slices.Equal(got, []int{10, 20, 30}) {
			t.Errorf("Values: %v", got)
		}
		var back []int
		for i, x := range v.Backward() {
			back = append(back, x)
			v.SwapRemove(i)
		}
		if !slices.Equal(back, []int{30, 20, 10}) || v.Len() != 0 {
			t.Errorf("Backward: %v, %d left", back, v.Len())
		}
		v.PushMany(1, 2)
		for i, x := range v.All() {
			if i == 1 {
				break
			}
			v.Push(x + 100)
		}
		if got := v.Slice(); !slices.Equal(got, []int{1, 2, 101}) {
			t.Errorf("All with a push inside: %v", got)
		}
	})
}

func TestVecSliceDoesNotReachBehindTheEnd(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		v := NewVec[int](f, 4)
		v.PushMany(1, 2)
		s := append(v.Slice(), 99)
		v.Push(3)
		if s[2] != 99 || v.At(2) != 3 {
			t.Errorf("an append to Slice and a Push share memory: %v, %v", s, v.Slice())
		}
	})
}

// What is removed must not stay alive, what is not must.
func TestVecAndTheCollector(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		v := NewVec[node](f, 100)
		gone := make(chan int, 100)
		for i := range 100 {
			n := newNode(i)
			runtime.AddCleanup(n.label, func(id int) { gone <- id }, i)
			v.Push(n)
			if i%16 == 0 {
				runtime.GC()
			}
		}
		for i, n := range v.All() {
			if !n.intact() || n.id != i {
				t.Fatalf("element %d is %v", i, n)
			}
		}
		for range 50 {
			v.Pop()
		}
		// All but what a register may still hold.
		for range 45 {
			runtime.GC()
			if id := <-gone; id < 50 {
				t.Fatalf("element %d was collected while in the list", id)
			}
		}
		for i, n := range v.All() {
			if !n.intact() || n.id != i {
				t.Fatalf("element %d is %v", i, n)
			}
		}
	})
}

func TestVecMakesNoHeapMemory(t *testing.T) {
	l := new(label)
	wantNoHeap(t, func(f *Frame) {
		fixed := NewVec[int](f, 100)
		growing := NewVec[node](f, 2).Growable()
		for i := range 100 {
			fixed.Push(i)
			growing.Push(node{i, l})
		}
		sum := 0
		for i, x := range fixed.All() {
			sum += i - x
		}
		for _, n := range growing.Backward() {
			sum += n.id
		}
		for n := range growing.Values() {
			sum -= n.id
		}
		if sum != 0 {
			t.Errorf("sum is %d", sum)
		}
		growing.Clear()
	})
}

func FuzzVec(f *testing.F) {
	f.Add([]byte("pppppoipirsxtpppp"), true)
	f.Add([]byte("ppppppppppppppppp"), false)
	f.Add([]byte("ppippirsrsrsosxct"), false)
	f.Fuzz(func(t *testing.T, ops []byte, growable bool) {
		a := NewAllocator(MinimalConfig())
		defer a.Close()
		frame := a.BeginFrame()
		v := NewVec[node](frame, 8)
		if growable {
			v.Growable()
		}
		var model []node
		for at, op := range ops {
			x := newNode(at)
			i := int(op>>3) % (len(model) + 1)
			room := growable || len(model) < 8
			switch {
			case op%8 == 0:
				err := v.TryPush(x)
				if (err == nil) != room {
					t.Fatalf("TryPush onto %d: %v", len(model), err)
				}
				if room {
					model = append(model, x)
				}
			case op%8 == 1 && room:
				v.Insert(i, x)
				model = slices.Insert(model, i, x)
			case op%8 == 2 && i < len(model):
				if got := v.Remove(i); got != model[i] {
					t.Fatalf("Remove(%d) = %v, want %v", i, got, model[i])
				}
				model = slices.Delete(model, i, i+1)
			case op%8 == 3 && i < len(model):
				if got := v.SwapRemove(i); got != model[i] {
					t.Fatalf("SwapRemove(%d) = %v, want %v", i, got, model[i])
				}
				model[i] = model[len(model)-1]
				model = model[:len(model)-1]
			case op%8 == 4:
				got, ok := v.Pop()
				if ok != (len(model) > 0) || ok && got != model[len(model)-1] {
					t.Fatalf("Pop = %v, %v with %v", got, ok, model)
				}
				if ok {
					model = model[:len(model)-1]
				}
			case op%8 == 5:
				v.Truncate(i)
				model = model[:i]
			case op%8 == 6:
				New[node](frame) // the list is no longer the newest allocation
			case op%8 == 7 && i < len(model):
				v.Set(i, x)
				model[i] = x
			}
			if !slices.Equal(v.Slice(), model) {
				t.Fatalf("after step %d: %v, want %v", at, v.Slice(), model)
			}
		}
		a.EndFrame()
	})
}
