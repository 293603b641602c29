package snapshot

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc"
)

func TestHistory(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	o := Observe(alloc)
	defer o.Stop()
	h := NewHistory(o, 3, 0)
	frame := func() { alloc.Frame(func(f *framealloc.Frame) { framealloc.Bytes(f, 8) }) }
	var s Snapshot
	frame() // as the first begins, there is nothing to keep
	if h.Len() != 0 || h.Latest(0, &s) || len(h.Snapshots()) != 0 {
		t.Error("a history with something in it before the first boundary")
	}
	for n := 2; n <= 8; n++ { // as frame n begins, n-1 is over
		frame()
		want := min(n-1, 3)
		list := h.Snapshots()
		if h.Len() != want || len(list) != want {
			t.Fatalf("%d and %d in the history, want %d", h.Len(), len(list), want)
		}
		for i, kept := range list {
			if number := uint64(n - want + i); kept.Frame.Number != number || kept.Totals.Frame.Bytes != 8*number {
				t.Errorf("after frame %d, snapshot %d is of %+v", n, i, kept.Frame)
			}
			if !h.Latest(want-1-i, &s) || s.Frame != kept.Frame || s.Sequence != kept.Sequence {
				t.Errorf("Latest(%d) is of frame %d, want %d", want-1-i, s.Frame.Number, kept.Frame.Number)
			}
		}
	}
	if h.Latest(-1, &s) || h.Latest(3, &s) {
		t.Error("snapshots beyond the history")
	}
	h.Stop()
	frame()
	if h.Latest(0, &s); s.Frame.Number != 7 {
		t.Errorf("the last one after Stop is of frame %d, want 7", s.Frame.Number)
	}
}

func TestHistoryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alloc := framealloc.NewAllocator(framealloc.Config{})
		defer alloc.Close()
		o := Observe(alloc)
		defer o.Stop()
		h := NewHistory(o, 100, 100*time.Millisecond)
		defer h.Stop()
		begin := time.Now()
		for range 101 {
			alloc.Frame(func(*framealloc.Frame) {})
			time.Sleep(10 * time.Millisecond)
		}
		list := h.Snapshots()
		if len(list) != 10 {
			t.Fatalf("%d snapshots in a second, want 10", len(list))
		}
		for i, s := range list {
			if got, want := s.Taken.Sub(begin).Milliseconds(), int64(10+100*i); got != want {
				t.Errorf("snapshot %d after %d ms, want %d", i, got, want)
			}
		}
	})
}

func TestHistoryOfNothing(t *testing.T) {
	o, _ := scene(t)
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewHistory(o, 0, 0)
}
