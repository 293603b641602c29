package framealloc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// Where a freed Box goes depends on whose goroutine frees it.
func TestFreeFrom(t *testing.T) {
	for _, c := range []struct {
		name string
		free func(b Box[poolNode], a *Allocator, other *Worker)
		want DeferredStats // before the owner's next frame
	}{
		{"owner", func(b Box[poolNode], a *Allocator, _ *Worker) { b.FreeFrom(a) }, DeferredStats{}},
		{"other worker", func(b Box[poolNode], _ *Allocator, w *Worker) { b.FreeFrom(w) }, DeferredStats{Queued: 1, Pending: 1}},
		{"no worker", func(b Box[poolNode], _ *Allocator, _ *Worker) { b.FreeFrom(nil) }, DeferredStats{Queued: 1, Pending: 1}},
		{"another's frame", func(b Box[poolNode], _ *Allocator, w *Worker) {
			w.Frame(func(f *Frame) { b.FreeFrom(f) })
		}, DeferredStats{Queued: 1, Pending: 1}},
		{"try", func(b Box[poolNode], _ *Allocator, w *Worker) {
			if err := b.TryFreeFrom(w); err != nil {
				panic(err)
			}
		}, DeferredStats{Queued: 1, Pending: 1}},
	} {
		for _, debug := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, debug %v", c.name, debug), func(t *testing.T) {
				a := NewAllocator(Config{Debug: debug})
				defer a.Close()
				w := a.NewWorker("other")
				b := PoolBox[poolNode](a)
				b.Get().name = "n"
				b.Get().next = b.Get()
				c.free(b, a, w)
				if b.Valid() {
					t.Error("valid after it was freed")
				}
				if err := b.TryFreeFrom(w); !errors.Is(err, diag.FA208) {
					t.Errorf("freed again: %v, want FA208", err)
				}
				if s := a.Main().Stats().Deferred; s != c.want {
					t.Errorf("before the frame: %+v, want %+v", s, c.want)
				}
				a.Frame(func(*Frame) {})
				want := c.want
				want.Processed, want.Pending = want.Queued, 0
				if s := a.Stats(); s.Deferred != want || s.Pool.Frees != 1 {
					t.Errorf("after it: %+v and %d frees, want %+v and 1", s.Deferred, s.Pool.Frees, want)
				}
				again := PoolBox[poolNode](a)
				if x := again.Get(); !reflect.ValueOf(x).Elem().IsZero() {
					t.Errorf("handed out again as %+v", *x)
				}
				if debug && again.slot != b.slot {
					t.Error("not recycled")
				}
			})
		}
	}
}

func TestPoolPutTo(t *testing.T) {
	for _, debug := range []bool{false, true} {
		a := NewAllocator(Config{Debug: debug, Reporter: diag.NewCollector(t).Reporter(),
			Deferred: DeferredConfig{Capacity: 2, Policy: FailWhenFull}})
		w := a.NewWorker("other")
		x, y, z := PoolGet[poolNode](a), PoolGet[poolNode](a), PoolGet[poolNode](a)
		x.id, z.id = 1, 3
		PoolPutTo(a, a, y) // its own: at once
		PoolPutTo(a, w, x)
		PoolPutTo(a, nil, PoolGet[poolNode](a))
		if x.id != 0 {
			t.Error("not cleared where it was put")
		}
		if err := TryPoolPutTo(a, w, z); !errors.Is(err, diag.FA204) || z.id != 3 {
			t.Errorf("into a full queue: %v; the object is %+v", err, *z)
		}
		a.Frame(func(*Frame) {})
		if err := TryPoolPutTo(a, w, z); err != nil {
			t.Errorf("refused once, and now again: %v", err)
		}
		if err := TryPoolPutTo[poolNode](a, w, nil); !errors.Is(err, diag.FA208) {
			t.Errorf("nil: %v", err)
		}
		if debug {
			if err := TryPoolPutTo(a, w, z); !errors.Is(err, diag.FA208) || !strings.Contains(err.Error(), "put twice") {
				t.Errorf("put twice: %v", err)
			}
			if err := TryPoolPutTo(a, w, new(poolNode)); !errors.Is(err, diag.FA208) {
				t.Errorf("foreign: %v", err)
			}
		}
		a.Frame(func(*Frame) {})
		if s := PoolOf[poolNode](a).Stats(); s.Live != 0 {
			t.Errorf("debug %v: %+v", debug, s)
		}
		// A type that the owner has never pooled itself.
		PoolPutTo(a, w, PoolGet[pooled64](w))
		a.Frame(func(*Frame) {})
		w.Publish()
		if s := a.Stats(); s.Pool.Allocations != s.Pool.Frees || s.Deferred.Processed != 4 {
			t.Errorf("debug %v: %+v", debug, s)
		}
		a.Close()
	}
}

