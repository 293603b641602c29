package framealloc

import "testing"

// BenchmarkNew measures the fast path with each thing that could stand in its
// way, one allocation an op: compare "plain" between two versions of the package,
// and the others with it. A frame has 1,000 allocations of 64 bytes.
func BenchmarkNew(b *testing.B) {
	type item struct{ a [8]int }
	run := func(name string, prepare func(a *Allocator) Config, scope func(f *Frame, n int, alloc func(f *Frame, n int))) {
		b.Run(name, func(b *testing.B) {
			var c Config
			if prepare != nil {
				c = prepare(nil)
			}
			a := NewAllocator(c)
			defer a.Close()
			if prepare != nil {
				prepare(a)
			}
			alloc := func(f *Frame, n int) {
				for i := range n {
					New[item](f).a[0] = i
				}
			}
			b.ReportAllocs()
			for i := 0; i < b.N; i += 1000 {
				f := a.BeginFrame()
				if scope == nil {
					alloc(f, 1000)
				} else {
					scope(f, 1000, alloc)
				}
				a.EndFrame()
			}
		})
	}
	with := func(fn func(a *Allocator)) func(a *Allocator) Config {
		return func(a *Allocator) (c Config) {
			if a != nil {
				fn(a)
			}
			return c
		}
	}
	run("plain", nil, nil)
	run("10 tags", nil, func(f *Frame, n int, alloc func(*Frame, int)) {
		for range 10 {
			end := f.Tag("tag")
			alloc(f, n/10)
			end()
		}
	})
	run("10 phases", nil, func(f *Frame, n int, alloc func(*Frame, int)) {
		for range 10 {
			end := f.Phase("phase")
			alloc(f, n/10)
			end()
		}
	})
	run("10 scopes", nil, func(f *Frame, n int, alloc func(*Frame, int)) {
		for range 10 {
			f.Sub(func(f *Frame) { alloc(f, n/10) })
		}
	})
	run("worker budget", with(func(a *Allocator) { a.Main().SetFrameBudget(MiB) }), nil)
	run("global budget", with(func(a *Allocator) { a.SetBudget(Budget{Hard: MiB}) }), nil)
	run("tag budget", with(func(a *Allocator) { a.SetTagBudget("tag", Budget{Hard: MiB}) }), func(f *Frame, n int, alloc func(*Frame, int)) {
		defer f.Tag("tag")()
		alloc(f, n)
	})
	run("frame observer", with(func(a *Allocator) { a.Observe(Hooks{FrameEnd: func(FrameEnd) {}}) }), nil)
	run("allocation observer", with(func(a *Allocator) { a.Observe(Hooks{Alloc: func(Alloc) {}}) }), nil)
	run("debug", func(*Allocator) Config { return Config{Debug: true} }, nil)
}

func BenchmarkFrame(b *testing.B) {
	b.Run("empty", func(b *testing.B) {
		a := NewAllocator(Config{})
		defer a.Close()
		for range b.N {
			a.BeginFrame()
			a.EndFrame()
		}
	})
	b.Run("retain 1", func(b *testing.B) {
		a := NewAllocator(Config{})
		defer a.Close()
		for range b.N {
			h := Retain[plain](a.BeginFrame(), ToPool)
			v, _ := Promoted(a.EndFrameWithPromotions(), h)
			PoolPut(a, v)
		}
	})
	b.Run("fork 1", func(b *testing.B) {
		a := NewAllocator(Config{})
		defer a.Close()
		for range b.N {
			a.BeginFrame().Fork().Join()
			a.EndFrame()
		}
	})
}
