package snapshot

import (
	"slices"
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	bounds := DurationBounds()
	if !slices.IsSorted(bounds[:]) {
		t.Errorf("bounds %v", bounds)
	}
	var sum Timing
	for i, b := range bounds { // a bound is part of its bucket, and what is above it of the next
		for _, c := range []struct {
			took time.Duration
			in   int
		}{{b, i}, {b + 1, i + 1}} {
			var x Timing
			x.book(c.took, 2, 1)
			for j, n := range x.Buckets {
				if (n == 1) != (j == c.in) || n > 1 {
					t.Errorf("%v is in bucket %v, want %d", c.took, x.Buckets, c.in)
					break
				}
			}
			sum.book(c.took, 2, 1)
		}
	}
	n := uint64(2 * len(bounds))
	if sum.Frames != n || sum.Collections != n || sum.Pause != int64(2*n) || sum.Last != int64(time.Second)+1 || sum.Max != sum.Last {
		t.Errorf("sum %+v", sum)
	}
}