// Ten objects are given back to a queue for four.
func TestDeferredPolicies(t *testing.T) {
	for _, c := range []struct {
		policy  DeferredPolicy
		want    DeferredStats
		refused int
	}{
		{GrowWhenFull, DeferredStats{Queued: 10, Pending: 10}, 0},
		{DropOldest, DeferredStats{Queued: 10, Dropped: 6, Pending: 4}, 0},
		{FailWhenFull, DeferredStats{Queued: 4, Pending: 4}, 6},
		{ProcessImmediately, DeferredStats{Queued: 10, Processed: 8, Pending: 2}, 0},
	} {
		for _, debug := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v, debug %v", c.policy, debug), func(t *testing.T) {
				reports := diag.NewCollector(t)
				a := NewAllocator(Config{Debug: debug, Reporter: reports.Reporter(), PoolMagazine: 3,
					Deferred: DeferredConfig{Capacity: 4, Policy: c.policy}})
				defer a.Close()
				w := a.NewWorker("other")
				var events []DeferredEvent
				alarms := 0
				a.Observe(Hooks{
					Deferred:   func(e DeferredEvent) { events = append(events, e) },
					Diagnostic: func(d diag.Diagnostic) { alarms++ },
				})
				a.Frame(func(*Frame) {}) // the observer is there
				var boxes []Box[poolNode]
				for i := range 10 {
					boxes = append(boxes, PoolBox[poolNode](a))
					boxes[i].Get().id = i
				}
				refused := 0
				for i, b := range boxes {
					if err := b.TryFreeFrom(w); errors.Is(err, diag.FA204) {
						refused++
						if !b.Valid() || b.Get().id != i {
							t.Error("refused, and yet not valid")
						}
					} else if err != nil {
						t.Error(err)
					}
				}
				if s := a.Main().Stats().Deferred; s != c.want || refused != c.refused {
					t.Errorf("%+v, %d refused; want %+v, %d", s, refused, c.want, c.refused)
				}
				reports.Require(diag.FA204)
				if d := reports.Of(diag.FA204)[0]; d.Worker != "main" || !strings.Contains(d.Message, "3 of 4") || !strings.Contains(d.Caller, "deferred_test.go") {
					t.Errorf("reported as %+v", d)
				}
				a.Frame(func(*Frame) {})
				for _, b := range boxes {
					if b.Valid() {
						b.FreeFrom(a)
					}
				}
				want := c.want
				want.Processed += uint64(want.Pending)
				want.Pending = 0
				if s := a.Main().Stats().Deferred; s != want {
					t.Errorf("in the end %+v, want %+v", s, want)
				}
				if len(events) != 1 || events[0] != (DeferredEvent{Worker: "main", Frame: 2, Queued: int(want.Queued), Processed: int(want.Processed), Dropped: int(want.Dropped)}) || alarms != 1 {
					t.Errorf("events %+v, %d alarms", events, alarms)
				}
				a.Main().Publish()
				if s := a.Stats().Pool; s.Allocations != 10 || s.Frees != 10 {
					t.Errorf("%+v: an object was lost silently", s)
				}
				// What was not dropped is there to be handed out, once.
				p := PoolOf[boxed[poolNode]](a) // the pool behind the boxes
				before := p.Stats()
				seen := map[*boxed[poolNode]]bool{}
				for range before.Free + before.Shared {
					b := PoolBox[poolNode](a)
					if seen[b.slot] {
						t.Error("handed out twice")
					}
					seen[b.slot] = true
				}
				if after := p.Stats(); after.Made != before.Made {
					t.Errorf("%d made although %d were free", after.Made-before.Made, before.Free+before.Shared)
				}
			})
		}
	}
}

