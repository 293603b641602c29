package stream_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/stream"
)

// allocator returns one whose diagnostics are collected.
func allocator(t *testing.T, c framealloc.Config) (*framealloc.Allocator, *diag.Collector) {
	t.Helper()
	found := diag.NewCollector(t)
	c.Reporter = found.Reporter()
	a := framealloc.NewAllocator(c)
	t.Cleanup(func() { a.Close() })
	return a, found
}

const pointerSize = strconv.IntSize / 8

// count loads 1, 2, 3...
func count(_ context.Context, e *stream.Entry[int32], dst []int32) error {
	for i := range dst {
		if dst[i] != 0 {
			return fmt.Errorf("value %d is %d at first", i, dst[i])
		}
		dst[i] = int32(i + 1)
		e.Progressed(i + 1)
	}
	return nil
}

func mustWait[T any](t *testing.T, list ...*stream.Entry[T]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, e := range list {
		if err := e.Wait(ctx); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
	}
}

func mustPanic(t *testing.T, code diag.Code, words string, fn func()) {
	t.Helper()
	defer func() {
		t.Helper()
		err, _ := recover().(error)
		if !errors.Is(err, code) || !strings.Contains(fmt.Sprint(err), words) {
			t.Errorf("panics with %v, want %s and %q", err, code, words)
		}
	}()
	fn()
}

// use uses an entry in a frame of its own.
func use[T any](a *framealloc.Allocator, e *stream.Entry[T]) (ok bool) {
	a.Frame(func(f *framealloc.Frame) { _, ok = e.Use(f) })
	return ok
}

