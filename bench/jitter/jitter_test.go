package jitter

import (
	"testing"
	"time"
)

func TestSummarize(t *testing.T) {
	times := make([]time.Duration, 2000)
	for i := range times {
		times[len(times)-1-i] = time.Duration(i+1) * time.Millisecond
	}
	got := summarize(times)
	want := Result{Frames: 2000, P50: 1001, P99: 1981, P999: 1999, Max: 2000}
	if got != want {
		t.Errorf("summarize = %+v, want %+v", got, want)
	}
}

func TestRun(t *testing.T) {
	for _, name := range Modes() {
		t.Run(name, func(t *testing.T) {
			r, err := Run(name, 3, 1)
			if err != nil {
				t.Fatal(err)
			}
			if r.Mode != name || r.Frames != 3 {
				t.Errorf("ran %q for %d frames", r.Mode, r.Frames)
			}
			if r.P50 <= 0 || r.P50 > r.P99 || r.P99 > r.P999 || r.P999 > r.Max {
				t.Errorf("quantiles out of order: %+v", r)
			}
			const temporaries = 4 * each
			if heap := name == heapMode.name; heap != (r.HeapAllocs >= temporaries) {
				t.Errorf("%.1f heap allocations a frame of %d temporaries", r.HeapAllocs, temporaries)
			}
		})
	}
	if _, err := Run("nothing", 1, 1); err == nil {
		t.Error("no error for a mode that is none")
	}
}

func TestWorldSize(t *testing.T) {
	n := 0
	for e := newWorld(1); e != nil; e = e.next {
		if e.near == nil {
			t.Fatal("an entity without a neighbour")
		}
		n++
	}
	if want := 1_000_000 / 96; n != want {
		t.Errorf("%d entities in a megabyte, want %d", n, want)
	}
}
