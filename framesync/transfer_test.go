package framesync_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/framesync"
)

type point struct{ X, Y int32 }

type unit struct {
	Name  string
	Path  []point
	Boss  *unit
	Notes map[string]string
	Any   any
	at    [2]string
}

// newAllocator returns an allocator whose diagnostics a test can look at.
func newAllocator(t testing.TB) (*framealloc.Allocator, *diag.Collector) {
	c := diag.NewCollector(t)
	a := framealloc.NewAllocator(framealloc.Config{Reporter: c.Reporter()})
	t.Cleanup(func() { _ = a.Close() })
	return a, c
}

// spoil fills what later frames take from the worker, so that a value left in
// an earlier frame's memory changes.
//
//fa:ignore FA602 filling the memory is what it is for
func spoil(a *framealloc.Allocator) {
	for range 4 {
		a.Frame(func(f *framealloc.Frame) {
			for range 200 {
				s := framealloc.Slice[byte](f, 512)
				for i := range s {
					s[i] = 0xAA
				}
				*framealloc.New[unit](f) = unit{Name: "spoiled"}
				framealloc.NewValue(f, point{-1, -1})
			}
		})
	}
}

// send makes a transfer in a frame that has ended when it returns.
func send[T any](a *framealloc.Allocator, make func(f *framealloc.Frame) *framesync.Transfer[T]) (t *framesync.Transfer[T]) {
	a.Frame(func(f *framealloc.Frame) { t = make(f) })
	spoil(a)
	return t
}

func receive[T any](t *testing.T, x *framesync.Transfer[T]) T {
	t.Helper()
	v, err := x.Receive()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func squares(f *framealloc.Frame, n int) []point {
	s := framealloc.Slice[point](f, n)
	for i := range s {
		s[i] = point{int32(i), int32(i * i)}
	}
	return s
}

func checkSquares(t *testing.T, s []point, n int) {
	t.Helper()
	if len(s) != n {
		t.Fatalf("%d elements, want %d", len(s), n)
	}
	for i, p := range s {
		if p != (point{int32(i), int32(i * i)}) {
			t.Fatalf("element %d is %v", i, p)
		}
	}
}

// TestLeavesFrame receives values after the sender's frame memory was used for
// something else.
func TestLeavesFrame(t *testing.T) {
	a, c := newAllocator(t)
	t.Run("plain value", func(t *testing.T) {
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[point] {
			return framesync.NewTransfer(f, *framealloc.NewValue(f, point{3, 4}))
		})
		if got := receive(t, x); got != (point{3, 4}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("slice", func(t *testing.T) {
		checkSquares(t, receive(t, send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
			return framesync.NewTransfer(f, squares(f, 100))
		})), 100)
	})
	t.Run("slice transfer", func(t *testing.T) {
		checkSquares(t, receive(t, send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
			return framesync.NewSliceTransfer(f, squares(f, 100))
		})), 100)
	})
	t.Run("string", func(t *testing.T) {
		type title string
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[title] {
			return framesync.NewTransfer(f, title(framealloc.Sprintf(f, "level %d", 7)))
		})
		if got := receive(t, x); got != "level 7" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("pointer with pointers", func(t *testing.T) {
		boss := &unit{Name: "boss"}
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[*unit] {
			u := framealloc.New[unit](f)
			*u = unit{Name: "grunt", Boss: boss, Path: []point{{1, 2}}, Notes: map[string]string{"a": "b"}}
			return framesync.NewPointerTransfer(f, u)
		})
		got := receive(t, x)
		if got.Name != "grunt" || got.Boss != boss || got.Path[0] != (point{1, 2}) || got.Notes["a"] != "b" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("slice of pointers to the heap", func(t *testing.T) {
		u := &unit{Name: "heap"}
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[[]*unit] {
			s := framealloc.Slice[*unit](f, 2)
			s[1] = u
			return framesync.NewTransfer(f, s)
		})
		if got := receive(t, x); got[0] != nil || got[1] != u {
			t.Errorf("got %v", got)
		}
	})
	t.Run("interface", func(t *testing.T) {
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[any] {
			return framesync.NewTransfer[any](f, squares(f, 10))
		})
		checkSquares(t, receive(t, x).([]point), 10)
	})
	t.Run("nothing", func(t *testing.T) {
		x := send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
			return framesync.NewSliceTransfer[point](f, nil)
		})
		nobody := send(a, func(f *framealloc.Frame) *framesync.Transfer[*unit] {
			return framesync.NewPointerTransfer[unit](f, nil)
		})
		a.Frame(func(f *framealloc.Frame) {
			s, errS := x.ReceiveInto(f)
			u, errU := nobody.ReceiveInto(f)
			if s != nil || u != nil || errS != nil || errU != nil || f.Allocations() != 0 {
				t.Errorf("got %v, %v and %v, %v", s, errS, u, errU)
			}
		})
	})
	t.Run("tried", func(t *testing.T) {
		checkSquares(t, receive(t, send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
			x, err := framesync.TryNewTransfer(f, squares(f, 100))
			if err != nil {
				t.Fatal(err)
			}
			return x
		})), 100)
	})
	c.RequireNone()
}