// in names the entries that are in memory.
func in[T any](s *stream.Stream[T]) string {
	var names []string
	for e := range s.All() {
		if e.State() == stream.Ready {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestUse(t *testing.T) {
	a, found := allocator(t, framealloc.Config{})
	s := stream.New[int32](a, stream.Config{Name: "numbers", Budget: 1000})
	defer s.Close()
	e := s.Entry("first", 100, stream.Normal, count)
	if e.State() != stream.Absent || e.Len() != 100 || e.Name() != "first" || e.Priority() != stream.Normal || e.Progress() != 0 {
		t.Errorf("%v of %d, %v", e.State(), e.Len(), e.Progress())
	}
	if use(a, e) {
		t.Error("there at once")
	}
	mustWait(t, e)
	a.Frame(func(f *framealloc.Frame) {
		values, ok := e.Use(f)
		if !ok || len(values) != 100 || cap(values) != 100 || values[99] != 100 {
			t.Errorf("%v %v", values, ok)
		}
		if st := s.Stats(); st.InUse != 1 || st.Ready != 1 || st.Used != 400 || st.Budget != 1000 || st.Loads != 1 {
			t.Errorf("%+v", st)
		}
		if e.Evict() {
			t.Error("evicted while a frame uses it")
		}
	})
	if e.Progress() != 1 || e.Err() != nil || s.Stats().InUse != 0 {
		t.Errorf("%v %v %+v", e.Progress(), e.Err(), s.Stats())
	}
	if !e.Evict() || e.Evict() || e.State() != stream.Absent || s.Stats().Used != 0 {
		t.Error("not evicted, or twice")
	}
	var f *framealloc.Frame
	a.Frame(func(g *framealloc.Frame) { f = g })
	mustPanic(t, diag.FA001, "lifetime", func() { e.Use(f) })
	found.RequireNone()
	if got := fmt.Sprintln(s, s.Name(), stream.Failed, stream.High); got != "stream \"numbers\" numbers failed high\n" {
		t.Errorf("%s", got)
	}
}

// TestEvictionOrder: lowest priority first, then what was not used for longest.
func TestEvictionOrder(t *testing.T) {
	a, found := allocator(t, framealloc.Config{})
	var mu sync.Mutex
	var gone []string
	s := stream.New[int32](a, stream.Config{Budget: 40 * 4, OnEvict: func(name string) {
		mu.Lock()
		defer mu.Unlock()
		gone = append(gone, name)
	}})
	defer s.Close()
	load := func(name string, n int, p stream.Priority) (*stream.Entry[int32], error) {
		e := s.Entry(name, n, p, count)
		return e, e.Wait(context.Background())
	}
	high, _ := load("high", 10, stream.High)
	old, _ := load("old", 10, stream.Normal)
	newer, _ := load("newer", 10, stream.Normal)
	low, _ := load("low", 10, stream.Low)
	use(a, newer)
	use(a, old)
	use(a, low)
	if _, err := load("second low", 10, stream.Low); err != nil || in(s) != "high newer old second low" {
		t.Fatalf("%v: %s", err, in(s))
	}
	if _, err := load("a normal", 20, stream.Normal); err != nil || in(s) != "a normal high old" {
		t.Fatalf("%v: %s", err, in(s))
	}
	old.SetPriority(stream.High)
	high.SetPriority(stream.Normal)
	if _, err := load("third low", 10, stream.Low); !errors.Is(err, diag.FA402) || in(s) != "a normal high old" {
		t.Fatalf("%v: %s", err, in(s))
	}
	if _, err := load("critical", 30, stream.Critical); err != nil || in(s) != "critical old" {
		t.Fatalf("%v: %s", err, in(s))
	}
	if _, err := load("too much", 20, stream.Critical); !errors.Is(err, diag.FA402) || in(s) != "critical old" {
		t.Fatalf("%v: %s", err, in(s))
	}
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(gone, ", "); got != "low, second low, newer, high, a normal" {
		t.Errorf("evicted %s", got)
	}
	if n := len(found.Of(diag.FA402)); n != 2 {
		t.Errorf("%d reports: %v", n, found.Diagnostics())
	}
	if st := s.Stats(); st.Shortages != 2 || st.Evictions != 5 {
		t.Errorf("%+v", st)
	}
	newer.Request()
}

// TestWhatFramesUseStays: neither evicted nor moved until the frame's lifetime is over.
func TestWhatFramesUseStays(t *testing.T) {
	for _, inFlight := range []int{0, 2} {
		a, found := allocator(t, framealloc.Config{FramesInFlight: inFlight})
		s := stream.New[int32](a, stream.Config{Budget: 10 * 4})
		first := s.Entry("first", 6, stream.Normal, count)
		second := s.Entry("second", 6, stream.High, count)
		mustWait(t, first)
		f := a.BeginFrame()
		values, ok := first.Use(f)
		fork := f.Fork()
		if again, ok2 := first.Use(fork); !ok || !ok2 || &again[0] != &values[0] {
			t.Fatal("not there")
		}
		fork.Join()
		stays := func() {
			if err := second.Wait(context.Background()); !errors.Is(err, diag.FA402) || !strings.Contains(err.Error(), "frames use 24") {
				t.Errorf("%v", err)
			}
			if values[5] != 6 || first.State() != stream.Ready {
				t.Errorf("%v", values)
			}
		}
		stays()
		a.EndFrame()
		for range inFlight {
			a.BeginFrame()
			stays()
			a.EndFrame()
		}
		mustWait(t, second)
		if first.State() != stream.Absent {
			t.Errorf("first is %v", first.State())
		}
		found.Reset()
		s.Close()
	}
}

// TestRoomInPieces moves what no frame uses.
func TestRoomInPieces(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	s := stream.New[int32](a, stream.Config{Budget: 100 * 4})
	defer s.Close()
	var all []*stream.Entry[int32]
	for i := range 10 {
		all = append(all, s.Entry(fmt.Sprint(i), 10, stream.High, count))
	}
	mustWait(t, all...)
	for i := 0; i < 10; i += 2 {
		all[i].Evict()
	}
	a.Frame(func(f *framealloc.Frame) {
		kept, _ := all[5].Use(f)
		before := &kept[0]
		large := s.Entry("large", 30, stream.Low, count)
		mustWait(t, large) //fa:ignore FA701 the load has to happen while the frame uses another entry
		if now, _ := all[5].Use(f); &now[0] != before || now[9] != 10 {
			t.Error("what the frame uses has moved")
		}
	})
	if st := s.Stats(); st.Evictions != 5 || st.Moves == 0 || st.Moved == 0 {
		t.Errorf("%+v", st)
	}
	for i := 1; i < 10; i += 2 {
		a.Frame(func(f *framealloc.Frame) {
			values, ok := all[i].Use(f)
			for j, v := range values {
				if v != int32(j+1) {
					t.Errorf("%d holds %v", i, values)
				}
			}
			if !ok {
				t.Errorf("%d is not there", i)
			}
		})
	}
}

func TestFilledByHand(t *testing.T) {
	a, found := allocator(t, framealloc.Config{})
	s := stream.New[string](a, stream.Config{Budget: 10 * 2 * pointerSize})
	defer s.Close()
	e := s.Entry("words", 3, stream.Normal, nil)
	for _, fn := range []func() error{e.Finish, func() error { return e.Fail(nil) }} {
		if err := fn(); !errors.Is(err, stream.ErrState) || !strings.Contains(err.Error(), "words") {
			t.Errorf("%v", err)
		}
	}
	if use(a, e); e.State() != stream.Absent {
		t.Errorf("%v, and nobody loads it", e.State())
	}
	words, err := e.Begin()
	if err != nil || len(words) != 3 || e.State() != stream.Loading {
		t.Fatalf("%v %v", words, err)
	}
	if _, err := e.Begin(); !errors.Is(err, stream.ErrState) {
		t.Errorf("begun twice: %v", err)
	}
	words[0] = "one"
	e.Progressed(1)
	if e.Progress() != 1./3 || use(a, e) || e.Evict() {
		t.Errorf("%v", e.Progress())
	}
	if err := e.Fail(errors.New("no dictionary")); err != nil || e.State() != stream.Failed || e.Err().Error() != "no dictionary" {
		t.Errorf("%v %v", err, e.Err())
	}
	if words, err = e.Begin(); err != nil || words[0] != "" {
		t.Fatalf("%q %v", words, err)
	}
	words[2] = "three"
	if err := e.Finish(); err != nil || !use(a, e) {
		t.Errorf("%v", err)
	}
	if _, err := e.Begin(); !errors.Is(err, stream.ErrState) {
		t.Errorf("begun while ready: %v", err)
	}
	loads := s.Entry("loads", 1, stream.Low, func(context.Context, *stream.Entry[string], []string) error { return nil })
	if _, err := loads.Begin(); !errors.Is(err, stream.ErrState) {
		t.Errorf("begun, with a function: %v", err)
	}
	a.Frame(func(f *framealloc.Frame) {
		e.Use(f)
		large := s.Entry("large", 9, stream.Critical, nil)
		if _, err := large.Begin(); !errors.Is(err, diag.FA402) || large.State() != stream.Absent || !errors.Is(large.Err(), diag.FA402) {
			t.Errorf("%v", err)
		}
	})
	found.Require(diag.FA402)
	found.Reset()
}

func TestFailingLoads(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	s := stream.New[int32](a, stream.Config{Budget: 400, Loads: 1})
	defer s.Close()
	fails := true
	for name, load := range map[string]stream.LoadFunc[int32]{
		"no file": func(context.Context, *stream.Entry[int32], []int32) error { return errors.New("no file") },
		"panicked: no idea": func(context.Context, *stream.Entry[int32], []int32) error {
			panic("no idea")
		},
		"ended its goroutine": func(context.Context, *stream.Entry[int32], []int32) error {
			runtime.Goexit()
			return nil
		},
	} {
		tries := 0
		e := s.Entry(name, 100, stream.Normal, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error {
			if tries++; fails && tries == 1 {
				dst[0] = 99
				return load(ctx, e, dst)
			}
			return count(ctx, e, dst)
		})
		if err := e.Wait(context.Background()); err == nil || !strings.Contains(err.Error(), name) || e.State() != stream.Failed || e.Err() != err {
			t.Errorf("%s: %v, %v", name, err, e.State())
		}
		if use(a, e) || e.State() != stream.Failed || s.Stats().Used != 0 {
			t.Errorf("%s: tried again, or kept memory: %+v", name, s.Stats())
		}
		mustWait(t, e) // which asks again
		e.Close()
	}
	if st := s.Stats(); st.Failures != 3 || st.Loads != 3 || st.Used != 0 || st.Entries != 0 {
		t.Errorf("%+v", st)
	}
}

// TestQueue loads one at a time: higher priorities first, then in the order asked.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 400, Loads: 1})
		defer s.Close()
		var order []string
		gate := make(chan struct{})
		load := func(_ context.Context, e *stream.Entry[int32], _ []int32) error {
			order = append(order, e.Name())
			<-gate
			return nil
		}
		var all []*stream.Entry[int32]
		for i, p := range []stream.Priority{stream.Low, stream.Low, stream.Normal, stream.Critical, stream.Normal, stream.Low} {
			e := s.Entry(fmt.Sprint(i), 1, p, load)
			all = append(all, e)
			e.Request()
			e.Request()
			synctest.Wait()
		}
		if st := s.Stats(); st.Loading != 1 || st.Queued != 5 {
			t.Errorf("%+v", st)
		}
		all[5].SetPriority(stream.High)
		all[1].Close()
		for range 5 {
			gate <- struct{}{}
			synctest.Wait()
		}
		if got := strings.Join(order, " "); got != "0 3 5 2 4" {
			t.Errorf("loaded %s", got)
		}
	})
}

