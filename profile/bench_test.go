package profile

import (
	"testing"

	"github.com/framealloc/framealloc"
)

// BenchmarkSampling compares a frame of 1,000 small values, half of them with
// pointers, without a profile, after one, and during one.
func BenchmarkSampling(b *testing.B) {
	run := func(b *testing.B, a *framealloc.Allocator) {
		defer a.Close()
		b.ReportAllocs()
		for b.Loop() {
			f := a.BeginFrame()
			for range 500 {
				framealloc.New[[6]uint64](f)
				framealloc.New[particle](f)
			}
			a.EndFrame()
		}
	}
	b.Run("never", func(b *testing.B) {
		run(b, framealloc.NewAllocator(framealloc.Config{}))
	})
	b.Run("stopped", func(b *testing.B) {
		a := framealloc.NewAllocator(framealloc.Config{})
		p := Start(a, Config{})
		a.Frame(func(f *framealloc.Frame) { framealloc.New[particle](f) })
		p.Stop()
		run(b, a)
	})
	for _, c := range []struct {
		name string
		rate int
	}{{"rate 512 KiB", 512 << 10}, {"rate 64 KiB", 64 << 10}, {"rate 4 KiB", 4 << 10}} {
		b.Run(c.name, func(b *testing.B) {
			a := framealloc.NewAllocator(framealloc.Config{})
			defer Start(a, Config{Rate: c.rate}).Stop()
			run(b, a)
		})
	}
}

// BenchmarkSamplingPools is the same for round trips through a pool.
func BenchmarkSamplingPools(b *testing.B) {
	for _, on := range []bool{false, true} {
		name := map[bool]string{false: "off", true: "rate 64 KiB"}[on]
		b.Run(name, func(b *testing.B) {
			a := framealloc.NewAllocator(framealloc.Config{})
			defer a.Close()
			if on {
				defer Start(a, Config{}).Stop()
			}
			f := a.BeginFrame()
			pool := framealloc.PoolOf[particle](f)
			for b.Loop() {
				pool.Put(pool.Get())
			}
			a.EndFrame()
		})
	}
}