// The owner decides when and how many it takes back.
func TestDeferredProcessing(t *testing.T) {
	give := func(a *Allocator, n int) {
		boxes := make([]Box[int], n)
		for i := range boxes {
			boxes[i] = PoolBox[int](a)
		}
		for _, b := range boxes {
			b.FreeFrom(nil)
		}
	}
	pending := func(a *Allocator) int { return a.Main().Stats().Deferred.Pending }
	t.Run("per frame", func(t *testing.T) {
		a := NewAllocator(Config{Deferred: DeferredConfig{PerFrame: 4}})
		defer a.Close()
		give(a, 10)
		for _, want := range []int{6, 2, 0, 0} {
			if a.Frame(func(*Frame) {}); pending(a) != want {
				t.Errorf("%d pending, want %d", pending(a), want)
			}
		}
	})
	t.Run("explicit", func(t *testing.T) {
		a := NewAllocator(Config{Deferred: DeferredConfig{PerFrame: -1}})
		give(a, 100)
		a.Frame(func(f *Frame) {
			New[int](f)
			for _, c := range []struct{ max, done int }{{0, 0}, {1, 1}, {40, 40}, {-1, 59}, {-1, 0}, {5, 0}} {
				if n := a.Main().ProcessDeferred(c.max); n != c.done {
					t.Errorf("ProcessDeferred(%d) is %d, want %d", c.max, n, c.done)
				}
			}
			fork := f.Fork()
			give(a, 1)
			if n := fork.Worker().ProcessDeferred(-1); n != 0 || pending(a) != 1 {
				t.Errorf("a fork took %d", n)
			}
			fork.Join()
		})
		a.Close()
		if n := a.Main().ProcessDeferred(-1); n != 0 || a.Stats().Deferred != (DeferredStats{Queued: 101, Processed: 101}) {
			t.Errorf("closed: %d, %+v", n, a.Stats().Deferred)
		}
	})
	for _, config := range []Config{{}, {Debug: true}, {MaxFrameBytes: MiB}, {FramesInFlight: 2}} {
		t.Run("per allocation", func(t *testing.T) {
			config.Deferred = DeferredConfig{PerFrame: 1, PerAllocation: 3}
			a := NewAllocator(config)
			defer a.Close()
			for range 5 {
				give(a, 15)
				a.Frame(func(f *Frame) {
					typed := ArenaOf[poolNode](f)
					for i, allocate := range []func(){
						func() { New[int](f) },
						func() { New[poolNode](f) },
						func() { Slice[int32](f, 5) },
						func() { typed.New() },
						func() { NewValue(f, 5) },
						func() { New[int](f) },
					} {
						if want := max(0, 14-3*i); pending(a) != want {
							t.Errorf("%d pending before allocation %d, want %d", pending(a), i, want)
						}
						allocate()
					}
					if f.Allocations() != 6 {
						t.Errorf("%d allocations", f.Allocations())
					}
				})
				give(a, 15)
				a.Frame(func(f *Frame) { New[int](f) }) // ends with some pending
				a.Frame(func(f *Frame) {})
				a.Main().ProcessDeferred(-1)
				a.Frame(func(f *Frame) {
					give(a, 1) // too late for this frame
					New[int](f)
					if a.Main().trickling || pending(a) != 1 {
						t.Error("the frame still sees to the queue")
					}
				})
				a.Frame(func(f *Frame) {})
			}
		})
	}
}

