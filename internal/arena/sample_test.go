package arena

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// A samplingDoor sets sample points at gaps that its generator draws, and
// spills what does not fit under a limit.
type samplingDoor struct {
	a     *Arena
	gaps  *rand.Rand
	asked []Request
}

func gap(r *rand.Rand) int { return r.IntN(700) }

func (d *samplingDoor) Ask(r Request) Verdict {
	switch r.Why {
	case Limit:
		return Spill
	case Sampled:
		d.asked = append(d.asked, r)
		n := gap(d.gaps)
		if r.Heap == nil {
			n += r.Size
		}
		d.a.SampleAfter(n)
	}
	return Carve
}

// TestSamplePointsAreExact compares the allocations that the door is asked about
// with those that a count of every byte names, for any mixture of allocations.
func TestSamplePointsAreExact(t *testing.T) {
	for seed := range uint64(600) {
		ops := rand.New(rand.NewPCG(seed, 1))
		gaps := rand.New(rand.NewPCG(seed, 2))
		left := gap(gaps) // bytes until the point, by the test's own count

		a := new(Arena)
		d := &samplingDoor{a: a, gaps: rand.New(rand.NewPCG(seed, 2))}
		a.Init(Config{Chunk: 1 << 10}, d)
		a.SampleAfter(gap(d.gaps))
		a.Open()
		if seed%3 == 0 {
			a.SetLimit(3000) // the door spills what is beyond
		}
		if seed%4 == 0 {
			a.Observe(true)
		}
		points := 0
		var vecs []vec3
		var nodes []node
		var marks []Mark
		for i := range 400 {
			d.asked = d.asked[:0]
			var sizes []int // of the allocations made
			grow := false
			what := ""
			switch op := ops.IntN(15); op {
			case 0:
				what, sizes = "tiny", []int{8}
				Bump[tiny](a, Slow)
			case 1:
				what, sizes = "vec3", []int{16}
				Bump[vec3](a, Slow)
			case 2:
				what, sizes = "page", []int{1024}
				Bump[page](a, Slow)
			case 3:
				what, sizes = "node", []int{sizeOf[node]()}
				Bump[node](a, Slow)
			case 4:
				what, sizes = "named", []int{sizeOf[named]()}
				Bump[named](a, Slow)
			case 5:
				n := ops.IntN(20)
				what, sizes = "slice", []int{round(n * 12)}
				vecs = Slice[vec3](a, n, n, true)
			case 6:
				n := ops.IntN(200)
				what, sizes = "uninitialized slice", []int{round(n)}
				Slice[byte](a, n, n, false)
			case 7:
				n := ops.IntN(10)
				what, sizes = "slice of nodes", []int{n * sizeOf[node]()}
				nodes = Slice[node](a, n, n, true)
			case 8:
				n := ops.IntN(100)
				what, sizes = "aligned", []int{round(n)}
				Bytes(a, n, 64)
			case 9:
				what = "typed window of nodes"
				for range ops.IntN(30) {
					TypedOf[node](a).New()
					sizes = append(sizes, sizeOf[node]())
				}
			case 10:
				what = "typed window of vec3"
				for range ops.IntN(30) {
					TypedOf[cell](a).New()
					sizes = append(sizes, sizeOf[cell]())
				}
			case 11:
				if a.barred() {
					continue
				}
				what, grow = "extend", true
				old := cap(vecs)
				var ok bool
				if vecs, ok = Extend(a, vecs, cap(vecs)+ops.IntN(20)); ok {
					sizes = []int{round(cap(vecs)*12) - round(old*12)}
				}
			case 12:
				what, grow = "extend nodes", true
				old := cap(nodes)
				var ok bool
				if nodes, ok = Extend(a, nodes, cap(nodes)+ops.IntN(20)); ok {
					sizes = []int{(cap(nodes) - old) * sizeOf[node]()}
				}
			case 13:
				if len(marks) > 0 && ops.IntN(2) == 0 {
					a.Rollback(marks[len(marks)-1])
					vecs, nodes = nil, nil
				} else {
					marks = append(marks, a.Mark())
				}
			case 14:
				if ops.IntN(10) == 0 {
					a.Reset()
					a.Open()
					marks, vecs, nodes = nil, nil, nil
				}
			}
			var want []int
			for _, n := range sizes {
				if n > left {
					want = append(want, n)
					left = gap(gaps)
				} else {
					left -= n
				}
			}
			points += len(want)
			got := []int{}
			for _, r := range d.asked {
				got = append(got, r.Size)
				if r.Grow != grow {
					t.Errorf("seed %d, step %d, %s: Grow is %v", seed, i, what, r.Grow)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("seed %d, step %d, %s of %v bytes: the door was asked about %v, want %v", seed, i, what, sizes, got, want)
			}
		}
		if points < 20 {
			t.Errorf("seed %d: only %d points", seed, points)
		}
	}
}

func TestNoSamplePointNoQuestion(t *testing.T) {
	a := new(Arena)
	d := &samplingDoor{a: a, gaps: rand.New(rand.NewPCG(1, 1))}
	a.Init(Config{}, d)
	a.SampleAfter(10)
	if !a.Sampling() {
		t.Error("not sampling")
	}
	a.SampleAfter(-1)
	if a.Sampling() || a.limit != maxInt {
		t.Error("still sampling")
	}
	a.Open()
	for range 100 {
		Bump[page](a, Slow)
		Bump[node](a, Slow)
	}
	if len(d.asked) > 0 {
		t.Errorf("the door was asked %d times", len(d.asked))
	}
}

func sizeOf[T any]() int { return int(unsafe.Sizeof(*new(T))) }