// TestHeapSliceIsHandedOver expects no copy of what is outside the frame.
func TestHeapSliceIsHandedOver(t *testing.T) {
	a, _ := newAllocator(t)
	s := make([]point, 5)
	x := send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] { return framesync.NewTransfer(f, s) })
	if got := receive(t, x); unsafe.SliceData(got) != unsafe.SliceData(s) {
		t.Error("a slice on the heap was copied")
	}
}

// TestDangling tries values that keep a pointer into the frame where a shallow
// copy does not reach.
func TestDangling(t *testing.T) {
	a, c := newAllocator(t)
	for _, tt := range []struct {
		name string
		path string // in the message
		make func(f *framealloc.Frame) (any, error)
	}{
		{"string in a struct", "Name", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unit{Name: framealloc.String(f, "orc")})
		}},
		{"slice in a struct", "Path", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unit{Path: squares(f, 3)})
		}},
		{"pointer in a pointer", "Boss", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, &unit{Boss: framealloc.New[unit](f)})
		}},
		{"frame value with frame fields", "Name", func(f *framealloc.Frame) (any, error) {
			u := framealloc.New[unit](f)
			u.Name = framealloc.String(f, "orc")
			return framesync.TryNewTransfer(f, u)
		}},
		{"unexported array", "at[1]", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unit{at: [2]string{1: framealloc.String(f, "orc")}})
		}},
		{"interface in a struct", "Any", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unit{Any: framealloc.New[point](f)})
		}},
		{"map", "Notes[value]", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unit{Notes: map[string]string{"k": framealloc.String(f, "v")}})
		}},
		{"elements of a frame slice", "[1].Name", func(f *framealloc.Frame) (any, error) {
			s := framealloc.Slice[unit](f, 2)
			s[1].Name = framealloc.String(f, "orc")
			return framesync.TryNewTransfer(f, s)
		}},
		{"unsafe pointer", "what it points to", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer(f, unsafe.Pointer(framealloc.New[point](f)))
		}},
		{"unsafe pointer in an interface", "what it points to", func(f *framealloc.Frame) (any, error) {
			return framesync.TryNewTransfer[any](f, unsafe.Pointer(framealloc.New[point](f)))
		}},
		{"vector, which refers to its frame", "", func(f *framealloc.Frame) (any, error) {
			v := framealloc.NewVec[point](f, 4)
			return framesync.TryNewTransfer(f, *v)
		}},
		{"pointer to a frame string", "what it points to", func(f *framealloc.Frame) (any, error) {
			s := new(string)
			*s = framealloc.String(f, "orc")
			return framesync.TryNewTransfer(f, s)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := framesync.Transfers(a)
			a.Frame(func(f *framealloc.Frame) {
				_, err := tt.make(f)
				var e *diag.Error
				if !errors.As(err, &e) || e.Code != diag.FA608 {
					t.Fatalf("got %v, want FA608", err)
				}
				if !strings.HasSuffix(e.Message, tt.path) || !strings.Contains(e.Message, "into the frame: ") {
					t.Errorf("message %q does not name %s", e.Message, tt.path)
				}
				if !strings.HasPrefix(e.Caller, "framesync/transfer_test.go:") || e.Worker != "main" || e.Frame != f.Number() {
					t.Errorf("placed %s", e.Where())
				}
			})
			if framesync.Transfers(a) != before {
				t.Error("a transfer that was refused is counted")
			}
		})
	}
	a.Frame(func(f *framealloc.Frame) {
		wantCode(t, diag.FA608, func() { framesync.NewTransfer(f, unit{Path: squares(f, 3)}) })                //fa:ignore FA206 there is none: this panics
		wantCode(t, diag.FA608, func() { framesync.NewSliceTransfer(f, []string{framealloc.String(f, "x")}) }) //fa:ignore FA206 there is none: this panics
		wantCode(t, diag.FA608, func() { framesync.NewPointerTransfer(f, &unit{Path: squares(f, 3)}) })        //fa:ignore FA206 there is none: this panics
	})
	c.RequireNone() // they are errors, not reports
}

