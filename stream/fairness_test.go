package stream_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/group"
	"github.com/framealloc/framealloc/stream"
)

// TestNothingEvictedInVain: where what may be evicted does not make room, it stays.
func TestNothingEvictedInVain(t *testing.T) {
	a, found := allocator(t, framealloc.Config{})
	s := stream.New[int32](a, stream.Config{Name: "numbers", Budget: 100 * 4})
	defer s.Close()
	entry := func(name string, n int, p stream.Priority) *stream.Entry[int32] {
		e := s.Entry(name, n, p, count)
		mustWait(t, e)
		return e
	}
	fails := func(e *stream.Entry[int32], words string) {
		t.Helper()
		if err := e.Wait(context.Background()); !errors.Is(err, diag.FA402) || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want %q", err, words)
		}
	}
	first, pinned, last := entry("first", 45, stream.Low), entry("pinned", 10, stream.Low), entry("last", 45, stream.Low)
	a.Frame(func(f *framealloc.Frame) {
		pinned.Use(f)
		fails(s.Entry("too long", 46, stream.Normal, count), "it takes 184 bytes; of 400, frames use 40, 0 are being loaded, 0 are of higher priority; the others are in pieces of 180 at most")
		fails(s.Entry("too large", 91, stream.Normal, count), "frames use 40")
		first.Close()
		first = entry("first", 45, stream.High)
		fails(s.Entry("too low", 46, stream.Normal, count), "frames use 40, 0 are being loaded, 180 are of higher priority")
		if got := in(s); got != "first last pinned" || s.Stats().Evictions != 0 {
			t.Errorf("in memory: %s; %+v", got, s.Stats())
		}
		entry("fits", 45, stream.Normal)
		if got := in(s); got != "first fits pinned" {
			t.Errorf("in memory: %s", got)
		}
		last.Close()
		pinned.Close() // but the frame uses it
		fails(s.Entry("too late", 91, stream.Critical, count), "frames use 40, 0 are being loaded, 0 are of higher priority")
	})
	entry("all", 100, stream.Critical)
	found.Reset()
}

// TestSamePriorityAgain: an entry that is told its priority over and over is neither used
// by that, nor asked for anew.
func TestSamePriorityAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 30 * 4, Loads: 1})
		defer s.Close()
		old, newer, newest := s.Entry("old", 10, stream.Normal, count), s.Entry("newer", 10, stream.Normal, count), s.Entry("newest", 10, stream.Normal, count)
		mustWait(t, old)
		mustWait(t, newer)
		mustWait(t, newest)
		use(a, old)
		use(a, newest)
		use(a, newer)
		old.SetPriority(stream.Normal)
		newest.SetPriority(stream.High)
		old.SetPriority(stream.High)
		newest.SetPriority(stream.Normal)
		newer.SetPriority(stream.Low)
		old.SetPriority(stream.Normal)
		newer.SetPriority(stream.Normal)
		for i, want := range []string{"1 newer newest", "1 2 newer", "1 2 3"} {
			mustWait(t, s.Entry(fmt.Sprint(i+1), 10, stream.Critical, count))
			if got := in(s); got != want {
				t.Errorf("in memory: %q, want %q", got, want)
			}
		}
	})
}

// TestPriorityKeepsAge: who waits keeps its turn when its priority changes.
func TestPriorityKeepsAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 400, Loads: 1})
		defer s.Close()
		var order []string
		gate := make(chan struct{})
		var all []*stream.Entry[int32]
		for i := range 6 {
			e := s.Entry(fmt.Sprint(i), 1, stream.Normal, func(_ context.Context, e *stream.Entry[int32], _ []int32) error {
				order = append(order, e.Name())
				<-gate
				return nil
			})
			all = append(all, e)
			e.Request()
			synctest.Wait()
		}
		all[1].SetPriority(stream.Normal)
		all[2].SetPriority(stream.Low)
		all[2].SetPriority(stream.Normal)
		all[4].SetPriority(stream.High)
		all[3].SetPriority(stream.High)
		all[0].SetPriority(stream.Low) // it is being loaded
		for range all {
			gate <- struct{}{}
			synctest.Wait()
		}
		if got := strings.Join(order, " "); got != "0 3 4 1 2 5" {
			t.Errorf("loaded %s", got)
		}
	})
}

// TestAskedOncePerFrameOfEach: frames of several workers take turns.
func TestAskedOncePerFrameOfEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40})
		defer s.Close()
		mustWait(t, s.Entry("first", 10, stream.Critical, count))
		second := s.Entry("second", 10, stream.High, count)
		w := a.NewWorker("w")
		defer w.Close()
		for i := range 3 {
			f, g := a.BeginFrame(), w.BeginFrame()
			for range 5 {
				second.Use(f)
				synctest.Wait()
				second.Use(g)
				synctest.Wait()
			}
			if n := s.Stats().Shortages; n != uint64(2*(i+1)) {
				t.Errorf("asked %d times in %d frames of two workers", n, i+1)
			}
			a.EndFrame()
			w.EndFrame()
		}
	})
}

