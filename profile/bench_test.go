package profile

import (
	"path/filepath"
	"testing"
	"time"

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

// BenchmarkWatching compares a frame with two phases, two tags and 100 values by
// what watches it.
func BenchmarkWatching(b *testing.B) {
	run := func(b *testing.B, watch func(a *framealloc.Allocator) (stop func())) {
		a := framealloc.NewAllocator(framealloc.Config{})
		defer a.Close()
		if watch != nil {
			defer watch(a)()
		}
		b.ReportAllocs()
		for b.Loop() {
			f := a.BeginFrame()
			for range 2 {
				f.WithPhase("update", func() {
					f.WithTag("ai", func() {
						for range 50 {
							framealloc.New[[6]uint64](f)
						}
					})
				})
			}
			a.EndFrame()
		}
	}
	slow := func(c SlowConfig) func(a *framealloc.Allocator) func() {
		return func(a *framealloc.Allocator) func() {
			s, err := OnSlowFrame(a, c)
			if err != nil {
				b.Fatal(err)
			}
			return s.Close
		}
	}
	b.Run("nothing", func(b *testing.B) { run(b, nil) })
	b.Run("stopped", func(b *testing.B) {
		run(b, func(a *framealloc.Allocator) func() {
			p := Start(a, Config{})
			a.Frame(func(*framealloc.Frame) {})
			p.Stop()
			return func() {}
		})
	})
	b.Run("empty hook", func(b *testing.B) {
		run(b, func(a *framealloc.Allocator) func() {
			return a.Observe(framealloc.Hooks{FrameEnd: func(framealloc.FrameEnd) {}})
		})
	})
	b.Run("profile", func(b *testing.B) {
		run(b, func(a *framealloc.Allocator) func() { return Start(a, Config{}).Stop })
	})
	b.Run("trace, none recorded", func(b *testing.B) { run(b, Trace) })
	b.Run("events", func(b *testing.B) {
		run(b, func(a *framealloc.Allocator) func() {
			e, err := NewEvents(a, filepath.Join(b.TempDir(), "events.json"), EventsConfig{})
			if err != nil {
				b.Fatal(err)
			}
			return func() { _ = e.Close() }
		})
	})
	b.Run("slow frames", func(b *testing.B) { run(b, slow(SlowConfig{Budget: time.Hour})) })
	b.Run("slow frames, recorder", func(b *testing.B) { run(b, slow(SlowConfig{Budget: time.Hour, Dir: b.TempDir()})) })
}
