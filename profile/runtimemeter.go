package profile

import (
	"math"
	"runtime/metrics"
	"time"
)

// A runtimeMeter reads what the Go runtime has counted, for all goroutines
// together, without allocating after the first time.
type runtimeMeter struct {
	samples [7]metrics.Sample
}

// The metrics, by their place in samples. Those of the collector's time are
// brought up to date when a collection ends.
const (
	metricCycles = iota
	metricForced
	metricAssist
	metricDedicated
	metricIdle
	metricMutexWait
	metricSchedWait
)

func newRuntimeMeter() *runtimeMeter {
	m := &runtimeMeter{}
	for i, name := range [...]string{
		"/gc/cycles/total:gc-cycles", "/gc/cycles/forced:gc-cycles",
		"/cpu/classes/gc/mark/assist:cpu-seconds", "/cpu/classes/gc/mark/dedicated:cpu-seconds",
		"/cpu/classes/gc/mark/idle:cpu-seconds",
		"/sync/mutex/wait/total:seconds", "/sched/latencies:seconds",
	} {
		m.samples[i].Name = name
	}
	return m
}

// A runtimeReading is what was counted since the program began.
type runtimeReading struct {
	cycles, forced          uint64
	assist, dedicated, idle time.Duration
	mutexWait, schedWait    time.Duration
}

func (m *runtimeMeter) read() runtimeReading {
	metrics.Read(m.samples[:])
	return runtimeReading{
		cycles: m.count(metricCycles), forced: m.count(metricForced),
		assist: m.seconds(metricAssist), dedicated: m.seconds(metricDedicated), idle: m.seconds(metricIdle),
		mutexWait: m.seconds(metricMutexWait), schedWait: m.sum(metricSchedWait),
	}
}

// count, seconds and sum are 0 for a metric that the runtime does not know.
func (m *runtimeMeter) count(i int) uint64 {
	if v := m.samples[i].Value; v.Kind() == metrics.KindUint64 {
		return v.Uint64()
	}
	return 0
}

func (m *runtimeMeter) seconds(i int) time.Duration {
	if v := m.samples[i].Value; v.Kind() == metrics.KindFloat64 {
		return time.Duration(v.Float64() * float64(time.Second))
	}
	return 0
}

// sum estimates the sum of what a histogram has counted, by the middles of its
// buckets.
func (m *runtimeMeter) sum(i int) time.Duration {
	v := m.samples[i].Value
	if v.Kind() != metrics.KindFloat64Histogram {
		return 0
	}
	h := v.Float64Histogram()
	sum := 0.0
	for i, n := range h.Counts {
		if n == 0 {
			continue
		}
		from, to := h.Buckets[i], h.Buckets[i+1]
		if math.IsInf(from, 0) {
			from = to
		}
		if math.IsInf(to, 0) {
			to = from
		}
		sum += float64(n) * (from + to) / 2
	}
	return time.Duration(sum * float64(time.Second))
}

// markShare is the part of GOMAXPROCS that the collector takes for itself while
// it marks.
const markShare = 0.25

// marked estimates how long the collector was marking in the collections that
// ended between two readings: no less than the processor time that it took for
// itself needs at its share, and no less than all marking needs on all processors.
// (The first alone was a thirtieth to four fifths of it where a processor had
// nothing else to do, which then marks for nothing.) In a heap that only one
// processor at a time can mark it took longer.
func (r runtimeReading) marked(old runtimeReading, procs int) time.Duration {
	own, all := r.dedicated-old.dedicated, r.idle-old.idle+r.assist-old.assist
	all += own
	procs = max(1, procs)
	return max(time.Duration(float64(own)/(markShare*float64(procs))), all/time.Duration(procs))
}

// since fills in what happened between two readings.
func (r runtimeReading) since(old runtimeReading, procs int, f *Figures) {
	f.Collections = int(r.cycles - old.cycles)
	f.Forced = int(r.forced - old.forced)
	f.Assist = r.assist - old.assist
	f.Marking = r.marked(old, procs)
	f.MutexWait = r.mutexWait - old.mutexWait
	f.SchedWait = r.schedWait - old.schedWait
}
