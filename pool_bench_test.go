package framealloc

import (
	"sync"
	"testing"
)

type pooled64 struct{ a [8]uint64 }

func BenchmarkPool(b *testing.B) {
	b.Run("sync.Pool", func(b *testing.B) {
		p := sync.Pool{New: func() any { return new(pooled64) }}
		for b.Loop() {
			x := p.Get().(*pooled64)
			x.a[0]++
			*x = pooled64{}
			p.Put(x)
		}
	})
	b.Run("sync.Pool, not zeroed", func(b *testing.B) {
		p := sync.Pool{New: func() any { return new(pooled64) }}
		for b.Loop() {
			x := p.Get().(*pooled64)
			x.a[0]++
			p.Put(x)
		}
	})
	b.Run("Pool", func(b *testing.B) {
		a := NewAllocator(Config{})
		p := PoolOf[pooled64](a)
		for b.Loop() {
			x := p.Get()
			x.a[0]++
			p.Put(x)
		}
	})
	b.Run("Pool of pointers", func(b *testing.B) {
		a := NewAllocator(Config{})
		p := PoolOf[poolNode](a)
		for b.Loop() {
			x := p.Get()
			x.next = x
			p.Put(x)
		}
	})
	b.Run("PoolGet, PoolPut", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			x := PoolGet[pooled64](a)
			x.a[0]++
			PoolPut(a, x)
		}
	})
	b.Run("PoolBox", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			x := PoolBox[pooled64](a)
			x.Get().a[0]++
			x.Free()
		}
	})
	b.Run("BytesGet 64", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			x := BytesGet(a, 64)
			x[0]++
			BytesPut(a, x)
		}
	})
	// Sixty objects out at once, of a magazine of 64: across the depot.
	b.Run("Pool, 1000 out", func(b *testing.B) {
		a := NewAllocator(Config{})
		p := PoolOf[pooled64](a)
		var live [1000]*pooled64
		for i := 0; i < b.N; i += len(live) {
			for j := range live {
				live[j] = p.Get()
			}
			for _, x := range live {
				p.Put(x)
			}
		}
	})
}
