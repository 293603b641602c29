package stream_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/stream"
)

// TestNotFinishedBeforeBegun: while Begin still tells of evictions, nobody has the
// entry's values, and nobody can have filled them.
func TestNotFinishedBeforeBegun(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	var e *stream.Entry[int32]
	var early []error
	s := stream.New[int32](a, stream.Config{Budget: 40, OnEvict: func(string) {
		early = append(early, e.Finish(), e.Fail(errors.New("early")))
		_, err := e.Begin()
		early = append(early, err)
	}})
	defer s.Close()
	mustWait(t, s.Entry("old", 10, stream.Normal, count))
	e = s.Entry("e", 10, stream.Normal, nil)
	dst, err := e.Begin()
	if err != nil || e.State() != stream.Loading {
		t.Fatalf("%v, %v", err, e.State())
	}
	if len(early) != 3 {
		t.Fatalf("%d calls from OnEvict", len(early))
	}
	for _, err := range early {
		if !errors.Is(err, stream.ErrState) {
			t.Errorf("before Begin returned: %v", err)
		}
	}
	other := s.Entry("other", 10, stream.Critical, nil)
	if _, err := other.Begin(); !errors.Is(err, diag.FA402) {
		t.Errorf("took what is being filled: %v", err)
	}
	dst[9] = 7
	if err := e.Finish(); err != nil || !use(a, e) {
		t.Error(err)
	}
}

// TestOnEvictCallsBack has OnEvict do to the stream what it may.
func TestOnEvictCallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		byName := make(map[string]*stream.Entry[int32])
		var s *stream.Stream[int32]
		var told []string
		s = stream.New[int32](a, stream.Config{Budget: 40, Loads: 1, OnEvict: func(name string) {
			told = append(told, name)
			e := byName[name]
			if e.Evict() || e.State() == stream.Ready {
				t.Errorf("%s is not evicted", name)
			}
			s.Stats()
			switch name {
			case "closes itself":
				e.Close()
			case "closes who came":
				byName["taken"].Close()
			case "comes again":
				e.Request()
			}
		}})
		defer s.Close()
		add := func(name string, load stream.LoadFunc[int32]) *stream.Entry[int32] {
			byName[name] = s.Entry(name, 10, stream.Normal, load)
			return byName[name]
		}
		mustWait(t, add("closes itself", count))
		mustWait(t, add("closes who came", count))
		if byName["closes itself"].State() != stream.Closed {
			t.Error("not closed")
		}
		taken := add("taken", count)
		if err := taken.Wait(context.Background()); !errors.Is(err, diag.FA402) || taken.State() != stream.Closed {
			t.Errorf("%v, %v", err, taken.State())
		}
		synctest.Wait()
		if st := s.Stats(); st.Used != 0 || st.Loading+st.Queued+st.Ready != 0 {
			t.Errorf("%+v", st)
		}
		mustWait(t, add("comes again", count))
		mustWait(t, add("last", count))
		synctest.Wait()
		if got := in(s); got != "comes again" {
			t.Errorf("in memory: %s", got)
		}
		if got := strings.Join(told, ", "); got != "closes itself, closes who came, comes again, last" {
			t.Errorf("told of %s", got)
		}
		// The same where a Begin makes room.
		byHand := add("taken", nil)
		byName["comes again"].Close()
		mustWait(t, add("closes who came", count))
		if _, err := byHand.Begin(); !errors.Is(err, stream.ErrState) || s.Stats().Used != 0 {
			t.Errorf("%v: %+v", err, s.Stats())
		}
	})
}