// A Box of a fork goes to the worker that was forked, since a fork has no frames
// of its own to take it back in.
func TestDeferredFromFork(t *testing.T) {
	for _, debug := range []bool{false, true} {
		a := NewAllocator(Config{Debug: debug})
		var boxes []Box[poolNode]
		var mine Box[poolNode]
		a.Frame(func(f *Frame) {
			mine = PoolBox[poolNode](f)
			fork := f.Fork()
			var wg sync.WaitGroup
			wg.Go(func() {
				defer fork.Join()
				for i := range 5 {
					boxes = append(boxes, PoolBox[poolNode](fork))
					boxes[i].Get().id = i
				}
				boxes[4].FreeFrom(fork)
				mine.FreeFrom(fork)
			})
			wg.Wait()
		})
		for _, b := range boxes[:4] {
			b.FreeFrom(a)
		}
		if s := a.Main().Stats().Deferred; s.Pending != 5 {
			t.Errorf("%+v", s)
		}
		a.Frame(func(f *Frame) {})
		if s := a.Stats(); s.Deferred.Processed != 5 || s.Pool.Allocations != 6 || s.Pool.Frees != 6 {
			t.Errorf("debug %v: %+v", debug, s)
		}
		a.Close()
	}
}

// What is given back to a worker that was closed goes to the collector, counted;
// what was queued before stays with the other workers.
func TestDeferredAfterClose(t *testing.T) {
	for _, debug := range []bool{false, true} {
		a := NewAllocator(Config{Debug: debug, PoolMagazine: 4})
		w := a.NewWorker("owner")
		before, after := PoolBox[poolNode](w), PoolBox[poolNode](w)
		x := PoolGet[int](w)
		before.FreeFrom(a)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		after.FreeFrom(a)
		PoolPutTo(w, a, x)
		if after.Valid() {
			t.Error("valid after it was freed")
		}
		want := DeferredStats{Queued: 3, Processed: 1, Dropped: 2}
		if s := a.Stats().Deferred; s != want || w.Stats().Deferred != want {
			t.Errorf("debug %v: %+v and %+v, want %+v", debug, s, w.Stats().Deferred, want)
		}
		if e := poolMistake(t, func() {
			b := PoolBox[poolNode](a)
			a.Close()
			b.FreeFrom(a)
		}); e.Code != diag.FA207 {
			t.Errorf("own worker closed: %v, want FA207", e)
		}
	}
}

// However many goroutines free a Box at once, one succeeds.
func TestDeferredDoubleFree(t *testing.T) {
	a := NewAllocator(Config{})
	defer a.Close()
	const boxes, rounds, freers = 50, 40, 3
	for range rounds {
		var list [boxes]Box[[4]int]
		for i := range list {
			list[i] = PoolBox[[4]int](a)
		}
		var freed [boxes]atomic.Int32
		var wg sync.WaitGroup
		for range freers {
			wg.Go(func() {
				for i, b := range list {
					if b.TryFreeFrom(nil) == nil {
						freed[i].Add(1)
					}
				}
			})
		}
		for i, b := range list {
			if b.TryFreeFrom(a) == nil {
				freed[i].Add(1)
			}
		}
		wg.Wait()
		for i := range freed {
			if n := freed[i].Load(); n != 1 {
				t.Fatalf("box %d was freed %d times", i, n)
			}
		}
		a.Frame(func(*Frame) {})
	}
	if s := a.Stats().Pool; s.Allocations != boxes*rounds || s.Frees != boxes*rounds {
		t.Errorf("%+v", s)
	}
}

