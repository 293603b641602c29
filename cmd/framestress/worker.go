package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

// An item is a value that knows what it must look like: everything in it follows
// from its seed.
type item struct {
	seed  uint64
	name  string
	heap  *[4]uint64 // an ordinary object that only the item refers to
	plain [3]uint64
}

func (i *item) fill(seed uint64) {
	i.seed, i.name = seed, fmt.Sprint("item ", seed)
	i.heap = &[4]uint64{seed, ^seed, seed * 3, seed * 7}
	i.plain = [3]uint64{seed + 1, seed + 2, seed + 3}
}

func (i *item) ok(seed uint64) bool {
	return i.seed == seed && i.name == fmt.Sprint("item ", seed) && *i.heap == [4]uint64{seed, ^seed, seed * 3, seed * 7} &&
		i.plain == [3]uint64{seed + 1, seed + 2, seed + 3}
}

// String shows the parts.
func (i *item) String() string { return fmt.Sprintf("%+v", *i) }

func zero(i *item) bool { return *i == item{} }

// A held is an item that must be unchanged as long as the worker holds it.
type held struct {
	item *item
	seed uint64
}

func workerName(index int) string { return fmt.Sprint("w", index) }

var tags = [...]string{"ai", "physics", "render", "hud"}

// work is one worker's loop of frames.
func (s *stressed) work(index int) {
	name := workerName(index)
	w := s.alloc.NewWorker(name)
	defer w.Close()
	var meeting *framesync.Participant
	if s.barrier != nil {
		meeting = s.barrier.Participant(name)
		defer meeting.Leave()
	}
	rng := rand.New(rand.NewPCG(s.seed, uint64(index)))
	c := &checker{stressed: s, worker: name, rng: rng}
	var pooled []held
	scratch := w.Scratch("job")
	var kept []held
	var buffers []buffer
	ships := newFleet(w)
	var flight [][]held // values of earlier frames that are valid still
	for frame := 0; !s.stop.Load(); frame++ {
		if rng.IntN(50) == 0 {
			w.SetBudget(framealloc.Budget{Hard: rng.IntN(2) * (1 + rng.IntN(32<<10)), Policy: []framealloc.Policy{framealloc.Warn, framealloc.Allow, framealloc.Promote}[rng.IntN(3)]})
		}
		f := w.BeginFrame()
		end := f.Tag(tags[rng.IntN(len(tags))])
		var live []held
		var retain []retained
		for range 5 + rng.IntN(30) {
			c.step++
			switch rng.IntN(22) {
			case 0, 1:
				live = append(live, c.make(f, 1+rng.IntN(20))...) //fa:ignore FA606 values of frames in flight outlive EndFrame
			case 2:
				f.Sub(func(f *framealloc.Frame) { c.check(c.make(f, rng.IntN(30)), "scope") })
			case 3:
				cp := f.Checkpoint()
				gone := c.make(f, rng.IntN(30))
				c.check(gone, "checkpoint")
				f.Rollback(cp)
			case 4:
				live = append(live, c.forks(f)...)
			case 5:
				pooled = c.pool(w, pooled)
			case 6:
				c.parcel(f)
			case 7:
				c.loan(w)
			case 8:
				kept = append(kept, c.make(scratch.Frame(), 3)...)
				if len(kept) > 200 {
					c.check(kept, "scratch")
					kept = kept[:0]
					scratch.Reset()
				}
			case 9:
				live = append(live, c.speculate(f)...)
			case 10:
				c.group(w)
			case 11:
				live = append(live, c.collections(f)...)
			case 12:
				live = append(live, c.forkGroup(f)...)
			case 13:
				buffers = c.buffers(w, buffers)
			case 14:
				pooled = c.trade(pooled) //fa:ignore FA601 these are pool objects, kept apart from those of frames
			case 15:
				retain = append(retain, c.retain(f))
			case 16:
				f.WithTag("nested", func() { live = append(live, c.make(f, 5)...) })
			case 17:
				c.stray(f) //fa:ignore FA201 it has a fork of its own, and shares the checker only
			case 18:
				c.box(f)
			case 19:
				live = append(live, c.streamed(f)...)
			case 20, 21:
				c.sail(ships)
			}
			if s.corrupt != nil && len(live) > 0 && rng.IntN(50) == 0 {
				s.corrupt(live[0].item)
			}
		}
		if meeting != nil && frame%4 == 0 {
			c.meet(meeting, index, live) //fa:ignore FA601 shown until the frame ends
		}
		c.check(live, "frame")
		for _, earlier := range flight {
			c.check(earlier, "earlier frame")
		}
		c.check(pooled, "pool")
		c.inspect(ships)
		end()
		pooled, kept = c.promoted(w.EndFrameWithPromotions(), retain, pooled, kept)
		flight = append(flight, live)
		flight = flight[max(0, len(flight)-s.alloc.Config().FramesInFlight):]
		if meeting != nil {
			meeting.Wait()
		}
	}
	c.checkBuffers(buffers)
	c.check(kept, "scratch")
	for _, h := range pooled {
		framealloc.PoolPut(w, h.item)
	}
}

