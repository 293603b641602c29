package framealloc

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func TestRing(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		r := NewRing[int](f, 4)
		r.PushBack(1)
		r.PushBack(2)
		r.PushFront(0)
		r.PushFront(-1)
		if got := slices.Collect(r.Values()); !slices.Equal(got, []int{-1, 0, 1, 2}) {
			t.Errorf("Values: %v", got)
		}
		var back []int
		for i, x := range r.Backward() {
			if r.At(i) != x {
				t.Errorf("Backward: element %d is %d, At says %d", i, x, r.At(i))
			}
			back = append(back, x)
		}
		if !slices.Equal(back, []int{2, 1, 0, -1}) {
			t.Errorf("Backward: %v", back)
		}
		slices.Sort(r.Slice())
		*r.Ref(3) = 20
		front, _ := r.Front()
		last, _ := r.Back()
		if front != -1 || last != 20 {
			t.Errorf("Front %d, Back %d", front, last)
		}
		r.Clear()
		_, front1 := r.Front()
		_, back1 := r.Back()
		_, front2 := r.PopFront()
		_, back2 := r.PopBack()
		if r.Len() != 0 || r.Cap() != 4 || front1 || back1 || front2 || back2 {
			t.Error("a cleared ring is not empty")
		}
	})
}

func TestRingFullIsReported(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		r := NewRing[int](f, 2)
		r.PushBack(1)
		r.PushBack(2)
		wantPanic(t, diag.FA003, func() { r.PushBack(3) })
		wantPanic(t, diag.FA003, func() { r.PushFront(3) })
		if err := r.TryPushBack(3); !errors.Is(err, diag.FA003) {
			t.Errorf("TryPushBack: %v", err)
		}
		if err := r.TryPushFront(3); !errors.Is(err, diag.FA003) {
			t.Errorf("TryPushFront: %v", err)
		}
		if got := r.Slice(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("after refused pushes: %v", got)
		}
		if dropped, full := r.OverwriteBack(3); !full || dropped != 1 {
			t.Errorf("OverwriteBack dropped %d, %v", dropped, full)
		}
		if dropped, full := r.OverwriteFront(9); !full || dropped != 3 {
			t.Errorf("OverwriteFront dropped %d, %v", dropped, full)
		}
		if got := r.Slice(); !slices.Equal(got, []int{9, 2}) {
			t.Errorf("after overwriting: %v", got)
		}
		empty := NewRing[int](f, 0)
		wantPanic(t, diag.FA003, func() { empty.OverwriteBack(1) })
		wantPanic(t, diag.FA003, func() { empty.OverwriteFront(1) })
		wantPanic(t, diag.FA003, func() { NewRing[int](f, -1) })
		for _, i := range []int{-1, 2} {
			func() {
				defer func() {
					if _, ok := recover().(runtime.Error); !ok {
						t.Errorf("At(%d) did not panic as a slice does", i)
					}
				}()
				r.At(i)
			}()
		}
	})
}

func TestRingWithoutFrame(t *testing.T) {
	var zero Ring[int]
	wantPanic(t, diag.FA001, func() { zero.PushBack(1) })
	wantPanic(t, diag.FA001, func() { zero.PushFront(1) })
	wantPanic(t, diag.FA001, func() { zero.OverwriteBack(1) })
	wantPanic(t, diag.FA001, func() { zero.Growable().OverwriteFront(1) })
	if err := zero.TryPushBack(1); !errors.Is(err, diag.FA001) {
		t.Errorf("TryPushBack: %v", err)
	}
	if len(zero.Slice()) != 0 {
		t.Error("the zero Ring is not empty")
	}
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	r := NewRing[int](a.BeginFrame(), 1).Growable()
	r.PushBack(1)
	a.EndFrame()
	wantPanic(t, diag.FA001, func() { r.PushBack(2) })
}

func TestRingAndTheCollector(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		r := NewRing[node](f, 2).Growable()
		for i := range 300 {
			r.PushBack(newNode(i))
			if i%3 == 0 {
				if n, _ := r.PopFront(); !n.intact() {
					t.Fatalf("popped %v", n)
				}
			}
			if i%50 == 0 {
				runtime.GC()
			}
		}
		runtime.GC()
		for _, n := range r.All() {
			if !n.intact() {
				t.Fatalf("the ring holds %v", n)
			}
		}
	})
}

func TestRingMakesNoHeapMemory(t *testing.T) {
	l := new(label)
	wantNoHeap(t, func(f *Frame) {
		r := NewRing[node](f, 2).Growable()
		log := NewRing[int](f, 8)
		for i := range 100 {
			r.PushBack(node{i, l})
			r.PushFront(node{i, l})
			r.PopFront()
			log.OverwriteBack(i)
		}
		sum := 0
		for _, n := range r.All() {
			sum += n.id
		}
		if sum != 4950 || log.At(0) != 92 {
			t.Error("a ring is wrong")
		}
	})
}

func FuzzRing(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 0, 2, 3, 4, 5, 6, 0, 0, 0, 0, 6, 2, 2, 1, 1}, false)
	f.Add([]byte{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 6, 2, 0, 0, 0, 0, 0}, true)
	f.Fuzz(func(t *testing.T, ops []byte, growable bool) {
		inFrame(t, MinimalConfig(), func(f *Frame) {
			const capacity = 5
			r := NewRing[node](f, capacity)
			if growable {
				r.Growable()
			}
			var model []node
			for at, op := range ops {
				x := newNode(at)
				full := len(model) == r.Cap()
				var got, want node
				var ok, due bool
				switch op % 8 {
				case 0:
					if err := r.TryPushBack(x); (err != nil) != (full && !growable) {
						t.Fatalf("step %d: TryPushBack: %v", at, err)
					} else if err == nil {
						model = append(model, x)
					}
				case 1:
					if err := r.TryPushFront(x); (err != nil) != (full && !growable) {
						t.Fatalf("step %d: TryPushFront: %v", at, err)
					} else if err == nil {
						model = slices.Insert(model, 0, x)
					}
				case 2:
					if got, ok = r.PopFront(); len(model) > 0 {
						want, due, model = model[0], true, model[1:]
					}
				case 3:
					if got, ok = r.PopBack(); len(model) > 0 {
						n := len(model) - 1
						want, due, model = model[n], true, model[:n]
					}
				case 4:
					if got, ok = r.OverwriteBack(x); full {
						want, due, model = model[0], true, model[1:]
					}
					model = append(model, x)
				case 5:
					if got, ok = r.OverwriteFront(x); full {
						n := len(model) - 1
						want, due, model = model[n], true, model[:n]
					}
					model = slices.Insert(slices.Clone(model), 0, x)
				case 6:
					if !slices.Equal(r.Slice(), model) {
						t.Fatalf("step %d: Slice %v, want %v", at, r.Slice(), model)
					}
				}
				if got != want || ok != due {
					t.Fatalf("step %d: removed %v, %v, want %v, %v", at, got, ok, want, due)
				}
				if r.Len() != len(model) || !slices.Equal(slices.Collect(r.Values()), model) {
					t.Fatalf("step %d: %v, want %v", at, slices.Collect(r.Values()), model)
				}
			}
		})
	})
}