// TestAskedAgainAfterEviction: a group's frame may ask more than once, as what it asked
// for was there and is gone.
func TestAskedAgainAfterEviction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40})
		defer s.Close()
		g := group.New(a, "level")
		defer g.Free()
		e := s.Entry("e", 10, stream.Normal, count)
		for i := range 3 {
			if _, ok := e.Use(g.Frame()); ok {
				t.Error("there at once")
			}
			synctest.Wait()
			if !e.Evict() {
				t.Errorf("round %d: %v", i, e.State())
			}
		}
	})
}

// TestWaitersOfMoreThanFits: who waits is told of the load, however short it stays.
func TestWaitersOfMoreThanFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40, Loads: 1})
		defer s.Close()
		release := make(chan struct{})
		first := s.Entry("first", 10, stream.Normal, func(context.Context, *stream.Entry[int32], []int32) error {
			<-release
			return nil
		})
		other := s.Entry("other", 10, stream.Normal, count)
		errs := make(chan error)
		for _, e := range []*stream.Entry[int32]{first, other, first, other} {
			go func() { errs <- e.Wait(context.Background()) }()
			synctest.Wait()
		}
		close(release)
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if st := s.Stats(); st.Loads != 2 || in(s) != "other" {
			t.Errorf("%d loads of two entries, and %s is there", st.Loads, in(s))
		}
	})
}

// TestUsesOfManyKinds has frames, frames in flight, forks and groups hold one entry, and
// end in any order: it stays until the last is over.
func TestUsesOfManyKinds(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{FramesInFlight: 1})
	s := stream.New[int32](a, stream.Config{Budget: 40})
	defer s.Close()
	e, other := s.Entry("e", 10, stream.Low, nil), s.Entry("other", 10, stream.Critical, nil)
	w := a.NewWorker("w")
	v := a.NewWorker("v")
	defer w.Close()
	g := group.New(a, "level")
	ends := map[string]func(){
		"frame":  func() { a.EndFrame(); a.Frame(func(*framealloc.Frame) {}) },
		"worker": func() { w.EndFrame(); w.Frame(func(*framealloc.Frame) {}) },
		"closed": func() { v.Close() },
		"group":  func() { g.Free() },
	}
	for range 5 { // map iteration is in any order
		if v = a.NewWorker("v"); g == nil {
			g = group.New(a, "level")
		}
		if _, err := e.Begin(); err != nil {
			t.Fatal(err)
		}
		if err := e.Finish(); err != nil {
			t.Fatal(err)
		}
		f := a.BeginFrame() //fa:ignore FA603 the ends are in the map
		fork := f.Fork()
		e.Use(fork)
		fork.Join()
		e.Use(w.BeginFrame()) //fa:ignore FA603 the ends are in the map
		e.Use(v.BeginFrame()) //fa:ignore FA603 the ends are in the map
		e.Use(g.Frame())
		for _, end := range ends {
			if _, err := other.Begin(); !errors.Is(err, diag.FA402) || e.Evict() || s.Stats().InUse != 1 {
				t.Errorf("evicted while in use: %v", err)
			}
			end()
		}
		g = nil
		if _, err := other.Begin(); err != nil {
			t.Error(err)
		}
		if err := other.Fail(nil); err != nil {
			t.Error(err)
		}
	}
}

// TestFragments fills a stream whose pieces frames keep apart, over and over, with
// contents that tell when something was overwritten or moved.
func TestFragments(t *testing.T) {
	for _, inFlight := range []int{0, 2} {
		a, _ := allocator(t, framealloc.Config{FramesInFlight: inFlight})
		s := stream.New[int32](a, stream.Config{Budget: 997 * 4, Loads: 2})
		var all []*stream.Entry[int32]
		for i := range 80 {
			all = append(all, s.Entry(fmt.Sprint(i), 1+i*i%173, stream.Priority(i%4), count))
		}
		type loan struct {
			e      *stream.Entry[int32]
			values []int32
			at     *int32
		}
		var loans [][]loan
		for frame := range 600 {
			for st := s.Stats(); frame%10 == 9 && st.Queued+st.Loading > 0; st = s.Stats() {
				runtime.Gosched() // on a busy machine the frames would be over before anything was loaded
			}
			a.Frame(func(f *framealloc.Frame) {
				var mine []loan
				for k := range 9 {
					e := all[(frame*7+k*k*13)%len(all)]
					if values, ok := e.Use(f); ok {
						mine = append(mine, loan{e, values, &values[0]})
					}
				}
				loans = append(loans, mine) //fa:ignore FA601 frames in flight may be looked at
				for _, e := range all {
					if e.Priority() == stream.Critical && frame%10 == 0 {
						e.Evict()
					}
				}
				runtime.Gosched()
				for _, of := range loans[max(0, len(loans)-1-inFlight):] {
					for _, l := range of {
						if l.at != &l.values[0] || len(l.values) != l.e.Len() {
							t.Fatal("moved")
						}
						for i, v := range l.values {
							if v != int32(i+1) {
								t.Fatalf("frame %d: value %d of %s is %d", frame, i, l.e.Name(), v)
							}
						}
					}
				}
			})
		}
		if st := s.Stats(); st.HighWater > st.Budget || st.Failures != 0 || st.Moves == 0 || st.Evictions == 0 {
			t.Errorf("%+v", st)
		}
		s.Close()
	}
}
