package stream_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/stream"
)

// A churn is a stream to which several goroutines do everything at once.
type churn struct {
	t     *testing.T
	s     *stream.Stream[*int]
	slots [24]atomic.Pointer[stream.Entry[*int]]
	made  atomic.Int64
	hits  atomic.Int64
}

// add makes an entry whose values all are its number, and puts it into a slot.
func (c *churn) add(slot int) {
	number := int(c.made.Add(1))
	fill := func(dst []*int) {
		for i := range dst {
			if dst[i] != nil {
				c.t.Error("not zero")
			}
			v := number
			dst[i] = &v
			if i%16 == 0 {
				runtime.Gosched()
			}
		}
	}
	load := func(_ context.Context, e *stream.Entry[*int], dst []*int) error {
		fill(dst)
		switch number % 11 {
		case 1:
			return errors.New("not today")
		case 2:
			panic("no idea")
		case 3:
			runtime.Goexit()
		case 4:
			e.Close()
		}
		return nil
	}
	if number%5 == 0 {
		load = nil
	}
	e := c.s.Entry(fmt.Sprint(number), 1+number*37%90, stream.Priority(number%4), load)
	if old := c.slots[slot].Swap(e); old != nil {
		old.Close()
	}
	if load == nil {
		if dst, err := e.Begin(); err == nil {
			fill(dst)
			if number%3 == 0 {
				err = e.Fail(nil)
			} else {
				err = e.Finish()
			}
			if err != nil && e.State() != stream.Closed {
				c.t.Error(err)
			}
		}
	}
}

// check expects values of one entry.
func (c *churn) check(name string, values []*int) {
	c.hits.Add(1)
	for i, v := range values {
		if v == nil || fmt.Sprint(*v) != name {
			c.t.Errorf("value %d of entry %s is %v", i, name, v)
			return
		}
	}
}

func (c *churn) frame(f *framealloc.Frame, rng *rand.Rand, mayAdd bool) {
	used := make(map[string][]*int)
	for range 8 {
		slot := rng.IntN(len(c.slots))
		e := c.slots[slot].Load()
		switch rng.IntN(16) {
		case 0:
			if mayAdd {
				c.add(slot)
			}
		case 1:
			e.Evict()
		case 2:
			e.SetPriority(stream.Priority(rng.IntN(4)))
		case 3:
			e.Request()
		case 4:
			c.s.Stats()
		case 5:
			e.Close()
		case 6:
			framealloc.Parallel(f, 2, func(f *framealloc.Frame, _ int) {
				if values, ok := e.Use(f); ok {
					c.check(e.Name(), values)
				}
			})
		case 7:
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			e.Wait(ctx) //fa:ignore FA701 the context is done
		default:
			if values, ok := e.Use(f); ok {
				c.check(e.Name(), values)
				used[e.Name()] = values
			}
		}
		for name, values := range used { // still what they were, closed and evicted or not
			c.check(name, values)
		}
	}
}

// TestChurn makes, uses, closes, evicts and begins entries from all sides, with loads
// and callbacks that misbehave, and closes the stream in the middle of it or at its end.
func TestChurn(t *testing.T) {
	for seed := range uint64(4) {
		a, found := allocator(t, framealloc.Config{FramesInFlight: int(seed % 2)})
		c := &churn{t: t}
		c.s = stream.New[*int](a, stream.Config{Budget: 400 * pointerSize, Loads: 3, OnEvict: func(name string) {
			if len(name)%2 == 0 {
				c.slots[len(name)].Load().Request()
			}
		}})
		for i := range c.slots {
			c.add(i)
		}
		half := make(chan struct{}, 3)
		var gone sync.WaitGroup
		for id := range 3 {
			gone.Go(func() {
				w := a.NewWorker(fmt.Sprint(id))
				defer w.Close()
				rng := rand.New(rand.NewPCG(seed, uint64(id)))
				for i := range 200 {
					if i == 100 {
						half <- struct{}{}
					}
					w.Frame(func(f *framealloc.Frame) { c.frame(f, rng, seed < 2 || i < 100) })
				}
			})
		}
		if seed >= 2 {
			for range 3 {
				<-half // nobody makes entries any more
			}
			c.s.Close()
		}
		gone.Wait()
		if seed < 2 {
			for e := range c.s.All() {
				e.Close()
			}
			probe := c.s.Entry("probe", 400, stream.Low, nil)
			for st := c.s.Stats(); st.Used > 0; st = c.s.Stats() { // loads of closed entries end
				if _, err := probe.Begin(); err == nil {
					probe.Fail(nil)
				}
				runtime.Gosched()
			}
			if st := c.s.Stats(); st.LargestFree != st.Budget || st.InUse != 0 || st.HighWater > st.Budget {
				t.Errorf("%+v", st)
			}
			c.s.Close()
		}
		if st := c.s.Stats(); st.Entries != 0 || c.hits.Load() == 0 {
			t.Errorf("%d hits, %+v", c.hits.Load(), st)
		}
		found.Reset()
	}
}
