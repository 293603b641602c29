package profile

import (
	"fmt"
	"strings"
	"time"
)

// Cause is what a frame's excess is put down to.
type Cause uint8

// The causes.
const (
	Unclear         Cause = iota // the platform does not tell enough
	OwnWork                      // the frame did more than it usually does
	Collector                    // pauses, assists, a core lost to the garbage collector
	Waiting                      // for a lock, a channel, a barrier, a system call, other goroutines
	OperatingSystem              // the system ran something else, or read pages from the disk
)

// String returns the cause as part of a sentence.
func (c Cause) String() string {
	switch c {
	case OwnWork:
		return "the frame's own work"
	case Collector:
		return "the garbage collector"
	case Waiting:
		return "waiting"
	case OperatingSystem:
		return "the operating system"
	}
	return "unclear"
}

// A Verdict says what made a frame slow.
type Verdict struct {
	Cause   Cause
	Figures Figures
	// Split is where the frame's time went, and Usual where that of the worker's
	// ordinary frames goes, zero while there has been none. The cause is the one
	// that explains most of the difference.
	Split, Usual Breakdown
	// Excess is the part of the difference that the cause explains.
	Excess time.Duration
}

// Judge works out what made a frame slow, compared with where the time of ordinary
// frames usually goes: a loop that waits for the display in every frame is not
// slow for that. It is a pure function of what was measured.
func Judge(f Figures, usual Breakdown) Verdict {
	v := Verdict{Figures: f, Split: f.Split(usual), Usual: usual}
	parts, ordinary := v.Split.parts(), usual.parts()
	var excess [OperatingSystem + 1]time.Duration
	for i, n := range parts {
		excess[partCauses[i]] += max(0, n-ordinary[i])
	}
	for c := range excess {
		if excess[c] > v.Excess {
			v.Cause, v.Excess = Cause(c), excess[c]
		}
	}
	return v
}

// String explains the verdict in a sentence, with the parts from the largest
// excess down, and one about what to do.
func (v Verdict) String() string {
	parts, usual := v.Split.parts(), v.Usual.parts()
	var list []string
	for {
		most, at := time.Duration(0), -1
		for i, n := range parts {
			if n > most {
				most, at = n, i
			}
		}
		if at < 0 || most < v.Figures.Wall/100 {
			break
		}
		text := fmt.Sprintf("%s %v", partNames[at], round(parts[at]))
		if v.Usual != (Breakdown{}) {
			text += fmt.Sprintf(" (usually %v)", round(usual[at]))
		}
		list = append(list, text)
		parts[at] = 0
	}
	text := fmt.Sprintf("%v: %s", v.Cause, strings.Join(list, ", "))
	if advice := v.advice(); advice != "" {
		text += "; " + advice
	}
	return text
}

// round leaves three digits or so.
func round(d time.Duration) time.Duration {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond)
	case d < time.Second:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// advice is what the cause suggests.
func (v Verdict) advice() string {
	b := v.Split
	switch v.Cause {
	case Collector:
		switch {
		case v.Figures.Forced > 0 && b.LostCore >= b.Assist:
			return "a collection was forced during the frame: call runtime.GC between levels, not in frames"
		case b.Assist >= b.Pause && b.Assist >= b.LostCore:
			return "the goroutine allocates on the heap while a collection runs, and pays for it: find what with FA531 or a heap profile"
		case b.LostCore >= b.Pause:
			return "the collector had the processors: less heap garbage makes it run less often, a smaller live heap shorter"
		}
		return "the pauses are longer than usual: look for many goroutines, or goroutines in long loops without calls"
	case Waiting:
		switch {
		case b.Lock >= b.Blocked && b.Lock >= b.Sched:
			return "a mutex profile says which lock"
		case b.Sched > b.Blocked:
			return "more goroutines want to run than GOMAXPROCS lets: keep background work out of the frame"
		}
		return "the recording shows where it blocked: channel, barrier, lock, sleep or system call"
	case OperatingSystem:
		if v.Figures.MajorFaults > 0 {
			return "memory was read from the disk: the machine is short of it, or a file is mapped"
		}
		return "other programs, or more threads than cores, had the processor"
	case OwnWork:
		return "neither the collector nor anybody else: a CPU profile, or the phases of this frame, say what"
	}
	return "lock the goroutine to its thread (SlowConfig.LockThread) where the system counts threads' time"
}
