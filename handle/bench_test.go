package handle_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
)

type body struct {
	_      [4]float32 // where it is, and where it goes
	health int
	_      [5]int
}

// BenchmarkGet reads 4096 values in random order: by handle, by pointer, and by key
// from a map, which is what a program without handles has to tell what is gone.
func BenchmarkGet(b *testing.B) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	t := handle.NewTable[body](a, handle.Config{})
	handles := make([]handle.Handle[body], 4096)
	pointers := make([]*body, len(handles))
	keys := make([]uint64, len(handles))
	bodies := make(map[uint64]*body)
	for i := range handles {
		handles[i] = t.New()
		pointers[i] = new(body)
		keys[i] = uint64(i) * 7919
		bodies[keys[i]] = new(body)
	}
	rand.Shuffle(len(handles), func(i, j int) {
		handles[i], handles[j] = handles[j], handles[i]
		pointers[i], pointers[j] = pointers[j], pointers[i]
		keys[i], keys[j] = keys[j], keys[i]
	})
	b.Run("handle", func(b *testing.B) {
		i := 0
		for b.Loop() {
			t.Get(handles[i&4095]).health++
			i++
		}
	})
	b.Run("lookup", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if x, ok := t.Lookup(handles[i&4095]); ok {
				x.health++
			}
			i++
		}
	})
	b.Run("pointer", func(b *testing.B) {
		i := 0
		for b.Loop() {
			pointers[i&4095].health++
			i++
		}
	})
	b.Run("map", func(b *testing.B) {
		i := 0
		for b.Loop() {
			bodies[keys[i&4095]].health++
			i++
		}
	})
}

// BenchmarkNewFree replaces one of 4096 slices of random lengths.
func BenchmarkNewFree(b *testing.B) {
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	lengths := make([]int, 4096)
	for i := range lengths {
		lengths[i] = 1 + rand.IntN(64)
	}
	b.Run("table", func(b *testing.B) {
		t := handle.NewTable[[4]float32](a, handle.Config{})
		var live [4096]handle.Handle[[4]float32]
		for i := range live {
			live[i] = t.NewSlice(lengths[i])
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			k := i * 7919 & 4095
			t.Free(live[k])
			live[k] = t.NewSlice(lengths[i&4095])
			i++
		}
	})
	b.Run("make", func(b *testing.B) {
		var live [4096][][4]float32
		for i := range live {
			live[i] = make([][4]float32, lengths[i])
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			live[i*7919&4095] = make([][4]float32, lengths[i&4095])
			i++
		}
	})
}

// BenchmarkIterate goes through 100,000 values of which a third was freed and as many
// made anew, in the table's order and by pointers.
func BenchmarkIterate(b *testing.B) {
	const n = 100_000
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	t := handle.NewTable[body](a, handle.Config{})
	var handles []handle.Handle[body]
	var pointers []*body
	for range n {
		handles = append(handles, t.New())
		pointers = append(pointers, new(body))
	}
	rand.Shuffle(n, func(i, j int) {
		handles[i], handles[j] = handles[j], handles[i]
		pointers[i], pointers[j] = pointers[j], pointers[i]
	})
	for i := range n / 3 {
		t.Free(handles[i])
		handles[i] = t.New()
		pointers[i] = new(body)
	}
	t.Compact(0)
	b.Run("table", func(b *testing.B) {
		for b.Loop() {
			for _, x := range t.All() {
				x.health++
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
	})
	b.Run("pointers", func(b *testing.B) {
		for b.Loop() {
			for _, x := range pointers {
				x.health++
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/value")
	})
}

// BenchmarkCompact moves 64 KiB of a fragmented table in each turn, beside copying
// 64 KiB.
func BenchmarkCompact(b *testing.B) {
	for _, size := range []int{16, 256, 4096} {
		b.Run(fmt.Sprint("pieces of ", size, " bytes"), func(b *testing.B) {
			a := framealloc.NewAllocator(framealloc.Config{})
			defer a.Close()
			t := handle.NewTable[byte](a, handle.Config{Reserve: 16 << 20})
			var live []handle.Handle[byte]
			b.SetBytes(64 << 10)
			for b.Loop() {
				if t.Compact(64<<10) == 0 {
					b.StopTimer()
					for _, h := range live {
						t.Free(h)
					}
					live = live[:0]
					for range 8 << 20 / size {
						h := t.NewSlice(size)
						live = append(live, t.NewSlice(size))
						t.Free(h)
					}
					for i, h := range live {
						if i%2 == 0 {
							t.Free(h)
							live[i] = t.NewSlice(size)
						}
					}
					b.StartTimer()
				}
			}
		})
	}
	b.Run("copy", func(b *testing.B) {
		from, to := make([]byte, 64<<10), make([]byte, 64<<10)
		b.SetBytes(64 << 10)
		for b.Loop() {
			copy(to, from)
		}
	})
}