func TestDeferredFrameEnd(t *testing.T) {
	a := NewAllocator(Config{Deferred: DeferredConfig{PerFrame: 2}})
	defer a.Close()
	PoolBox[int](a).FreeFrom(nil) // before anyone observes
	a.Frame(func(*Frame) {})
	var ends []DeferredStats
	defer a.Observe(Hooks{FrameEnd: func(e FrameEnd) { ends = append(ends, e.Deferred) }})()
	a.Frame(func(f *Frame) {
		for range 3 {
			PoolBox[int](f).FreeFrom(nil)
		}
	})
	a.Frame(func(*Frame) {})
	a.Frame(func(*Frame) {})
	want := []DeferredStats{{Queued: 3, Pending: 3}, {Processed: 2, Pending: 1}, {Processed: 1}}
	if !reflect.DeepEqual(ends, want) {
		t.Errorf("frames ended with %+v, want %+v", ends, want)
	}
}

func TestDeferredAllocatesNothing(t *testing.T) {
	for _, c := range []DeferredConfig{{}, {Capacity: 64, Policy: ProcessImmediately, PerFrame: -1}, {PerFrame: -1, PerAllocation: 7}} {
		a := NewAllocator(Config{Deferred: c, Reporter: diag.NewCollector(t).Reporter()})
		w := a.NewWorker("other")
		boxes := make([]Box[poolNode], 100)
		objects := make([]*pooled64, 100)
		round := func() {
			f := a.BeginFrame()
			for i := range boxes {
				boxes[i] = PoolBox[poolNode](f)
				objects[i] = PoolGet[pooled64](f)
				New[int](f)
			}
			for i := range boxes {
				boxes[i].FreeFrom(w)
				PoolPutTo(f, w, objects[i])
			}
			a.EndFrame()
		}
		for range 50 {
			round()
		}
		if n := testing.AllocsPerRun(50, round); n != 0 {
			t.Errorf("%+v: %v allocations a frame, want 0", c, n)
		}
		a.Close()
	}
}

func TestDeferredConfig(t *testing.T) {
	for _, c := range []DeferredConfig{
		{Capacity: -1}, {Policy: 9}, {Policy: DropOldest}, {Policy: FailWhenFull}, {PerAllocation: -1},
	} {
		func() {
			defer func() {
				if s, _ := recover().(string); !strings.Contains(s, "Config.Deferred.") {
					t.Errorf("%+v: panic %q", c, s)
				}
			}()
			NewAllocator(Config{Deferred: c})
		}()
	}
}

// message carries a checksum of what its sender wrote.
type message struct {
	words [6]uint64
	self  *message
	sum   uint64
}

func (m *message) write(seed uint64) {
	for i := range m.words {
		m.words[i] = seed * uint64(2*i+3)
	}
	m.self, m.sum = m, m.total()
}

func (m *message) total() (sum uint64) {
	for _, w := range m.words {
		sum = sum*31 + w
	}
	return sum
}

func (m *message) intact() bool { return m.self == m && m.sum == m.total() }

