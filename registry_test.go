package framealloc

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/framealloc/framealloc/diag"
)

// reported collects until a diagnostic arrives, which the collector's cleanups
// bring about.
func reported(t *testing.T, from <-chan diag.Diagnostic) diag.Diagnostic {
	t.Helper()
	for range 500 {
		runtime.GC()
		select {
		case d := <-from:
			return d
		default:
			runtime.Gosched()
		}
	}
	t.Fatal("nothing reported in 500 collections")
	return diag.Diagnostic{}
}

// reporterTo returns a reporter that sends to a channel.
func reporterTo(to chan<- diag.Diagnostic) *diag.Reporter {
	return diag.NewReporter(diag.Options{
		Sinks:     []diag.Sink{diag.SinkFunc(func(d diag.Diagnostic) { to <- d })},
		EveryTime: true,
	})
}

func TestAbandonedWorker(t *testing.T) {
	for _, c := range []struct {
		name string
		use  func(w *Worker, main *Allocator)
		want Stats
	}{
		{"unused", func(*Worker, *Allocator) {}, Stats{}},
		{"used", func(w *Worker, main *Allocator) {
			w.Frame(func(f *Frame) {
				New[linked](f)
				PoolPut(f, PoolGet[linked](f))
				New[linked](f).next = New[linked](f)
			})
			w.Scratch("s")
		}, Stats{Frames: 1, HighWater: 3 * linkedSize, Growths: 1,
			Frame: IntentStats{Allocations: 3, Bytes: uint64(3 * linkedSize)},
			Pool:  IntentStats{Allocations: 1, Bytes: uint64(linkedSize), Frees: 1}}},
		{"within its frame, with forks", func(w *Worker, main *Allocator) {
			Parallel(w.BeginFrame(), 4, func(f *Frame, i int) { New[linked](f) })
		}, Stats{}},
		{"with frees in its queue", func(w *Worker, main *Allocator) {
			for range 3 {
				PoolBox[linked](w).FreeFrom(main)
			}
			PoolPutTo(w, main, PoolGet[linked](w))
			w.Publish()
		}, Stats{Pool: IntentStats{Allocations: 4, Bytes: uint64(3*boxedSize + linkedSize)},
			Deferred: DeferredStats{Queued: 4, Dropped: 4}}},
		{"observed", func(w *Worker, main *Allocator) {
			stop := main.Observe(Hooks{FrameEnd: func(FrameEnd) {}, Alloc: func(Alloc) {}})
			w.Frame(func(f *Frame) { New[linked](f) })
			stop()
		}, Stats{Frames: 1, HighWater: linkedSize, Growths: 1, Frame: IntentStats{Allocations: 1, Bytes: uint64(linkedSize)}}},
		{"tagged and budgeted", func(w *Worker, main *Allocator) {
			w.SetFrameBudget(MiB)
			w.Frame(func(f *Frame) { f.WithTag("t", func() { New[linked](f) }) })
		}, Stats{Frames: 1, HighWater: linkedSize, Growths: 1, Frame: IntentStats{Allocations: 1, Bytes: uint64(linkedSize)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			reports := make(chan diag.Diagnostic, 10)
			a := NewAllocator(Config{Reporter: reporterTo(reports)})
			done := make(chan struct{})
			go func() {
				defer close(done)
				w := a.NewWorker("lost")
				if a.Worker("lost") != w || a.Worker("main") != a.Main() || a.Worker("?") != nil || len(a.Workers()) != 2 {
					t.Error("not on the books")
				}
				c.use(w, a)
			}()
			<-done
			d := reported(t, reports)
			if d.Code != diag.FA207 || d.Severity != diag.SeverityWarning || d.Worker != "lost" ||
				!strings.Contains(d.Message, `"lost"`) || !strings.Contains(d.Caller, "registry_test.go") {
				t.Errorf("reported %+v", d)
			}
			if got := a.Stats(); got != c.want {
				t.Errorf("the allocator kept %+v\nwant %+v", got, c.want)
			}
			if a.Worker("lost") != nil || len(a.Workers()) != 1 {
				t.Error("still on the books")
			}
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

const (
	linkedSize = int(unsafe.Sizeof(linked{}))
	boxedSize  = int(unsafe.Sizeof(boxed[linked]{}))
)

// Whatever of a worker is still held keeps the worker: it is not abandoned.
func TestHeldWorkerIsNotAbandoned(t *testing.T) {
	reports := make(chan diag.Diagnostic, 10)
	a := NewAllocator(Config{Reporter: reporterTo(reports)})
	pool := PoolOf[linked](a.NewWorker("pool"))
	box := PoolBox[linked](a.NewWorker("box"))
	frame := a.NewWorker("frame").BeginFrame()
	scratch := a.NewWorker("scratch").Scratch("s")
	a.NewWorker("lost")
	if d := reported(t, reports); d.Worker != "lost" {
		t.Errorf("worker %q reported", d.Worker)
	}
	var names []string
	for _, w := range a.Workers() {
		names = append(names, w.Name())
	}
	if s := strings.Join(names, " "); s != "main pool box frame scratch" {
		t.Errorf("open workers: %s", s)
	}
	pool.Put(pool.Get())
	New[linked](scratch.Frame())
	New[linked](frame)
	box.FreeFrom(a)
	runtime.KeepAlive(pool)
	runtime.KeepAlive(scratch)
	if err := a.Close(); err == nil || !errors.Is(err, diag.FA002) {
		t.Errorf("closed within a frame: %v", err)
	}
}

// A worker that was closed is not reported, and its name is free.
func TestClosedWorkerIsNotAbandoned(t *testing.T) {
	reports := make(chan diag.Diagnostic, 10)
	a := NewAllocator(Config{Reporter: reporterTo(reports)})
	defer a.Close()
	w := a.NewWorker("closed")
	second := a.NewWorker("closed")
	if a.Worker("closed") != w {
		t.Error("not the oldest of the name")
	}
	w.Close()
	if a.Worker("closed") != second {
		t.Error("not the one that is open")
	}
	second.Close()
	if a.Worker("closed") != nil {
		t.Error("a closed worker is on the books")
	}
	w, second = nil, nil
	a.NewWorker("lost")
	if d := reported(t, reports); d.Worker != "lost" {
		t.Errorf("worker %q reported", d.Worker)
	}
	select {
	case d := <-reports:
		t.Errorf("reported %+v", d)
	default:
	}
}

// An allocator that nobody holds goes with its workers.
func TestAbandonedAllocator(t *testing.T) {
	reports := make(chan diag.Diagnostic, 10)
	gone := make(chan struct{})
	func() {
		a := NewAllocator(Config{Reporter: reporterTo(reports)})
		a.NewWorker("lost")
		runtime.AddCleanup(a, func(c chan struct{}) { close(c) }, gone)
	}()
	if d := reported(t, reports); d.Worker != "lost" {
		t.Errorf("worker %q reported", d.Worker)
	}
	for range 500 {
		runtime.GC()
		select {
		case <-gone:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("the allocator stays")
}