// TestClosing closes entries and streams that are in use or being loaded.
func TestClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 10 * 4, Loads: 1})
		used, loading := s.Entry("used", 5, stream.Normal, count), s.Entry("loading", 5, stream.Normal, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error {
			<-ctx.Done()
			return ctx.Err()
		})
		byHand := s.Entry("by hand", 5, stream.Normal, nil)
		mustWait(t, used)
		f := a.BeginFrame()
		values, _ := used.Use(f)
		used.Close()
		used.Close()
		loading.Request()
		synctest.Wait()
		waited := make(chan error)
		go func() { waited <- loading.Wait(context.Background()) }()
		synctest.Wait()
		if _, ok := used.Use(f); ok || used.State() != stream.Closed || values[4] != 5 || s.Stats().InUse != 1 {
			t.Errorf("%v, %v: %+v", used.State(), values, s.Stats())
		}
		if _, err := byHand.Begin(); !errors.Is(err, diag.FA402) {
			t.Errorf("there is room: %v", err)
		}
		loading.Close()
		if err := <-waited; !errors.Is(err, diag.FA402) || loading.State() != stream.Closed {
			t.Errorf("%v", err)
		}
		synctest.Wait()
		if _, err := byHand.Begin(); err != nil {
			t.Errorf("the closed entry's memory did not come back: %v", err)
		}
		byHand.Close()
		if err := byHand.Finish(); !errors.Is(err, stream.ErrState) {
			t.Errorf("finished after Close: %v", err)
		}
		a.EndFrame()
		all := s.Entry("all", 10, stream.Low, count)
		mustWait(t, all)

		f = a.BeginFrame()
		values, _ = all.Use(f)
		hangs := s.Entry("hangs", 1, stream.Low, func(ctx context.Context, e *stream.Entry[int32], dst []int32) error { return nil })
		s.Close()
		s.Close()
		if values[9] != 10 || all.State() != stream.Closed || all.Evict() {
			t.Errorf("%v", values)
		}
		if _, ok := all.Use(f); ok {
			t.Error("used after the stream was closed")
		}
		if err := hangs.Wait(context.Background()); !errors.Is(err, diag.FA402) { //fa:ignore FA701 a closed stream makes nobody wait
			t.Errorf("%v", err)
		}
		mustPanic(t, diag.FA402, "closed", func() { s.Entry("late", 1, stream.Low, nil) })
		if st := s.Stats(); st.Entries != 0 || st.InUse != 0 {
			t.Errorf("%+v", st)
		}
		a.EndFrame()
	})
}

