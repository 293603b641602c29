package main

import (
	"context"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/handle"
	"github.com/framealloc/framealloc/stream"
)

// entries is what all workers stream, of which about half fits at once.
const entries = 24

func newStream(a *framealloc.Allocator) (s *stream.Stream[item], list []*stream.Entry[item]) {
	s = stream.New[item](a, stream.Config{Name: "stressed", Budget: 24 << 10, Loads: 2})
	for k := range entries {
		load := func(_ context.Context, e *stream.Entry[item], dst []item) error {
			for j := range dst {
				if !zero(&dst[j]) {
					return fmt.Errorf("entry %d: fresh memory is not zero: %v", k, &dst[j])
				}
				dst[j].fill(uint64(k*1000 + j))
			}
			return nil
		}
		list = append(list, s.Entry(fmt.Sprint(k), 10+k*3%50, stream.Priority(k%3), load))
	}
	return s, list
}

// streamed uses an entry, whose values stay as they are while the frame is valid.
func (c *checker) streamed(f *framealloc.Frame) (used []held) {
	k := c.rng.IntN(len(c.entries))
	e := c.entries[k]
	values, ok := e.Use(f)
	if !ok {
		if e.State() == stream.Failed {
			c.violation(c.worker, c.step, e.Err().Error())
		}
		return nil
	}
	for range 3 {
		j := c.rng.IntN(len(values))
		used = append(used, held{&values[j], uint64(k*1000 + j)})
	}
	switch c.rng.IntN(50) {
	case 0:
		e.Evict()
	case 1:
		e.SetPriority(stream.Priority(c.rng.IntN(3)))
	}
	return used
}

// A fleet is what a worker names by handles.
type fleet struct {
	table *handle.Table[item]
	ships []ship
}

type ship struct {
	handle handle.Handle[item]
	seed   uint64
	n      int
}

func newFleet(w *framealloc.Worker) *fleet {
	return &fleet{table: handle.NewTable[item](w, handle.Config{Name: w.Name()})}
}

// sail does something to a fleet.
func (c *checker) sail(f *fleet) {
	switch k := c.rng.IntN(len(f.ships) + 1); {
	case k == len(f.ships) || len(f.ships) < 10:
		s := ship{seed: c.rng.Uint64(), n: 1 + c.rng.IntN(20)}
		s.handle = f.table.NewSlice(s.n)
		c.load(f, s, 0)
		f.ships = append(f.ships, s)
	case len(f.ships) > 100 || c.rng.IntN(3) == 0:
		f.table.Free(f.ships[k].handle)
		if f.table.Has(f.ships[k].handle) {
			c.violation(c.worker, c.step, "a freed handle is alive")
		}
		f.ships[k] = f.ships[len(f.ships)-1]
		f.ships = f.ships[:len(f.ships)-1]
	case c.rng.IntN(2) == 0:
		s := &f.ships[k]
		from := s.n
		s.n = 1 + c.rng.IntN(40)
		f.table.Resize(s.handle, s.n)
		c.load(f, *s, from)
	default:
		pinned := f.table.Pin(f.ships[k].handle)
		f.table.Compact(c.rng.IntN(64 << 10))
		if &f.table.Slice(f.ships[k].handle)[0] != &pinned[0] {
			c.violation(c.worker, c.step, "a pinned slice moved")
		}
		f.table.Unpin(f.ships[k].handle)
	}
}

// load fills a ship's values from one on, which must be zero.
func (c *checker) load(f *fleet, s ship, from int) {
	values := f.table.Slice(s.handle)
	for j := from; j < len(values); j++ {
		if !zero(&values[j]) {
			c.violation(c.worker, c.step, fmt.Sprintf("fresh memory of a table is not zero: %v", &values[j]))
		}
		values[j].fill(s.seed + uint64(j))
	}
}

// inspect checks some ships.
func (c *checker) inspect(f *fleet) {
	for range min(5, len(f.ships)) {
		s := f.ships[c.rng.IntN(len(f.ships))]
		values := f.table.Slice(s.handle)
		j := c.rng.IntN(len(values))
		if len(values) != s.n || !values[j].ok(s.seed+uint64(j)) {
			c.violation(c.worker, c.step, fmt.Sprintf("value %d of %d in table memory changed: %v", j, len(values), &values[j]))
		}
	}
}
