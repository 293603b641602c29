package bytealloc_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

func TestFallbackRoutes(t *testing.T) {
	first, second := bytealloc.NewCounter(bytealloc.NewFixed(make([]byte, 128))), bytealloc.NewChecker(bytealloc.FromHeap(nil))
	a := bytealloc.Fallback(first, second)
	b := must(t)(a.Allocate(100, 8))
	c := must(t)(a.Allocate(100, 8))
	if got := first.Stats(); got.Live != 1 || got.Refused != 1 || !second.Owns(c) {
		t.Fatalf("first: %+v, second owns the other: %v", got, second.Owns(c))
	}
	b[99] = 1
	b = must(t)(a.Reallocate(b, 200, 8)) // moves
	if got := first.Stats(); got.Live != 0 || !second.Owns(b) || b[99] != 1 {
		t.Errorf("what grew out of the first: first %+v", got)
	}
	b = must(t)(a.Reallocate(b, 10, 8))
	if !second.Owns(b) {
		t.Error("moved back")
	}
	a.Free(b)
	a.Free(c)
	if err := second.Err(); err != nil {
		t.Error(err)
	}
	mustPanic(t, diag.FA208, func() { a.Free(make([]byte, 8)) }) // the second's answer
	if _, known := bytealloc.Owns(a, b); !known {
		t.Error("both know, the fallback does not")
	}
}

func TestFallbackNeedsAnOwner(t *testing.T) {
	alloc := newAllocator(t, framealloc.Config{})
	fixed, pool := bytealloc.NewFixed(make([]byte, 8)), bytealloc.FromPool(alloc)
	for name, first := range map[string]bytealloc.Allocator{
		"heap":                   bytealloc.FromHeap(nil),
		"pool under a layer":     bytealloc.Align(pool, 8),
		"fallback to what knows": bytealloc.Fallback(fixed, pool),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if s := fmt.Sprint(recover()); !strings.Contains(s, "bytealloc: Fallback(") {
					t.Errorf("panicked with %q", s)
				}
			}()
			bytealloc.Fallback(first, pool)
		})
		if _, known := bytealloc.Owns(first, nil); known {
			t.Errorf("%s: claims to know", name)
		}
	}
}

func TestAlign(t *testing.T) {
	a := bytealloc.Align(bytealloc.NewFixed(make([]byte, 4096)), 64)
	for n := range 20 {
		b := must(t)(a.Allocate(n+1, 1))
		if arena.BytesAddress(b)%64 != 0 {
			t.Errorf("%d bytes at %#x", n, arena.BytesAddress(b))
		}
	}
	if b := must(t)(a.Allocate(8, 256)); arena.BytesAddress(b)%256 != 0 {
		t.Error("a stricter alignment was lost")
	}
	defer func() {
		if s := fmt.Sprint(recover()); !strings.Contains(s, "bytealloc: Align(…, 48)") {
			t.Errorf("panicked with %q", s)
		}
	}()
	bytealloc.Align(a, 48)
}

// Many goroutines allocate from one frame, each keeping to its own slices.
func TestLock(t *testing.T) {
	frame := newAllocator(t, framealloc.Config{}).BeginFrame()
	a := bytealloc.Lock(bytealloc.NewCounter(bytealloc.FromFrame(frame)))
	var g sync.WaitGroup
	for id := range byte(8) {
		g.Go(func() {
			for n := range 200 {
				b, err := a.Allocate(n+1, 8)
				if err == nil {
					b, err = a.Reallocate(b, 2*n+1, 8)
				}
				if err != nil {
					t.Error(err)
					return
				}
				for i := range b {
					b[i] = id
				}
				for _, x := range b {
					if x != id {
						t.Errorf("goroutine %d reads %d", id, x)
						return
					}
				}
				a.Free(b)
			}
		})
	}
	g.Wait()
	counter := a.(bytealloc.Unwrapper).Unwrap().(*bytealloc.Counter)
	if s := counter.Stats(); s.Allocations != 1600 || s.Frees != 1600 || s.Live != 0 {
		t.Errorf("%+v", s)
	}
}

