package profile

import (
	"strings"
	"testing"
	"time"
)

const ms = time.Millisecond

// usualFrame is an ordinary frame of a loop that waits for the display: 8 ms of
// work, 8 ms of waiting.
var usualFrame = Breakdown{Own: 8 * ms, Blocked: 8 * ms}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      Figures
		usual  Breakdown
		cause  Cause
		excess time.Duration
		says   string
	}{
		{"a busy loop",
			Figures{Wall: 40 * ms, CPU: 39 * ms}, Breakdown{}, OwnWork, 39 * ms, "own work 39ms, blocked 1ms; neither the collector"},
		{"more work than usual, while the display is waited for as usual",
			Figures{Wall: 40 * ms, CPU: 30 * ms}, usualFrame, OwnWork, 22 * ms, "own work 30ms (usually 8ms), blocked 10ms (usually 8ms)"},
		{"more work, and a collection that did no harm",
			Figures{Wall: 50 * ms, CPU: 42 * ms, Collections: 1, Marking: 3 * ms, Pause: 100 * time.Microsecond, Assist: 1 * ms},
			usualFrame, OwnWork, 33 * ms, "own work 41ms"},
		{"waiting for a channel",
			Figures{Wall: 60 * ms, CPU: 8 * ms}, usualFrame, Waiting, 44 * ms, "where it blocked"},
		{"waiting for a channel while a collection runs elsewhere, blamed on the collector by many",
			Figures{Wall: 60 * ms, CPU: 8 * ms, Collections: 1, Marking: 20 * ms, Pause: 200 * time.Microsecond, Assist: 2 * ms, SchedWait: 1 * ms},
			usualFrame, Waiting, 60*ms - 8*ms - 200*time.Microsecond - 1*ms - 8*ms, "blocked 50.8ms"},
		{"waiting for a lock",
			Figures{Wall: 60 * ms, CPU: 8 * ms, MutexWait: 45 * ms}, usualFrame, Waiting, 45 * ms, "mutex profile"},
		{"other goroutines have all processors",
			Figures{Wall: 60 * ms, CPU: 8 * ms, SchedWait: 300 * ms}, usualFrame, Waiting, 52 * ms, "GOMAXPROCS"},
		{"assists",
			Figures{Wall: 40 * ms, CPU: 38 * ms, Collections: 2, Marking: 38 * ms, Assist: 25 * ms}, usualFrame, Collector, 25 * ms, "allocates on the heap"},
		{"assists of others explain no more than is beyond the usual work",
			Figures{Wall: 17 * ms, CPU: 9 * ms, Collections: 1, Marking: 10 * ms, Assist: 80 * ms}, usualFrame, Collector, 1 * ms, "assist 1ms"},
		{"assists that sleep, since the heap is one long list (as measured)",
			Figures{Wall: 1192 * ms, CPU: 554 * ms, RunQueue: 53 * ms, Collections: 20, Marking: 1069 * ms, Pause: 2 * ms, Assist: 303 * ms, MutexWait: 1 * ms, SchedWait: 75 * ms},
			Breakdown{}, Collector, (2 + 303 + 75 + 507 - (1192 - 1069)) * ms, "blocked 123ms"},
		{"a wait during a collection, with a little assist, is no wait for the collector",
			Figures{Wall: 60 * ms, CPU: 9 * ms, Collections: 1, Marking: 60 * ms, Assist: 2 * ms}, usualFrame, Waiting, (51 - 2*1 - 8) * ms, "blocked 49ms"},
		{"a lost core",
			Figures{Wall: 40 * ms, CPU: 8 * ms, Collections: 1, Marking: 30 * ms, SchedWait: 28 * ms}, usualFrame, Collector, 28 * ms, "had the processors"},
		{"a long pause",
			Figures{Wall: 30 * ms, CPU: 8 * ms, Collections: 1, Marking: 1 * ms, Pause: 20 * ms}, usualFrame, Collector, 20 * ms, "pauses are longer"},
		{"runtime.GC called in the frame",
			Figures{Wall: 70 * ms, CPU: 10 * ms, Collections: 1, Forced: 1, Marking: 50 * ms, Pause: 100 * time.Microsecond}, usualFrame, Collector, 50*ms + 100*time.Microsecond, "forced"},
		{"preempted by the system",
			Figures{Wall: 40 * ms, CPU: 9 * ms, RunQueue: 25 * ms}, usualFrame, OperatingSystem, 25 * ms, "other programs"},
		{"preempted, where the system only counts how often",
			Figures{Wall: 40 * ms, CPU: 9 * ms, RunQueue: -1, Switched: 5}, usualFrame, OperatingSystem, 20 * ms, "other programs"},
		{"paging",
			Figures{Wall: 90 * ms, CPU: 9 * ms, RunQueue: 0, MajorFaults: 70}, usualFrame, OperatingSystem, 70 * ms, "from the disk"},
		{"the thread is unknown, and the collector cannot be it",
			Figures{Wall: 40 * ms, CPU: -1, RunQueue: -1, Switched: -1, MajorFaults: -1, Pause: 1 * ms, Collections: 1}, Breakdown{}, Unclear, 39 * ms, "LockThread"},
		{"the thread is unknown, but the pause is not",
			Figures{Wall: 40 * ms, CPU: -1, RunQueue: -1, Switched: -1, MajorFaults: -1, Pause: 25 * ms, Collections: 1}, Breakdown{Unknown: 14 * ms}, Collector, 25 * ms, "pause 25ms"},
		{"nothing beyond the usual",
			Figures{Wall: 16 * ms, CPU: 8 * ms}, usualFrame, Unclear, 0, "own work 8ms"},
	} {
		v := Judge(c.f, c.usual)
		if v.Cause != c.cause || v.Excess != c.excess {
			t.Errorf("%s: %v explains %v, want %v and %v\n%v", c.name, v.Cause, v.Excess, c.cause, c.excess, v)
		}
		if !strings.Contains(v.String(), c.says) {
			t.Errorf("%s: %q does not say %q", c.name, v, c.says)
		}
		sum := time.Duration(0)
		for _, n := range v.Split.parts() {
			sum += n
			if n < 0 {
				t.Errorf("%s: a part below zero: %+v", c.name, v.Split)
			}
		}
		if sum != c.f.Wall {
			t.Errorf("%s: the parts add up to %v of %v", c.name, sum, c.f.Wall)
		}
	}
}

