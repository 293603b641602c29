package snapshot

import (
	"fmt"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
)

// TestTakeWhileFramesRun takes snapshots from several goroutines while workers
// come, run frames with tags, phases and budgets, and go. What only grows must
// never shrink.
func TestTakeWhileFramesRun(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{Modes: framealloc.ModeDebug})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	h := NewHistory(o, 4, 0)
	defer h.Stop()
	e, err := NewEmitter(o, Config{Dir: t.TempDir(), Every: 1, MinInterval: -1, Keep: 3})
	if err != nil {
		t.Fatal(err)
	}
	alloc.SetBudget(framealloc.Budget{Hard: 1 << 30})
	alloc.SetTagBudget("ai", framealloc.Budget{Soft: 64})

	var frames sync.WaitGroup
	for i := range 3 {
		frames.Go(func() {
			for n := range 20 { // workers come and go
				w := alloc.NewWorker(fmt.Sprintf("worker %d", i))
				w.SetBudget(framealloc.Budget{Hard: 1 << 20})
				for range 20 {
					w.Frame(func(f *framealloc.Frame) {
						defer f.Phase("update")()
						defer f.Tag("ai")()
						defer f.Tag(fmt.Sprintf("paths %d", n%5))()
						framealloc.Bytes(f, 100)
						framealloc.PoolPut(f, framealloc.PoolGet[body](f))
					})
				}
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			var s, from Snapshot
			frames, bytes := uint64(0), uint64(0)
			for {
				o.Take(&s)
				if s.Totals.Frames < frames || s.Totals.Frame.Bytes < bytes {
					t.Errorf("%d frames and %d bytes after %d and %d", s.Totals.Frames, s.Totals.Frame.Bytes, frames, bytes)
				}
				frames, bytes = s.Totals.Frames, s.Totals.Frame.Bytes
				h.Latest(1, &from)
				e.Stats()
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range 200 {
		alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 8) })
	}
	frames.Wait()
	close(done)
	readers.Wait()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	var s Snapshot
	o.Take(&s)
	requireValid(t, &s)
	if s.Totals.Frames != 3*20*20+200 || s.Totals.Frame.Bytes != 3*20*20*104+200*8 {
		t.Errorf("in the end: %+v", s.Totals)
	}
	if st := e.Stats(); st.Taken+st.Dropped != 200 || st.Written != st.Taken {
		t.Errorf("emitter: %+v, want 200 due", st)
	}
}