func TestLog(t *testing.T) {
	var lines []string
	var events []bytealloc.Event
	a := bytealloc.Log(bytealloc.NewFixed(make([]byte, 64)), func(e bytealloc.Event) {
		events, lines = append(events, e), append(lines, e.String())
	})
	b := must(t)(a.Allocate(16, 1))
	c := must(t)(a.Allocate(8, 1))
	b = must(t)(a.Reallocate(b, 24, 1))
	if _, err := a.Reallocate(b, 100, 1); err == nil {
		t.Error("granted")
	}
	a.Free(c)
	must(t)(a.Allocate(0, 1))
	want := []string{
		"allocated 16 bytes, align 1",
		"allocated 8 bytes, align 1",
		"reallocated 16 -> 24 bytes, align 1, moved",
		"reallocated 24 -> 100 bytes, align 1, refused: FA003: ",
		"freed 8 bytes",
		"allocated 0 bytes, align 1",
	}
	for i, w := range want {
		if i >= len(lines) || !strings.HasPrefix(lines[i], w) {
			t.Errorf("line %d of %q, want %q", i, lines, w)
		}
	}
	if e := events[2]; e.From == 0 || e.Address == 0 || e.From == e.Address || events[5].Address != 0 {
		t.Errorf("addresses: %+v", events)
	}
	if events[4].Address != events[1].Address {
		t.Error("freed elsewhere than allocated")
	}
}

func TestCounter(t *testing.T) {
	c := bytealloc.NewCounter(bytealloc.NewFixed(make([]byte, 100)))
	b := must(t)(c.Allocate(40, 1))
	b = must(t)(c.Reallocate(b, 60, 1))
	b = must(t)(c.Reallocate(b, 20, 1))
	d := must(t)(c.Reallocate(nil, 10, 1))
	if _, err := c.Allocate(1000, 1); err == nil {
		t.Error("granted")
	}
	must(t)(c.Allocate(0, 1))
	c.Free(nil)
	want := bytealloc.CounterStats{Allocations: 2, Reallocations: 2, Refused: 1, Total: 70, Live: 2, Bytes: 30, Peak: 60}
	if got := c.Stats(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	c.Free(d)
	must(t)(c.Reallocate(b, 0, 1))
	want.Frees, want.Live, want.Bytes = 2, 0, 0
	if got := c.Stats(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestFailing(t *testing.T) {
	requests := func(f *bytealloc.Failing) (failed []int) {
		b, _ := bytealloc.FromHeap(nil).Allocate(4, 1)
		for i := 1; i <= 6; i++ {
			var err error
			if i%2 == 0 {
				b, err = f.Reallocate(b, len(b)+1, 1)
			} else {
				_, err = f.Allocate(8, 1)
			}
			if err != nil {
				failed = append(failed, i)
				if !errors.Is(err, diag.FA003) {
					t.Error(err)
				}
			}
			must(t)(f.Allocate(0, 1)) // no requests
			must(t)(f.Reallocate(b, len(b), 1))
		}
		if f.Requests() != 6 || f.Refused() != len(failed) {
			t.Errorf("%d requests, %d refused", f.Requests(), f.Refused())
		}
		return failed
	}
	heap := bytealloc.FromHeap(nil)
	for _, c := range []struct {
		f    *bytealloc.Failing
		want []int
	}{
		{bytealloc.FailAt(heap, 3), []int{3}}, {bytealloc.FailAt(heap, 1), []int{1}}, {bytealloc.FailAt(heap, 0), nil}, {bytealloc.FailAt(heap, -5), nil},
		{bytealloc.FailAfter(heap, 4), []int{5, 6}}, {bytealloc.FailAfter(heap, 0), []int{1, 2, 3, 4, 5, 6}}, {bytealloc.FailAfter(heap, -1), []int{1, 2, 3, 4, 5, 6}},
	} {
		if got := requests(c.f); !reflect.DeepEqual(got, c.want) {
			t.Errorf("refused %v, want %v", got, c.want)
		}
	}
}

func TestFailEach(t *testing.T) {
	runs := 0
	// pair frees its first slice when the second is refused, unless careless.
	pair := func(careless bool) func(bytealloc.Allocator) error {
		return func(mem bytealloc.Allocator) error {
			runs++
			b, err := mem.Allocate(10, 1)
			if err != nil {
				return err
			}
			c, err := mem.Allocate(20, 1)
			if err != nil {
				if !careless {
					mem.Free(b)
				}
				return err
			}
			mem.Free(b)
			mem.Free(c)
			return nil
		}
	}
	if err := bytealloc.FailEach(bytealloc.FromHeap(nil), pair(false)); err != nil || runs != 3 {
		t.Errorf("%d runs: %v", runs, err)
	}
	err := bytealloc.FailEach(bytealloc.FromHeap(nil), pair(true))
	var leak *bytealloc.LeakError
	if !errors.As(err, &leak) || len(leak.Leaks) != 1 || leak.Leaks[0].Size != 10 || !strings.Contains(err.Error(), "with request 2 refused") {
		t.Errorf("a leak: %v", err)
	}
	own := errors.New("its own")
	if err := bytealloc.FailEach(bytealloc.FromHeap(nil), func(bytealloc.Allocator) error { return own }); err != own {
		t.Errorf("an error of its own: %v", err)
	}
}
