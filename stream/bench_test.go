package stream_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

// BenchmarkUse uses one of 256 entries, in frames of 100 uses.
func BenchmarkUse(b *testing.B) {
	setup := func(b *testing.B) (*framealloc.Allocator, []*stream.Entry[byte]) {
		a := framealloc.NewAllocator(framealloc.Config{})
		b.Cleanup(func() { a.Close() })
		s := stream.New[byte](a, stream.Config{Budget: framealloc.MiB})
		b.Cleanup(s.Close)
		var all []*stream.Entry[byte]
		for i := range 256 {
			e := s.Entry(fmt.Sprint(i), 1024, stream.Normal, func(context.Context, *stream.Entry[byte], []byte) error { return nil })
			if err := e.Wait(context.Background()); err != nil {
				b.Fatal(err)
			}
			all = append(all, e)
		}
		return a, all
	}
	b.Run("one worker", func(b *testing.B) {
		a, all := setup(b)
		b.ReportAllocs()
		f := a.BeginFrame()
		i := 0
		for b.Loop() {
			if i++; i%100 == 0 {
				a.EndFrame()
				f = a.BeginFrame()
			}
			if _, ok := all[i*7919&255].Use(f); !ok {
				b.Fatal("not there")
			}
		}
		a.EndFrame()
	})
	b.Run("workers", func(b *testing.B) {
		a, all := setup(b)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			w := a.NewWorker("w")
			defer w.Close()
			f := w.BeginFrame()
			defer func() { w.EndFrame() }()
			for i := 0; pb.Next(); i++ {
				if i%100 == 99 {
					w.EndFrame()
					f = w.BeginFrame()
				}
				if _, ok := all[i*7919&255].Use(f); !ok {
					b.Error("not there")
				}
			}
		})
	})
}

// BenchmarkFill loads 64 KiB over and over where 16 of them fit, which evicts the
// oldest each time; beside it, a new buffer each time.
func BenchmarkFill(b *testing.B) {
	const n = 64 << 10
	b.Run("stream", func(b *testing.B) {
		a := framealloc.NewAllocator(framealloc.Config{})
		defer a.Close()
		s := stream.New[byte](a, stream.Config{Budget: 16 * n})
		defer s.Close()
		var all []*stream.Entry[byte]
		for i := range 20 {
			all = append(all, s.Entry(fmt.Sprint(i), n, stream.Normal, nil))
		}
		b.SetBytes(n)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			e := all[i%len(all)]
			i++
			dst, err := e.Begin()
			if err != nil {
				b.Fatal(err)
			}
			dst[0] = 1
			if err := e.Finish(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("make", func(b *testing.B) {
		var all [16][]byte
		b.SetBytes(n)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			dst := make([]byte, n)
			dst[0] = 1
			all[i%len(all)] = dst
			i++
		}
	})
}
