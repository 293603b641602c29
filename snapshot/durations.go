package snapshot

import "time"

// DurationBuckets is the number of buckets that frames are sorted into by their
// duration.
const DurationBuckets = 14

// durationBounds are where the budgets of usual frame rates end, rounded up a
// little, and some places around.
var durationBounds = [DurationBuckets - 1]int64{
	int64(250 * time.Microsecond),
	int64(500 * time.Microsecond),
	int64(1 * time.Millisecond),
	int64(2 * time.Millisecond),
	int64(4 * time.Millisecond),
	int64(7 * time.Millisecond),    // 144 a second: 6.94 ms
	int64(8500 * time.Microsecond), // 120: 8.33 ms
	int64(17 * time.Millisecond),   // 60: 16.67 ms
	int64(34 * time.Millisecond),   // 30: 33.33 ms
	int64(50 * time.Millisecond),
	int64(100 * time.Millisecond),
	int64(250 * time.Millisecond),
	int64(1 * time.Second),
}

// DurationBounds returns the upper bounds of the buckets in [Timing], but for the
// last, which has none. Each bound is part of its bucket.
func DurationBounds() (bounds [DurationBuckets - 1]time.Duration) {
	for i, ns := range durationBounds {
		bounds[i] = time.Duration(ns)
	}
	return bounds
}

// book adds a frame.
func (t *Timing) book(took, pause time.Duration, collections int) {
	t.Frames++
	t.Last = int64(took)
	t.Max = max(t.Max, t.Last)
	t.Total += t.Last
	t.Collections += uint64(collections)
	t.Pause += int64(pause)
	i := 0
	for i < len(durationBounds) && t.Last > durationBounds[i] {
		i++
	}
	t.Buckets[i]++
}
