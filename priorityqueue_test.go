package framealloc

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

func lessInt(a, b int) bool   { return a < b }
func lessNode(a, b node) bool { return a.id < b.id }

func TestPriorityQueueSorts(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		for _, n := range []int{0, 1, 2, 5, 16, 17, 1000} {
			q := NewPriorityQueue(f, n, lessInt)
			want := rand.New(rand.NewPCG(uint64(n), 1)).Perm(n)
			for _, x := range want {
				q.Push(x)
			}
			if q.Len() != n || len(slices.Collect(q.Values())) != n || q.Cap() != n {
				t.Errorf("Len %d, Cap %d, want %d", q.Len(), q.Cap(), n)
			}
			if first, ok := q.Peek(); ok != (n > 0) || first != 0 {
				t.Errorf("Peek: %d, %v", first, ok)
			}
			slices.Sort(want)
			if got := slices.Collect(q.Drain()); !slices.Equal(got, want) {
				t.Errorf("drained %v, want %v", got, want)
			}
			if _, ok := q.Pop(); ok {
				t.Error("popped from an empty queue")
			}
		}
	})
}

func TestPriorityQueueFullIsReported(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		q := NewPriorityQueue(f, 2, lessInt)
		q.Push(2)
		q.Push(1)
		wantPanic(t, diag.FA003, func() { q.Push(0) })
		if err := q.TryPush(0); !errors.Is(err, diag.FA003) {
			t.Errorf("TryPush: %v", err)
		}
		if got := q.Slice(); !slices.Equal(got, []int{1, 2}) {
			t.Errorf("after refused pushes: %v", got)
		}
		q.Clear()
		q.Push(0)
		wantPanic(t, diag.FA003, func() { NewPriorityQueue(f, -1, lessInt) })
	})
	var zero PriorityQueue[int]
	wantPanic(t, diag.FA001, func() { zero.Push(1) })
	if err := zero.Growable().TryPush(1); !errors.Is(err, diag.FA001) {
		t.Errorf("TryPush: %v", err)
	}
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	q := NewPriorityQueue(a.BeginFrame(), 1, lessInt).Growable()
	q.Push(1)
	a.EndFrame()
	wantPanic(t, diag.FA001, func() { q.Push(2) })
}

// A unit knows its place in the queue.
type unit struct {
	rank, at int
	label    *label
}

func TestPriorityQueueTracksPlaces(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		q := NewPriorityQueue(f, 4, func(a, b *unit) bool { return a.rank < b.rank }).Growable().
			Track(func(u *unit, at int) { u.at = at })
		random := rand.New(rand.NewPCG(1, 2))
		var units []*unit
		for i := range 100 {
			u := &unit{rank: random.IntN(1000), at: -2, label: &label{i}}
			units = append(units, u)
			q.Push(u)
		}
		for range 500 {
			switch u := units[random.IntN(len(units))]; {
			case u.at < 0:
				q.Push(u)
			case random.IntN(4) == 0:
				if got := q.Remove(u.at); got != u || u.at != -1 {
					t.Fatalf("removed %v, want %v", got, u)
				}
			default:
				u.rank = random.IntN(1000)
				q.Fix(u.at)
			}
			for i, u := range q.Slice() {
				if u.at != i {
					t.Fatalf("the unit at %d thinks that it is at %d", i, u.at)
				}
			}
		}
		runtime.GC()
		if ranks := slices.Collect(q.Drain()); !slices.IsSortedFunc(ranks, func(a, b *unit) int { return cmp.Compare(a.rank, b.rank) }) {
			t.Error("not in order after changes")
		}
		q.Push(units[0])
		q.Clear()
		if units[0].at != -1 {
			t.Errorf("a cleared unit thinks that it is at %d", units[0].at)
		}
	})
}

func TestPriorityQueueAndTheCollector(t *testing.T) {
	inFrame(t, Config{}, func(f *Frame) {
		q := NewPriorityQueue(f, 2, lessNode).Growable()
		for i := range 300 {
			q.Push(newNode(i * 7919 % 300))
			if i%50 == 0 {
				runtime.GC()
			}
		}
		runtime.GC()
		want := 0
		for n := range q.Drain() {
			if n.id != want || !n.intact() {
				t.Fatalf("popped %v, want %d", n, want)
			}
			want++
		}
	})
}

func TestPriorityQueueMakesNoHeapMemory(t *testing.T) {
	l := new(label)
	wantNoHeap(t, func(f *Frame) {
		q := NewPriorityQueue(f, 2, lessNode).Growable()
		for i := range 100 {
			q.Push(node{100 - i, l})
		}
		sum := 0
		for n := range q.Drain() {
			sum += n.id
		}
		if sum != 5050 {
			t.Errorf("sum %d", sum)
		}
	})
}

// ints is container/heap's side of the model and of the benchmark.
type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	n := len(*h) - 1
	x := (*h)[n]
	*h = (*h)[:n]
	return x
}

func FuzzPriorityQueue(f *testing.F) {
	f.Add([]byte("push and pop and push and pop"))
	f.Add([]byte{2, 4, 6, 8, 10, 9, 8, 7, 6, 5, 4, 3, 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, ops []byte) {
		inFrame(t, MinimalConfig(), func(f *Frame) {
			q := NewPriorityQueue(f, 2, lessInt).Growable()
			var model ints
			for at, op := range ops {
				x := int(op >> 1)
				if op%2 == 0 || len(model) == 0 {
					q.Push(x)
					heap.Push(&model, x)
				} else if got, want := q.Remove(0), heap.Pop(&model).(int); got != want {
					t.Fatalf("step %d: popped %d, want %d", at, got, want)
				}
				first, ok := q.Peek()
				if ok != (len(model) > 0) || ok && first != model[0] {
					t.Fatalf("step %d: Peek %d, %v, want %v", at, first, ok, model)
				}
			}
			slices.Sort(model)
			if got := slices.Collect(q.Drain()); !slices.Equal(got, model) {
				t.Fatalf("left: %v, want %v", got, model)
			}
		})
	})
}

func BenchmarkPriorityQueue(b *testing.B) {
	for _, n := range []int{30, 1000, 30_000} {
		in := rand.New(rand.NewPCG(1, 2)).Perm(n)
		b.Run(fmt.Sprint(n, "/frame"), func(b *testing.B) {
			a := NewAllocator(Config{})
			for b.Loop() {
				q := NewPriorityQueue(a.BeginFrame(), n, lessInt)
				for _, x := range in {
					q.Push(x)
				}
				for range q.Drain() {
				}
				a.EndFrame()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/item")
		})
		b.Run(fmt.Sprint(n, "/container"), func(b *testing.B) {
			h := make(ints, 0, n)
			for b.Loop() {
				for _, x := range in {
					heap.Push(&h, x)
				}
				for len(h) > 0 {
					heap.Pop(&h)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/item")
		})
	}
}
