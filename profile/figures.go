package profile

import "time"

// Figures are what was measured of one frame: what [Judge] reasons from. A
// figure that could not be had is below zero where that is said.
type Figures struct {
	// Wall is how long the frame took.
	Wall time.Duration

	// CPU is the processor time that the frame's thread used, and RunQueue how
	// long that thread could have run, but the system gave its processor to others.
	// Both are below zero where they are unknown: on systems that do not tell, and
	// when the goroutine has changed threads. They are exact for a goroutine that
	// is locked to its thread ([runtime.LockOSThread], [SlowConfig.LockThread]);
	// without, what other goroutines did on the thread meanwhile is counted too.
	CPU, RunQueue time.Duration
	// Switched is how often the system took the processor from the thread, below
	// zero where that is unknown.
	Switched int
	// MajorFaults is how often the thread waited for a page from the disk, below
	// zero where that is unknown.
	MajorFaults int

	// Collections is the number of garbage collections that overlapped the
	// frame, as far as is known, and Forced the number of those that somebody
	// asked for by runtime.GC or debug.FreeOSMemory.
	Collections, Forced int
	// Marking is how long they were marking during the frame, an estimate.
	Marking time.Duration
	// Pause is how long the collector stopped the program.
	Pause time.Duration
	// Assist is the processor time for which allocating goroutines were made to
	// mark during the frame, all together: an upper bound for the frame's own.
	Assist time.Duration

	// MutexWait and SchedWait are the times that goroutines waited for a
	// sync.Mutex or a runtime lock, and for a processor of GOMAXPROCS, each goroutine
	// of the program counted. The runtime follows each goroutine in one of eight of
	// its turns and counts what it sees eight times: 0 does not mean that there was
	// no wait, and what there is may be others'.
	MutexWait, SchedWait time.Duration
}

// A Breakdown says where a frame's time went. The parts add up to the frame's
// duration.
type Breakdown struct {
	Pause    time.Duration // the collector stopped the program
	Assist   time.Duration // the collector made the goroutine mark
	LostCore time.Duration // the collector had the processor, or was waited for
	System   time.Duration // the operating system ran others, or paged
	Lock     time.Duration // waiting for a mutex
	Blocked  time.Duration // waiting otherwise: channel, barrier, sleep, system call, a mutex whose wait was not measured
	Sched    time.Duration // other goroutines had the processor
	Own      time.Duration // the frame's own work
	Unknown  time.Duration // own work or waiting; the thread's time is not known
}

// parts returns the parts by number, see partOwn and so on.
func (b *Breakdown) parts() [numParts]time.Duration {
	return [numParts]time.Duration{b.Pause, b.Assist, b.LostCore, b.System, b.Lock, b.Blocked, b.Sched, b.Own, b.Unknown}
}

func breakdownOf(p [numParts]time.Duration) Breakdown {
	return Breakdown{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]}
}

const numParts = 9

// partNames and partCauses say what each part is called and stands for.
var (
	partNames = [numParts]string{
		"collector pause", "collector assist", "core lost to the collector", "operating system",
		"lock", "blocked", "waiting for a processor", "own work", "own work or waiting",
	}
	partCauses = [numParts]Cause{
		Collector, Collector, Collector, OperatingSystem, Waiting, Waiting, Waiting, OwnWork, Unclear,
	}
)

// Split works out where a frame's time went. usual is where it usually goes, zero if
// that is not known: an assist can only explain work beyond the usual work, and
// waiting beyond the usual waiting.
//
// What is measured exactly goes first: pauses, the thread's processor time, the
// system's run queue. What is only known for the whole program (assists, locks,
// waiting for a processor) may then explain what is left, and no more.
func (f Figures) Split(usual Breakdown) (b Breakdown) {
	left := max(0, f.Wall)
	take := func(n time.Duration) time.Duration {
		n = max(0, min(n, left))
		left -= n
		return n
	}
	if f.CPU < 0 {
		b.Pause = take(f.Pause)
		b.Assist = take(f.Assist)
		b.Lock = take(f.MutexWait)
		b.Unknown = left
		return b
	}
	cpu := take(f.CPU)
	b.Assist = max(0, min(f.Assist, cpu-usual.Own))
	b.Own = cpu - b.Assist
	b.Pause = take(f.Pause)
	if f.RunQueue >= 0 {
		b.System = take(f.RunQueue)
	} else if f.Switched > 0 {
		// The system took the processor, and does not tell for how long: it
		// gives a thread back its turn after some milliseconds.
		b.System = take(time.Duration(f.Switched) * 4 * time.Millisecond)
	}
	if f.MajorFaults > 0 {
		b.System += take(time.Duration(f.MajorFaults) * time.Millisecond)
	}
	if f.Forced > 0 {
		b.LostCore = take(f.Marking) // runtime.GC returns when it is done
	} else if f.Collections > 0 {
		b.LostCore = take(min(f.Marking, f.SchedWait))
	}
	b.Lock = take(f.MutexWait)
	b.Sched = take(f.SchedWait - b.LostCore)
	asleep := take(f.assistWait(b.Assist, left, usual.Blocked))
	b.LostCore += asleep
	b.Blocked = left
	return b
}

// assistWait is how much of the time for which a frame was blocked, whose goroutine
// was made to mark for so long, counts as waiting for the collector.
//
// An assist that finds nothing to mark, in a heap of long lists say, does not go
// on: its goroutine sleeps until others have marked enough, and no metric counts
// that. What is blamed on it must have been while the collector was marking,
// whichever way frame and collections overlapped, and is in proportion to the
// assists: where they slept the most, in a heap that is one list on two busy
// cores, it was twice as long as they marked. A wait for something else, beside
// others' assists, so stays one.
func (f Figures) assistWait(assist, blocked, usual time.Duration) time.Duration {
	return min(2*assist, blocked-max(usual, f.Wall-f.Marking))
}