// FuzzDeferred has one goroutine make boxes and objects, and others check and
// free them, while the owner goes on with frames. Nothing may change while it is
// held, nothing may be handed out twice, and the books must close.
func FuzzDeferred(f *testing.F) {
	f.Add(uint64(1), uint8(0), uint8(0), int8(0), uint8(0), uint8(0), false)
	f.Add(uint64(2), uint8(1), uint8(20), int8(3), uint8(2), uint8(3), true)
	f.Add(uint64(3), uint8(3), uint8(5), int8(-1), uint8(1), uint8(4), true)
	f.Add(uint64(4), uint8(2), uint8(9), int8(2), uint8(0), uint8(1), false)
	f.Fuzz(func(t *testing.T, seed uint64, policy, capacity uint8, perFrame int8, perAlloc, magazine uint8, debug bool) {
		config := DeferredConfig{Capacity: int(capacity), PerFrame: int(perFrame), PerAllocation: int(perAlloc)}
		if capacity > 0 {
			config.Policy = DeferredPolicy(policy % 4)
		}
		a := NewAllocator(Config{Debug: debug, Deferred: config, PoolMagazine: int(magazine), Reporter: diag.NewCollector(t).Reporter()})
		owner := a.NewWorker("owner")
		boxes, objects := make(chan Box[message], 64), make(chan *message, 64)
		returned := make(chan Box[message], 64) // refused by the queue: the owner's to free
		back := make(chan *message, 64)
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				var src Source
				if i > 0 {
					src = a.NewWorker(fmt.Sprint("freer ", i))
				}
				for boxes, objects := boxes, objects; boxes != nil || objects != nil; {
					select {
					case b, ok := <-boxes:
						if !ok {
							boxes = nil
							break
						}
						if !b.Get().intact() {
							t.Error("a box changed while it was held")
						}
						if err := b.TryFreeFrom(src); errors.Is(err, diag.FA204) {
							returned <- b
						} else if err != nil {
							t.Error(err)
						} else if err := b.TryFreeFrom(src); !errors.Is(err, diag.FA208) {
							t.Errorf("freed twice: %v", err)
						}
					case x, ok := <-objects:
						if !ok {
							objects = nil
							break
						}
						if !x.intact() {
							t.Error("an object changed while it was held")
						}
						if err := TryPoolPutTo(owner, src, x); err != nil {
							back <- x
						}
					}
				}
			})
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		made := uint64(0)
		freers := make(chan struct{})
		go func() { wg.Wait(); close(freers) }()
		sweep := func() {
			for {
				select {
				case b := <-returned:
					b.Free()
				case x := <-back:
					PoolPut(owner, x)
				default:
					return
				}
			}
		}
		for range 30 {
			owner.Frame(func(f *Frame) {
				for range rng.IntN(40) {
					sweep()
					New[int](f)
					made++
					if rng.IntN(2) == 0 {
						b := PoolBox[message](f)
						if *b.Get() != (message{}) {
							t.Error("a box is not zero")
						}
						b.Get().write(rng.Uint64())
						select {
						case boxes <- b:
						default:
							b.Free()
						}
					} else {
						x := PoolGet[message](f)
						if *x != (message{}) {
							t.Error("an object is not zero")
						}
						x.write(rng.Uint64())
						select {
						case objects <- x:
						default:
							PoolPut(f, x)
						}
					}
				}
			})
			if rng.IntN(5) == 0 {
				owner.ProcessDeferred(rng.IntN(20))
			}
		}
		close(boxes)
		close(objects)
		for running := true; running; {
			sweep()
			select {
			case <-freers:
				running = false
				sweep()
			case b := <-returned:
				b.Free()
			case x := <-back:
				PoolPut(owner, x)
			}
		}
		owner.ProcessDeferred(-1)
		owner.Publish()
		d := owner.Stats().Deferred
		if d.Pending != 0 || d.Queued != d.Processed+d.Dropped {
			t.Errorf("%+v", d)
		}
		if s := owner.Stats().Pool; s.Allocations != made || s.Frees != made {
			t.Errorf("%d made, and %+v", made, s)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkDeferred(b *testing.B) {
	b.Run("Box.Free", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			PoolBox[pooled64](a).Free()
		}
	})
	b.Run("Box.FreeFrom owner", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			PoolBox[pooled64](a).FreeFrom(a)
		}
	})
	b.Run("Box.FreeFrom other, 100 a frame", func(b *testing.B) {
		a := NewAllocator(Config{})
		i := 0
		for b.Loop() {
			PoolBox[pooled64](a).FreeFrom(nil)
			if i++; i%100 == 0 {
				a.BeginFrame()
				a.EndFrame()
			}
		}
	})
	b.Run("PoolPutTo other, 100 a frame", func(b *testing.B) {
		a := NewAllocator(Config{})
		i := 0
		for b.Loop() {
			PoolPutTo(a, nil, PoolGet[pooled64](a))
			if i++; i%100 == 0 {
				a.BeginFrame()
				a.EndFrame()
			}
		}
	})
	b.Run("empty frame", func(b *testing.B) {
		a := NewAllocator(Config{})
		for b.Loop() {
			a.BeginFrame()
			a.EndFrame()
		}
	})
}