func TestMisuse(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	mustPanic(t, diag.FA003, "budget of 3 bytes", func() { stream.New[int32](a, stream.Config{Budget: 3}) })
	mustPanic(t, diag.FA003, "budget of 0 bytes", func() { stream.New[int32](a, stream.Config{}) })
	mustPanic(t, diag.FA003, "-1 loads", func() { stream.New[int32](a, stream.Config{Budget: 4, Loads: -1}) })
	mustPanic(t, diag.FA003, "values of 0 bytes", func() { stream.New[struct{}](a, stream.Config{Budget: 4}) })
	s := stream.New[int32](a, stream.Config{Budget: 40})
	defer s.Close()
	mustPanic(t, diag.FA003, "0 values", func() { s.Entry("nothing", 0, stream.Low, nil) })
	for _, load := range []stream.LoadFunc[int32]{nil, count} {
		e := s.Entry("huge", math.MaxInt, stream.Critical, load)
		if err := e.Wait(context.Background()); !errors.Is(err, diag.FA402) || !strings.Contains(err.Error(), fmt.Sprint(math.MaxInt, " values of 4 bytes")) || e.State() != stream.Failed || use(a, e) {
			t.Errorf("%v, %v", err, e.State())
		}
		if _, err := e.Begin(); load == nil && !errors.Is(err, diag.FA402) || load != nil && !errors.Is(err, stream.ErrState) {
			t.Errorf("%v", err)
		}
		e.Close()
	}
	e := s.Entry("any", 1, stream.Priority(99), nil)
	if e.SetPriority(77); e.Priority() != stream.Critical {
		t.Errorf("%v", e.Priority())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := e.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestAskedOncePerFrame: where there is no room, that is tried again by the next frame.
func TestAskedOncePerFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := allocator(t, framealloc.Config{})
		s := stream.New[int32](a, stream.Config{Budget: 40})
		defer s.Close()
		first := s.Entry("first", 10, stream.Critical, count)
		mustWait(t, first)
		second := s.Entry("second", 10, stream.High, count)
		for range 3 {
			a.Frame(func(f *framealloc.Frame) {
				for range 5 {
					if _, ok := second.Use(f); ok {
						t.Error("there is room")
					}
					synctest.Wait()
				}
			})
		}
		if n := s.Stats().Shortages; n != 3 {
			t.Errorf("asked %d times in 3 frames", n)
		}
		first.Close()
		use(a, second)
		synctest.Wait()
		if !use(a, second) {
			t.Error("not there though there is room")
		}
	})
}