// TestOnEvictFails: what a callback that panics, or ends its goroutine, was called for
// gets its memory back, and the stream goes on.
func TestOnEvictFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		fail := func() {}
		s := stream.New[int32](a, stream.Config{Budget: 40, Loads: 1, OnEvict: func(string) { fail() }})
		defer s.Close()
		old := s.Entry("old", 10, stream.Normal, count)
		byHand := s.Entry("by hand", 10, stream.Normal, nil)
		loads := s.Entry("loads", 10, stream.Normal, count)

		mustWait(t, old)
		fail = func() { panic("no idea") }
		func() {
			defer func() {
				if p := recover(); p != "no idea" {
					t.Errorf("panics with %v", p)
				}
			}()
			byHand.Begin()
		}()
		if st := s.Stats(); byHand.State() != stream.Failed || st.Used != 0 {
			t.Errorf("%v: %+v", byHand.State(), st)
		}
		if err := byHand.Finish(); !errors.Is(err, stream.ErrState) {
			t.Error(err)
		}
		fail = func() {}
		if _, err := byHand.Begin(); err != nil {
			t.Fatal(err)
		}
		if err := byHand.Finish(); err != nil {
			t.Fatal(err)
		}

		fail = runtime.Goexit
		loads.Request()
		synctest.Wait()
		if st := s.Stats(); loads.State() != stream.Failed || loads.Err() == nil || st.Used != 0 {
			t.Errorf("%v, %v: %+v", loads.State(), loads.Err(), st)
		}
		fail = func() {}
		mustWait(t, loads, old)
	})
}

// quits is a sink that ends the goroutine which reports.
type quits struct{}

func (quits) Report(diag.Diagnostic) { runtime.Goexit() }

func TestReporterEndsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := framealloc.NewAllocator(framealloc.Config{Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{quits{}}, Strict: diag.StrictOff, EveryTime: true})})
		defer a.Close()
		s := stream.New[int32](a, stream.Config{Budget: 40, Loads: 1})
		defer s.Close()
		first, second := s.Entry("first", 10, stream.Critical, count), s.Entry("second", 10, stream.Normal, count)
		mustWait(t, first)
		second.Request()
		synctest.Wait()
		if second.State() != stream.Absent || !errors.Is(second.Err(), diag.FA402) {
			t.Errorf("%v, %v", second.State(), second.Err())
		}
		first.Close()
		second.Request()
		synctest.Wait()
		if second.State() != stream.Ready {
			t.Errorf("nobody loads any more: %v", second.State())
		}
	})
}

// TestQueueGoesOn: where a load ends its goroutine, another loads what is queued.
func TestQueueGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40, Loads: 1})
		defer s.Close()
		gate := make(chan struct{})
		ends := s.Entry("ends", 1, stream.Normal, func(context.Context, *stream.Entry[int32], []int32) error {
			<-gate
			runtime.Goexit()
			return nil
		})
		queued := s.Entry("queued", 1, stream.Normal, count)
		ends.Request()
		synctest.Wait()
		queued.Request()
		close(gate)
		synctest.Wait()
		if ends.State() != stream.Failed || queued.State() != stream.Ready {
			t.Errorf("%v, %v", ends.State(), queued.State())
		}
	})
}

// TestLoadPanicsWithError: what a load panics with can be asked for.
func TestLoadPanicsWithError(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	s := stream.New[int32](a, stream.Config{Budget: 40})
	defer s.Close()
	e := s.Entry("e", 1, stream.Normal, func(context.Context, *stream.Entry[int32], []int32) error {
		var f *framealloc.Frame
		w := a.NewWorker("loads")
		defer w.Close()
		w.Frame(func(g *framealloc.Frame) { f = g })
		framealloc.New[int](f)
		return nil
	})
	if err := e.Wait(context.Background()); !errors.Is(err, diag.FA001) || !strings.Contains(err.Error(), "callbacks_test.go") {
		t.Errorf("%v", err)
	}
}