// FuzzSplit: whatever was measured, the parts are no less than nothing and add up.
func FuzzSplit(f *testing.F) {
	f.Add(int64(40), int64(30), int64(2), 3, 0, 1, 0, int64(3), int64(1), int64(9), int64(4), int64(5), int64(8))
	f.Add(int64(40), int64(-1), int64(-1), -1, -1, 0, 0, int64(0), int64(50), int64(0), int64(0), int64(0), int64(0))
	f.Fuzz(func(t *testing.T, wall, cpu, queue int64, switched, faults, collections, forced int, marking, pause, assist, mutex, sched, own int64) {
		if wall < 0 || own < 0 || switched > 1<<20 || faults > 1<<20 {
			t.Skip()
		}
		figures := Figures{
			Wall: time.Duration(wall), CPU: time.Duration(cpu), RunQueue: time.Duration(queue),
			Switched: switched, MajorFaults: faults, Collections: collections, Forced: forced,
			Marking: time.Duration(marking), Pause: time.Duration(pause), Assist: time.Duration(assist),
			MutexWait: time.Duration(mutex), SchedWait: time.Duration(sched),
		}
		b := figures.Split(Breakdown{Own: time.Duration(own), Blocked: time.Duration(own) / 2})
		sum := time.Duration(0)
		for i, n := range b.parts() {
			if n < 0 {
				t.Errorf("%s is %v of %+v", partNames[i], n, figures)
			}
			sum += n
		}
		if sum != figures.Wall {
			t.Errorf("the parts %+v add up to %v of %+v", b, sum, figures)
		}
	})
}

func TestMarkingTime(t *testing.T) {
	for _, c := range []struct {
		name                    string
		dedicated, idle, assist time.Duration
		procs                   int
		want                    time.Duration
	}{
		{"one of four processors marks, the others are busy", 10 * ms, 0, 0, 4, 10 * ms},
		{"all have nothing else to do", 10 * ms, 30 * ms, 0, 4, 10 * ms},
		{"the one other has nothing else to do, and marks nearly alone", 1 * ms, 37 * ms, 0, 2, 19 * ms},
		{"others assist", 2 * ms, 0, 34 * ms, 2, 18 * ms},
		{"unknown", 0, 0, 0, 0, 0},
	} {
		old := runtimeReading{dedicated: ms, idle: 2 * ms, assist: 3 * ms}
		r := runtimeReading{dedicated: ms + c.dedicated, idle: 2*ms + c.idle, assist: 3*ms + c.assist}
		if got := r.marked(old, c.procs); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
