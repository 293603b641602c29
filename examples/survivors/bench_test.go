package main

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/framealloc/framealloc"
)

// BenchmarkTurn plays a tick and lays out a picture of it, against 3,200 foes, with
// temporary data from frames and from the heap. Nothing is drawn: what Ebitengine
// does then is the same for both.
func BenchmarkTurn(b *testing.B) {
	for _, from := range []struct {
		name string
		heap bool
	}{{"frames", false}, {"heap", true}} {
		b.Run(from.name, func(b *testing.B) {
			alloc := framealloc.NewAllocator(config())
			defer alloc.Close()
			draws := alloc.NewWorker("draw")
			g := newGame(settings{auto: true, foes: 3200, upgrades: 40, seed: 4, heap: from.heap})
			turns(alloc, draws, g, 400)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			took := make([]time.Duration, 0, b.N)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				began := time.Now()
				turns(alloc, draws, g, 1)
				took = append(took, time.Since(began))
			}
			b.StopTimer()
			runtime.ReadMemStats(&after)
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			b.ReportMetric(float64(after.NumGC-before.NumGC)/float64(b.N)*1000, "collections/1000")
		})
	}
}