// TestLoadsCallBack has a LoadFunc do to its own entry, and others, what it should not.
func TestLoadsCallBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40, Loads: 1})
		defer s.Close()
		e := s.Entry("e", 5, stream.Normal, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error {
			e.Request()
			_, begun := e.Begin()
			if e.Evict() || !errors.Is(begun, stream.ErrState) || !errors.Is(e.Finish(), stream.ErrState) || !errors.Is(e.Fail(nil), stream.ErrState) || e.State() != stream.Loading {
				t.Error("a load that runs was ended, or begun again")
			}
			e.SetPriority(stream.Low)
			e.Progressed(-1)
			e.Progressed(99)
			return count(ctx, e, dst)
		})
		mustWait(t, e)
		if e.Priority() != stream.Low || !use(a, e) {
			t.Error("not there")
		}
		closes := s.Entry("closes", 5, stream.Normal, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error {
			e.Close()
			<-ctx.Done()
			return nil
		})
		closes.Request()
		synctest.Wait()
		if st := s.Stats(); closes.State() != stream.Closed || st.Used != 20 {
			t.Errorf("%v: %+v", closes.State(), st)
		}
		waits := s.Entry("waits", 5, stream.Normal, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error {
			return e.Wait(ctx) // for itself
		})
		waits.Request()
		synctest.Wait()
		s.Close()
		if waits.State() != stream.Closed {
			t.Errorf("%v", waits.State())
		}
	})
}

// TestClosingAtEachMoment closes the stream, or the entry, at each of the moments when
// the stream lets go of its mutex, while a load and a Begin want room.
func TestClosingAtEachMoment(t *testing.T) {
	for _, what := range []string{"stream", "entry"} {
		for _, byHand := range []bool{false, true} {
			for _, when := range []string{"evicting", "reporting", "loading"} {
				t.Run(fmt.Sprint(what, " ", byHand, " ", when), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						closeAt(t, what, byHand, when)
					})
				})
			}
		}
	}
}

// pause is a sink, and more, that stops who comes until it is let go on.
type pause struct{ here, goOn chan struct{} }

func (p pause) Report(diag.Diagnostic) { p.stop() }
func (p pause) stop()                  { p.here <- struct{}{}; <-p.goOn }

func closeAt(t *testing.T, what string, byHand bool, when string) {
	p := pause{make(chan struct{}), make(chan struct{})}
	a := framealloc.NewAllocator(framealloc.Config{Reporter: diag.NewReporter(diag.Options{Sinks: []diag.Sink{p}, Strict: diag.StrictOff, EveryTime: true})})
	defer a.Close()
	s := stream.New[*int](a, stream.Config{Budget: 10 * pointerSize, OnEvict: func(string) { p.stop() }})
	nothing := func(context.Context, *stream.Entry[*int], []*int) error { return nil }
	priority := stream.Normal
	if when == "reporting" {
		priority = stream.Critical
	}
	if when != "loading" {
		mustWait(t, s.Entry("old", 10, priority, nothing))
	}
	load := func(context.Context, *stream.Entry[*int], []*int) error {
		if when == "loading" {
			p.stop()
		}
		return nil
	}
	if byHand {
		load = nil
	}
	e := s.Entry("e", 10, stream.Normal, load)
	var began atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if !byHand {
			e.Request()
			return
		}
		dst, err := e.Begin()
		began.Store(err == nil)
		if err == nil {
			if when == "loading" {
				p.stop()
			}
			dst[9] = new(int)
			if err := e.Finish(); !errors.Is(err, stream.ErrState) {
				t.Errorf("finished after Close: %v", err)
			}
		}
	}()
	<-p.here
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		if what == "stream" {
			s.Close()
		} else {
			e.Close()
		}
	}()
	synctest.Wait()
	if use(a, e) || e.Evict() {
		t.Error("there while it is being closed")
	}
	e.SetPriority(stream.High)
	close(p.goOn)
	<-ended
	<-closed
	synctest.Wait()
	if err := e.Wait(context.Background()); e.State() != stream.Closed || !errors.Is(err, diag.FA402) {
		t.Errorf("%v, %v", e.State(), err)
	}
	if byHand && began.Load() != (when == "loading") {
		t.Errorf("begun: %v", began.Load())
	}
	if what == "entry" {
		want := 0
		if when == "reporting" {
			want = 10 * pointerSize
		}
		if st := s.Stats(); st.Used != want {
			t.Errorf("%+v", st)
		}
		s.Close()
	}
	e.Close()
	s.Close()
}