// TestNothingIsKeptAlive expects the collector to take what evicted entries led to.
func TestNothingIsKeptAlive(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{})
	s := stream.New[*[64]byte](a, stream.Config{Budget: 64 * pointerSize})
	defer s.Close()
	gone := make(chan int, 100)
	load := func(_ context.Context, _ *stream.Entry[*[64]byte], dst []*[64]byte) error {
		for i := range dst {
			dst[i] = new([64]byte)
			runtime.AddCleanup(dst[i], func(int) { gone <- 0 }, 0)
		}
		return nil
	}
	small, other := s.Entry("small", 10, stream.Low, load), s.Entry("other", 10, stream.High, load)
	mustWait(t, small, other)
	small.Evict()
	large := s.Entry("large", 50, stream.High, load) // moves the other
	mustWait(t, large)
	for range 200 {
		if runtime.GC(); len(gone) >= 10 {
			break
		}
		runtime.Gosched()
	}
	if len(gone) != 10 {
		t.Errorf("%d of 10 let go", len(gone))
	}
	a.Frame(func(f *framealloc.Frame) {
		values, ok := other.Use(f)
		if !ok || slices.Contains(values, nil) {
			t.Error("the other was moved and lost something")
		}
	})
}

// TestStress has workers, forks and frames in flight use entries that do not all fit,
// while contents are checked.
func TestStress(t *testing.T) {
	a, found := allocator(t, framealloc.Config{FramesInFlight: 1})
	var evicted atomic.Int64
	s := stream.New[*int](a, stream.Config{Budget: 1000 * pointerSize, Loads: 3, OnEvict: func(string) { evicted.Add(1) }})
	var all []*stream.Entry[*int]
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 60 {
		load := func(_ context.Context, _ *stream.Entry[*int], dst []*int) error {
			for j := range dst {
				if dst[j] != nil {
					return errors.New("not zero")
				}
				v := i*1000 + j
				dst[j] = &v
			}
			return nil
		}
		if i%10 == 9 {
			load = nil
		}
		all = append(all, s.Entry(fmt.Sprint(i), 1+rng.IntN(120), stream.Priority(i%3), load))
	}
	var hits atomic.Int64
	check := func(i int, values []*int) {
		hits.Add(1)
		for j, v := range values {
			if *v != i*1000+j {
				t.Errorf("value %d of entry %d is %d", j, i, *v)
				return
			}
		}
	}
	var gone sync.WaitGroup
	for id := range 3 {
		gone.Go(func() {
			w := a.NewWorker(fmt.Sprint(id))
			defer w.Close()
			rng := rand.New(rand.NewPCG(7, uint64(id)))
			last := make(map[int][]*int)
			for range 400 {
				w.Frame(func(f *framealloc.Frame) {
					for i, values := range last {
						check(i, values) // of the frame before
					}
					clear(last)
					for range 6 {
						i := rng.IntN(len(all))
						if values, ok := all[i].Use(f); ok {
							check(i, values)
							last[i] = values
						} else if i%10 == 9 {
							if dst, err := all[i].Begin(); err == nil {
								for j := range dst {
									v := i*1000 + j
									dst[j] = &v
								}
								if err := all[i].Finish(); err != nil {
									t.Error(err)
								}
							}
						}
					}
					framealloc.Parallel(f, 2, func(f *framealloc.Frame, k int) {
						if values, ok := all[k].Use(f); ok {
							check(k, values)
						}
					})
					if rng.IntN(50) == 0 {
						all[rng.IntN(len(all))].Evict()
					}
					if rng.IntN(50) == 0 {
						all[rng.IntN(len(all))].SetPriority(stream.Priority(rng.IntN(3)))
					}
				})
				runtime.Gosched()
			}
		})
	}
	gone.Wait()
	if st := s.Stats(); st.HighWater > st.Budget || st.Failures != 0 || st.InUse > 60 {
		t.Errorf("%+v", st)
	}
	for st := s.Stats(); st.Loading+st.Queued > 0; st = s.Stats() {
		runtime.Gosched() // what was asked for is being loaded
	}
	for i, e := range all { // each gets its turn
		if i%10 == 9 {
			continue
		}
		for _, other := range all {
			other.Evict() // which an entry of low priority may not do
		}
		mustWait(t, e)
		w := a.Main()
		w.Frame(func(f *framealloc.Frame) {
			if values, ok := e.Use(f); ok {
				check(i, values)
			}
		})
		w.Frame(func(*framealloc.Frame) {})
	}
	if hits.Load() == 0 || evicted.Load() == 0 {
		t.Errorf("%d hits, %d evictions", hits.Load(), evicted.Load())
	}
	found.Reset()
	s.Close()
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	a, _ := allocator(t, framealloc.Config{FramesInFlight: 2})
	told := 0
	s := stream.New[*int](a, stream.Config{Budget: 1000 * pointerSize, OnEvict: func(string) { told++ }})
	defer s.Close()
	e, other := s.Entry("e", 600, stream.Low, nil), s.Entry("other", 600, stream.Low, nil)
	turn := func() {
		for _, x := range []*stream.Entry[*int]{e, other} { // each evicts the other
			if _, err := x.Begin(); err != nil {
				t.Fatal(err)
			}
			if err := x.Finish(); err != nil {
				t.Fatal(err)
			}
			for range 4 {
				f := a.BeginFrame()
				x.Use(f)
				x.Use(f)
				a.EndFrame()
			}
			for range 4 {
				a.BeginFrame()
				a.EndFrame()
			}
		}
	}
	turn()
	if n := testing.AllocsPerRun(50, turn); n != 0 {
		t.Errorf("%v allocations a turn", n)
	}
	if told < 100 {
		t.Errorf("told of %d evictions", told)
	}
}