func TestReceiveInto(t *testing.T) {
	a, _ := newAllocator(t)
	b, _ := newAllocator(t)
	slice := send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
		return framesync.NewSliceTransfer(f, squares(f, 50))
	})
	pointer := send(a, func(f *framealloc.Frame) *framesync.Transfer[*unit] {
		return framesync.NewPointerTransfer(f, &unit{Name: "orc"})
	})
	plain := send(a, func(f *framealloc.Frame) *framesync.Transfer[point] {
		return framesync.NewTransfer(f, point{5, 6})
	})
	b.Frame(func(f *framealloc.Frame) {
		s, err := slice.ReceiveInto(f)
		if err != nil {
			t.Fatal(err)
		}
		checkSquares(t, s, 50)
		if f.Used() != 50*8 {
			t.Errorf("%d bytes of the frame in use, want 400", f.Used())
		}
		u, err := pointer.ReceiveInto(f)
		if err != nil || u.Name != "orc" || f.Allocations() != 2 {
			t.Errorf("got %+v, %v and %d allocations", u, err, f.Allocations())
		}
		if p, err := plain.ReceiveInto(f); err != nil || p != (point{5, 6}) || f.Allocations() != 2 {
			t.Errorf("got %v, %v", p, err)
		}
		if _, err := slice.ReceiveInto(f); !errors.Is(err, diag.FA206) {
			t.Errorf("second receive returned %v", err)
		}
	})
	if s := framesync.Transfers(a); s.Received != 3 || s.Pending != 0 {
		t.Errorf("got %+v", s)
	}
	if s := framesync.Transfers(b); s != (framesync.TransferStats{}) {
		t.Errorf("the receiver's allocator counts %+v", s)
	}
}

// TestReceiveIntoFullFrame expects a receive without room to leave the transfer
// as it was.
func TestReceiveIntoFullFrame(t *testing.T) {
	a, _ := newAllocator(t)
	small := framealloc.NewAllocator(framealloc.Config{MaxFrameBytes: 64})
	defer small.Close()
	x := send(a, func(f *framealloc.Frame) *framesync.Transfer[[]point] {
		return framesync.NewSliceTransfer(f, squares(f, 50))
	})
	small.Frame(func(f *framealloc.Frame) {
		if s, err := x.ReceiveInto(f); !errors.Is(err, diag.FA003) || s != nil {
			t.Errorf("got %v, %v, want FA003", s, err)
		}
	})
	if !x.Pending() || framesync.Transfers(a).Pending != 1 {
		t.Error("the transfer is gone")
	}
	checkSquares(t, receive(t, x), 50)
}

func TestReceiveOnce(t *testing.T) {
	a, c := newAllocator(t)
	for _, tt := range []struct {
		name, message, note string
		first               func(x *framesync.Transfer[point])
	}{
		{"received", "transfer of framesync_test.point received twice", "; received first at framesync/transfer_test.go:",
			func(x *framesync.Transfer[point]) { receive(t, x) }},
		{"dropped", "transfer of framesync_test.point received after Drop", "; dropped at framesync/transfer_test.go:",
			func(x *framesync.Transfer[point]) { x.Drop() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := send(a, func(f *framealloc.Frame) *framesync.Transfer[point] { return framesync.NewTransfer(f, point{1, 2}) })
			tt.first(x)
			for range 2 {
				v, err := x.Receive() //fa:ignore FA206 the second time is what is tested
				var e *diag.Error
				if !errors.As(err, &e) || !errors.Is(err, diag.FA206) || v != (point{}) {
					t.Fatalf("got %v, %v, want FA206", v, err)
				}
				if e.Message != tt.message || !strings.Contains(e.Note, tt.note) || !strings.HasPrefix(e.Note, "made at framesync/transfer_test.go:") {
					t.Errorf("got %q with note %q", e.Message, e.Note)
				}
				x.Drop() // no more than nothing
			}
		})
	}
	if s := framesync.Transfers(a); s != (framesync.TransferStats{Made: 2, Received: 1, Dropped: 1}) {
		t.Errorf("got %+v", s)
	}
	c.RequireNone()
}

