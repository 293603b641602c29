package profile

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

// These tests provoke what a verdict is about. Other programs on the machine are
// none of their business: where the system gave the processor away for longer than
// what was provoked, that is the right verdict too, and where something else held
// the frame up, it is tried again.
const tries = 10

// failures are what a try got wrong.
type failures []string

func (f *failures) Errorf(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// verdict provokes a verdict with a frame until it is as it should be.
func verdict(t *testing.T, frame func(*framealloc.Frame), check func(*failures, Verdict)) {
	t.Helper()
	var wrong failures
	for range tries {
		v := judged(t, frame)
		wrong = nil
		if check(&wrong, v); len(wrong) == 0 {
			return
		}
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

// judged runs one frame and returns the verdict on it.
func judged(t *testing.T, frame func(*framealloc.Frame)) Verdict {
	t.Helper()
	a := framealloc.NewAllocator(framealloc.Config{})
	defer a.Close()
	slow := make(chan SlowFrame, 1)
	s, err := OnSlowFrame(a, SlowConfig{Budget: 1, LockThread: true, OnSlow: func(f SlowFrame) { slow <- f }})
	if err != nil {
		t.Fatal(err)
	}
	a.Frame(frame)
	f := <-slow
	s.Close()
	v := f.Verdict
	t.Logf("%v\n%+v", f, v.Figures)
	sum := time.Duration(0)
	for _, n := range v.Split.parts() {
		sum += n
	}
	if sum != f.Duration || v.Figures.CPU < 0 || v.Figures.RunQueue < 0 {
		t.Errorf("parts of %v in a frame of %v, measured %+v", sum, f.Duration, v.Figures)
	}
	return v
}

// mustBe checks the cause, unless the system took more time than what was
// provoked.
func mustBe(t *failures, v Verdict, want Cause, provoked time.Duration) {
	if v.Cause != want && (v.Cause != OperatingSystem || v.Split.System < provoked) {
		t.Errorf("the verdict is %v, want %v", v, want)
	}
}

// work uses so much processor time on the calling thread.
func work(d time.Duration) {
	var m threadMeter
	for begin := m.read(); m.read().cpu-begin.cpu < d; {
		for range 1000 {
			spun.Add(1)
		}
	}
}

var spun atomic.Uint64

func TestVerdictOnABusyLoop(t *testing.T) {
	verdict(t, func(*framealloc.Frame) {
		work(30 * time.Millisecond) //fa:ignore FA701 being slow is what it is for
	}, func(t *failures, v Verdict) {
		if own := v.Split.Own; own < 29*time.Millisecond {
			t.Errorf("own work %v, want the 30 ms that were worked", own)
		}
		mustBe(t, v, OwnWork, v.Split.Own)
	})
}

func TestVerdictOnAChannel(t *testing.T) {
	verdict(t, func(*framealloc.Frame) {
		done := make(chan struct{})
		time.AfterFunc(60*time.Millisecond, func() { close(done) })
		<-done
	}, func(t *failures, v Verdict) {
		b := v.Split
		if waited := b.Blocked + b.Sched + b.Lock + b.System; waited < 55*time.Millisecond {
			t.Errorf("waited for %v, want at least the 60 ms until the channel was closed", waited)
		}
		mustBe(t, v, Waiting, b.Blocked+b.Sched+b.Lock)
	})
}

// TestVerdictOnALock: the runtime measures one wait for a mutex in eight, so whether
// it is named one is chance; that the frame waited is not.
func TestVerdictOnALock(t *testing.T) {
	verdict(t, func(*framealloc.Frame) {
		var mu sync.Mutex
		mu.Lock()
		time.AfterFunc(60*time.Millisecond, mu.Unlock)
		mu.Lock()
	}, func(t *failures, v Verdict) {
		mustBe(t, v, Waiting, v.Split.Blocked+v.Split.Lock)
		if text := v.String(); v.Cause == Waiting && !strings.Contains(text, "lock, ") && !strings.Contains(text, "which lock") {
			t.Errorf("no word of locks in %q", text)
		}
	})
}

func TestVerdictOnABarrier(t *testing.T) {
	b := framesync.NewBarrier("simulate", "render")
	verdict(t, func(*framealloc.Frame) {
		time.AfterFunc(60*time.Millisecond, func() {
			b.Participant("render").Signal()
			b.Participant("render").Wait()
		})
		b.Participant("simulate").Signal()
		b.Participant("simulate").Wait()
	}, func(t *failures, v Verdict) { mustBe(t, v, Waiting, v.Split.Blocked+v.Split.Sched) })
}

// TestVerdictOnBusyProcessors has more goroutines want to run than can.
func TestVerdictOnBusyProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var stop atomic.Bool
	var gone sync.WaitGroup
	for range 3 {
		gone.Go(func() {
			for !stop.Load() {
				spun.Add(1)
			}
		})
	}
	verdict(t, func(*framealloc.Frame) {
		for range 4 {
			runtime.Gosched()
			work(time.Millisecond) //fa:ignore FA701 being slow is what it is for
		}
	}, func(t *failures, v Verdict) {
		mustBe(t, v, Waiting, v.Split.Sched+v.Split.Blocked) // the runtime measures one in eight
	})
	stop.Store(true)
	gone.Wait()
}

// A heapNode makes the collector follow pointers.
type heapNode struct {
	next *heapNode
	_    [6]uint64
}

// bigHeap returns a heap of n nodes in so many lists: in one list, only one goroutine
// at a time finds something to mark.
func bigHeap(n, lists int) []*heapNode {
	heads := make([]*heapNode, lists)
	for i := range n {
		head := &heads[i%lists]
		*head = &heapNode{next: *head}
	}
	return heads
}

// TestVerdictOnAForcedCollection waits for the collector, which has the processors.
func TestVerdictOnAForcedCollection(t *testing.T) {
	heap := bigHeap(1<<20, 1000)
	verdict(t, func(*framealloc.Frame) { runtime.GC() }, func(t *failures, v Verdict) {
		if v.Figures.Forced == 0 || v.Figures.Collections == 0 || v.Figures.Marking == 0 {
			t.Errorf("no forced collection in %+v", v.Figures)
		}
		b := v.Split
		mustBe(t, v, Collector, b.Pause+b.Assist+b.LostCore)
		if v.Cause == Collector && b.LostCore < b.Pause {
			t.Errorf("lost cores are not the most of %+v", b)
		}
	})
	runtime.KeepAlive(heap)
}

// TestVerdictOnAssists allocates more than the collector can keep up with. In a heap
// that is one list the assists mostly sleep until others have marked, and that is
// the collector's doing too.
func TestVerdictOnAssists(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	for _, lists := range []int{1000, 1} {
		t.Run(fmt.Sprint(lists, " lists"), func(t *testing.T) {
			heap := bigHeap(1<<20, lists)
			var last *heapNode
			verdict(t, func(*framealloc.Frame) {
				for range 1 << 20 {
					last = &heapNode{}
				}
			}, func(t *failures, v Verdict) {
				if v.Figures.Collections == 0 || v.Split.Assist == 0 {
					t.Errorf("no assists in %+v, %+v", v.Split, v.Figures)
				}
				b := v.Split
				mustBe(t, v, Collector, b.Pause+b.Assist+b.LostCore)
			})
			runtime.KeepAlive(heap)
			runtime.KeepAlive(last)
		})
	}
}

// TestVerdictOnTheSystem has the frame's thread share one processor with another
// that never rests.
func TestVerdictOnTheSystem(t *testing.T) {
	var all, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Fatal(err)
	}
	for i := 0; one.Count() == 0; i++ {
		if all.IsSet(i) {
			one.Set(i)
		}
	}
	var stop atomic.Bool
	ready, gone := make(chan error), make(chan struct{})
	go func() {
		defer close(gone)
		runtime.LockOSThread() // and never unlock: the thread ends with its affinity
		ready <- unix.SchedSetaffinity(0, &one)
		for !stop.Load() {
			spun.Add(1)
		}
	}()
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	verdict(t, func(*framealloc.Frame) {
		if err := unix.SchedSetaffinity(0, &one); err != nil {
			t.Error(err)
		}
		work(60 * time.Millisecond) //fa:ignore FA701 being slow is what it is for
		if err := unix.SchedSetaffinity(0, &all); err != nil {
			t.Error(err)
		}
	}, func(t *failures, v Verdict) {
		if v.Split.System < 15*time.Millisecond {
			t.Errorf("the system had the processor for %v, want about as long as the frame worked, 60 ms", v.Split.System)
		}
		if v.Cause != OperatingSystem && v.Split.Own < v.Split.System {
			t.Errorf("the verdict is %v", v)
		}
	})
	stop.Store(true)
	<-gone
}

func TestSecondNumber(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"112089 5 1\n": 5, "0 112089 1": 112089, "": -1, "12": -1, "12 13": -1, "1 x 2": -1, "1  2": -1, "1 -2 3": -1,
		"1 99999999999999999999 3": -1,
	} {
		if got := secondNumber([]byte(text)); got != want {
			t.Errorf("the second number of %q is %d, want %d", text, got, want)
		}
	}
}
