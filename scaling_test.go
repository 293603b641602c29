package framealloc

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"unsafe"
)

// BenchmarkScaling has 1 to 2*GOMAXPROCS goroutines allocate 64-byte values at
// once: each from a fork of one frame, each from a worker of its own, from the heap,
// and from a sync.Pool that all share. ns/op is wall time for one allocation of
// each goroutine, and ratio that against one goroutine alone: 1 where the cores
// suffice, n/cores beyond.
func BenchmarkScaling(b *testing.B) {
	type item struct{ a [8]int }
	const perFrame = 1000
	alone := map[string]float64{}
	for _, n := range scalingWidths() {
		kinds := []struct {
			name string
			loop func(n, frames int)
		}{
			{"fork", func(n, frames int) {
				a := NewAllocator(Config{})
				defer a.Close()
				for range frames {
					f := a.BeginFrame()
					var wg sync.WaitGroup
					for range n {
						c := f.Fork()
						wg.Go(func() {
							for i := range perFrame {
								New[item](c).a[0] = i
							}
							c.Join()
						})
					}
					wg.Wait()
					a.EndFrame()
				}
			}},
			{"worker", func(n, frames int) {
				a := NewAllocator(Config{})
				defer a.Close()
				together(n, func(k int) func() {
					w := a.NewWorker(fmt.Sprint(k))
					return func() {
						for range frames {
							f := w.BeginFrame()
							for i := range perFrame {
								New[item](f).a[0] = i
							}
							w.EndFrame()
						}
					}
				})
			}},
			{"heap", func(n, frames int) {
				together(n, func(int) func() {
					return func() {
						var keep *item
						for i := range frames * perFrame {
							keep = &item{}
							keep.a[0] = i
							runtime.KeepAlive(escape(keep))
						}
					}
				})
			}},
			{"sync.Pool", func(n, frames int) {
				pool := sync.Pool{New: func() any { return new(item) }}
				together(n, func(int) func() {
					return func() {
						for i := range frames * perFrame {
							x := pool.Get().(*item)
							x.a[0] = i
							pool.Put(x)
						}
					}
				})
			}},
		}
		for _, k := range kinds {
			b.Run(fmt.Sprintf("%s/%d", k.name, n), func(b *testing.B) {
				frames := b.N/perFrame + 1
				b.ResetTimer()
				k.loop(n, frames)
				b.StopTimer()
				each := float64(b.Elapsed().Nanoseconds()) / float64(frames*perFrame)
				if n == 1 {
					alone[k.name] = each
				}
				b.ReportMetric(each, "ns/op")
				if one := alone[k.name]; one > 0 {
					b.ReportMetric(each/one, "ratio")
				}
			})
		}
	}
}

func scalingWidths() (n []int) {
	for k := 1; k <= 2*runtime.GOMAXPROCS(0); k *= 2 {
		n = append(n, k)
	}
	return n
}

// together prepares n loops and runs them at once.
func together(n int, prepare func(k int) func()) {
	var wg sync.WaitGroup
	for k := range n {
		if loop := prepare(k); loop != nil {
			wg.Go(loop)
		}
	}
	wg.Wait()
}

//go:noinline
func escape[T any](p *T) *T { return p }

// TestWorkersShareNoCacheLine compares where the state is that each worker, or
// fork, writes all the time: apart by at least two lines, for processors fetch
// pairs.
func TestWorkersShareNoCacheLine(t *testing.T) {
	const apart = 128
	a := NewAllocator(Config{FramesInFlight: 1})
	defer a.Close()
	f := a.BeginFrame()
	type area struct {
		name     string
		from, to uintptr
		owner    int
	}
	var areas []area
	add := func(owner int, w *Worker) {
		areas = append(areas, area{w.name, uintptr(unsafe.Pointer(w)), uintptr(unsafe.Pointer(w)) + unsafe.Sizeof(*w), owner},
			area{w.name + " figures", uintptr(unsafe.Pointer(w.published)) + 64, uintptr(unsafe.Pointer(w.published)) + unsafe.Sizeof(*w.published) - 64, owner})
		for _, s := range w.slots {
			// The hot words lead the frame.
			areas = append(areas, area{w.name + " frame", uintptr(unsafe.Pointer(s)), uintptr(unsafe.Pointer(s)) + 64, owner})
		}
	}
	owner := 0
	add(owner, a.main)
	for range 4 {
		owner++
		add(owner, a.NewWorker("other"))
	}
	for range 4 {
		owner++
		c := f.Fork()
		add(owner, c.w)
		defer c.Join()
	}
	for i, x := range areas {
		for _, y := range areas[i+1:] {
			if x.owner != y.owner && x.from/apart <= (y.to-1)/apart && y.from/apart <= (x.to-1)/apart {
				t.Errorf("%s (%#x to %#x) and %s (%#x to %#x) share a line", x.name, x.from, x.to, y.name, y.from, y.to)
			}
		}
	}
}