// TestOneOwner lets many goroutines fight over each transfer.
func TestOneOwner(t *testing.T) {
	a, _ := newAllocator(t)
	const transfers, rivals = 200, 4
	var won atomic.Int32
	list := make([]*framesync.Transfer[[]point], transfers)
	a.Frame(func(f *framealloc.Frame) {
		for i := range list {
			list[i] = framesync.NewTransfer(f, squares(f, 10))
		}
	})
	var wg sync.WaitGroup
	for r := range rivals {
		wg.Go(func() {
			for i, x := range list {
				if (i+r)%7 == 0 {
					x.Drop()
				} else if s, err := x.Receive(); err == nil {
					won.Add(1)
					s[0].X++ // the race detector sees a second owner
				} else if !errors.Is(err, diag.FA206) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s := framesync.Transfers(a)
	if s.Received != uint64(won.Load()) || s.Received+s.Dropped != transfers || s.Pending != 0 {
		t.Errorf("%d receives succeeded; got %+v", won.Load(), s)
	}
}

// TestChannels sends from one worker's frames to another's through channels.
func TestChannels(t *testing.T) {
	a, c := newAllocator(t)
	const frames = 300
	results := make(chan *framesync.Transfer[[]point], 8)
	var wg sync.WaitGroup
	wg.Go(func() {
		w := a.NewWorker("sender")
		defer w.Close()
		defer close(results)
		for i := range frames {
			w.Frame(func(f *framealloc.Frame) { results <- framesync.NewSliceTransfer(f, squares(f, i)) })
		}
	})
	wg.Go(func() {
		w := a.NewWorker("receiver")
		defer w.Close()
		i := 0
		for x := range results {
			w.Frame(func(f *framealloc.Frame) {
				s, err := x.ReceiveInto(f)
				if err != nil {
					t.Error(err)
					return
				}
				checkSquares(t, s, i)
			})
			i++
		}
	})
	wg.Wait()
	if s := framesync.Transfers(a); s != (framesync.TransferStats{Made: frames, Received: frames}) {
		t.Errorf("got %+v", s)
	}
	c.RequireNone()
}

// collectUntil runs the collector until cond holds, which cleanups on another
// goroutine bring about.
func collectUntil(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !cond(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%s has not happened", what)
		}
		runtime.GC()
	}
}

func TestLost(t *testing.T) {
	a, c := newAllocator(t)
	w := a.NewWorker("ai")
	defer w.Close()
	var kept *framesync.Transfer[[]point]
	w.Frame(func(f *framealloc.Frame) {
		f.WithTag("paths", func() {
			framesync.NewTransfer(f, squares(f, 3)) //fa:ignore FA206 lost, to be found in the figures
			kept = framesync.NewTransfer(f, squares(f, 3))
			receive(t, framesync.NewTransfer(f, squares(f, 3)))
			framesync.NewTransfer(f, squares(f, 3)).Drop()
		})
	})
	collectUntil(t, "the report of a lost transfer", func() bool { return len(c.Diagnostics()) > 0 })
	for range 3 { // whatever else was to be found is found
		runtime.GC()
	}
	found := c.Diagnostics()
	if len(found) != 1 {
		t.Fatalf("got %v, want one report", found)
	}
	d := found[0]
	if d.Code != diag.FA206 || d.Message != "transfer of []framesync_test.point dropped: nobody received it" {
		t.Errorf("got %v", d)
	}
	if d.Worker != "ai" || d.Frame != 1 || d.Tag != "paths" || !strings.HasPrefix(d.Caller, "framesync/transfer_test.go:") {
		t.Errorf("placed %s", d.Where())
	}
	if s := framesync.Transfers(a); s != (framesync.TransferStats{Made: 4, Received: 1, Dropped: 1, Lost: 1, Pending: 1}) {
		t.Errorf("got %+v", s)
	}
	receive(t, kept)
}

// TestTransferKeepsNothing expects a received value to be kept alive by its
// owner alone.
func TestTransferKeepsNothing(t *testing.T) {
	a, _ := newAllocator(t)
	var collected atomic.Bool
	var x *framesync.Transfer[*unit]
	a.Frame(func(f *framealloc.Frame) {
		u := &unit{Name: "heap"}
		runtime.AddCleanup(u, func(b *atomic.Bool) { b.Store(true) }, &collected)
		x = framesync.NewTransfer(f, u)
	})
	receive(t, x)
	collectUntil(t, "the collection of the value", collected.Load)
	runtime.KeepAlive(x)
}

// TestBarrierAndTransfer is the pattern of a game: one frame's result, handed over
// while the next is computed.
func TestBarrierAndTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, c := newAllocator(t)
		const frames = 50
		b := framesync.NewBarrier("simulate", "render")
		scenes := make(chan *framesync.Transfer[[]point], 2)
		go func() {
			w, p := a.NewWorker("simulate"), b.Participant("simulate")
			defer w.Close()
			defer p.Leave()
			for i := range frames {
				w.Frame(func(f *framealloc.Frame) { scenes <- framesync.NewSliceTransfer(f, squares(f, i)) })
				p.Wait()
			}
		}()
		w, p := a.NewWorker("render"), b.Participant("render")
		defer w.Close()
		var lengths []int
		for range frames {
			p.Wait()
			w.Frame(func(f *framealloc.Frame) {
				s, err := (<-scenes).ReceiveInto(f) //fa:ignore FA701 the barrier orders the loops: it has been sent
				if err != nil {
					t.Fatal(err)
				}
				lengths = append(lengths, len(s))
			})
		}
		if !slices.IsSorted(lengths) || len(lengths) != frames || lengths[frames-1] != frames-1 {
			t.Errorf("got %v", lengths)
		}
		synctest.Wait()
		c.RequireNone()
		if s := fmt.Sprint(b.Missing()); s != "[render]" {
			t.Errorf("missing %s", s)
		}
	})
}