// A checker makes values on one goroutine and checks them.
type checker struct {
	*stressed
	worker string
	rng    *rand.Rand
	step   int
}

// apart returns a checker for a goroutine that c's starts.
func (c *checker) apart(name string) *checker {
	return &checker{stressed: c.stressed, worker: c.worker + name, rng: rand.New(rand.NewPCG(c.rng.Uint64(), 1)), step: c.step}
}

func (c *checker) check(live []held, where string) {
	for _, h := range live {
		if !h.item.ok(h.seed) {
			c.violation(c.worker, c.step, fmt.Sprintf("a value in %s memory changed: %+v, want seed %d", where, *h.item, h.seed))
			return
		}
	}
}

func (c *checker) filled(i *item) held {
	if !zero(i) {
		c.violation(c.worker, c.step, fmt.Sprintf("fresh memory is not zero: %+v", *i))
	}
	seed := c.rng.Uint64()
	i.fill(seed)
	return held{i, seed}
}

// make allocates n items in all the ways there are.
func (c *checker) make(f *framealloc.Frame, n int) (made []held) {
	arena := framealloc.ArenaOf[item](f)
	for k := 0; k < n; k++ {
		switch c.rng.IntN(4) {
		case 0:
			made = append(made, c.filled(framealloc.New[item](f)))
		case 1:
			made = append(made, c.filled(arena.New()))
		case 2:
			s := framealloc.Slice[item](f, 1+c.rng.IntN(5))
			for i := range s {
				made = append(made, c.filled(&s[i]))
			}
		case 3:
			b := framealloc.Bytes(f, c.rng.IntN(2000))
			for i := range b {
				if b[i] != 0 {
					c.violation(c.worker, c.step, "fresh bytes are not zero")
				}
				b[i] = 0xff
			}
		}
	}
	return made
}

// forks lets forks make values, which must still be there after they joined.
func (c *checker) forks(f *framealloc.Frame) (made []held) {
	n := 1 + c.rng.IntN(4)
	parts := framealloc.Slice[[]held](f, n)
	own := framealloc.Slice[*checker](f, n)
	for i := range own {
		own[i] = c.apart("/fork")
	}
	framealloc.Parallel(f, n, func(f *framealloc.Frame, i int) {
		defer f.Tag("forked")()
		parts[i] = own[i].make(f, 10)
		own[i].check(parts[i], "fork")
	})
	for _, p := range parts {
		made = append(made, p...)
	}
	return made
}

// pool gets some objects and puts others back.
func (c *checker) pool(w *framealloc.Worker, live []held) []held {
	p := framealloc.PoolOf[item](w)
	for range c.rng.IntN(20) {
		if len(live) > 0 && c.rng.IntN(2) == 0 {
			i := c.rng.IntN(len(live))
			c.check(live[i:i+1], "pool")
			p.Put(live[i].item)
			live[i] = live[len(live)-1]
			live = live[:len(live)-1]
			continue
		}
		live = append(live, c.filled(p.Get()))
	}
	return live
}

// parcel sends items to some other worker, or receives such.
func (c *checker) parcel(f *framealloc.Frame) {
	select {
	case t := <-c.parcels:
		items, err := t.ReceiveInto(f)
		if err != nil {
			c.violation(c.worker, c.step, err.Error())
			return
		}
		for i := range items {
			if !items[i].ok(items[i].seed) {
				c.violation(c.worker, c.step, "a transferred value changed: "+items[i].String())
			}
		}
		if _, err := t.Receive(); err == nil { //fa:ignore FA206 the second time must fail, and does
			c.violation(c.worker, c.step, "a transfer was received twice")
		}
		c.transfers.Add(1)
	default:
		items := framealloc.Slice[item](f, 1+c.rng.IntN(5))
		for i := range items {
			c.filled(&items[i])
		}
		select {
		case c.parcels <- framesync.NewSliceTransfer(f, items):
		default: // full: the transfer is lost, which is reported, not corrupted
		}
	}
}

// loan hands a box to some other worker, or frees one of another's.
func (c *checker) loan(w *framealloc.Worker) {
	select {
	case l := <-c.boxes:
		if i := l.box.Get(); !i.ok(l.seed) {
			c.violation(c.worker, c.step, fmt.Sprintf("a lent value changed: %+v", *i))
		}
		if err := l.box.TryFreeFrom(w); err != nil {
			c.refused(w, l, err)
		}
	default:
		box := framealloc.PoolBox[item](w)
		h := c.filled(box.Get())
		select {
		case c.boxes <- loan{box, h.seed}:
		default:
			box.Free()
		}
	}
}