// parcel moves what it points to by itself.
type parcel struct {
	name  string
	items []string
}

func (p *parcel) Promote(to *framealloc.Destination) {
	p.name = to.String(p.name)
	p.items = framealloc.PromoteSlice(to, p.items)
	for i := range p.items {
		p.items[i] = to.String(p.items[i])
	}
}

func TestTransferMovesPromoters(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	var steps []framealloc.TransferKind
	defer alloc.Observe(framealloc.Hooks{Transfer: func(e framealloc.TransferEvent) {
		if e.Worker != "main" || e.Frame != 1 || e.Bytes == 0 {
			t.Errorf("TransferEvent %+v", e)
		}
		steps = append(steps, e.Kind)
	}})()
	f := alloc.BeginFrame()
	fill := func(p *parcel) {
		p.name = framealloc.String(f, "deep")
		p.items = framealloc.Clone(f, []string{framealloc.String(f, "one"), framealloc.String(f, "two")})
	}
	p := framealloc.New[parcel](f)
	fill(p)
	byPointer := framesync.NewTransfer(f, p)
	var v parcel
	fill(&v)
	byValue := framesync.NewTransfer(f, v)
	alloc.EndFrame()
	for range 10 {
		alloc.Frame(func(f *framealloc.Frame) {
			framealloc.Slice[parcel](f, 20)
			framealloc.Slice[string](f, 20)
			copy(framealloc.Bytes(f, 500), "xxxxxxxxxxxxxxxxxxxxxxxxxx")
		})
		runtime.GC()
	}
	got, err := byPointer.Receive()
	if err != nil || got.name != "deep" || got.items[1] != "two" {
		t.Errorf("by pointer: %+v, %v", got, err)
	}
	val, err := byValue.Receive()
	if err != nil || val.name != "deep" || val.items[0] != "one" {
		t.Errorf("by value: %+v, %v", val, err)
	}
	want := []framealloc.TransferKind{framealloc.TransferMade, framealloc.TransferMade, framealloc.TransferReceived, framealloc.TransferReceived}
	if !slices.Equal(steps, want) {
		t.Errorf("observed %v, want %v", steps, want)
	}
}

func TestForkCannotTransferItsParentsMemory(t *testing.T) {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	f := alloc.BeginFrame()
	type holder struct{ p *int }
	parents := framealloc.New[holder](f)
	parents.p = new(int)
	sibling := f.Fork()
	siblings := framealloc.New[holder](sibling)
	sibling.Join()
	c := f.Fork()
	for name, h := range map[string]*holder{"parent": parents, "sibling": siblings} {
		v := struct{ deep []*holder }{[]*holder{h}}
		if _, err := framesync.TryNewTransfer(c, v); !errors.Is(err, diag.FA608) {
			t.Errorf("a pointer into the %s's memory was transferred: %v", name, err)
		}
	}
	c.Join()
	alloc.EndFrame()
}
