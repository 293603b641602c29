package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
	"github.com/framealloc/framealloc/group"
)

var errUndo = errors.New("taken back")

// speculate makes values that are given back, and values that stay.
func (c *checker) speculate(f *framealloc.Frame) (made []held) {
	undo := c.rng.IntN(2) == 0
	err := framealloc.Speculate(f, func() error {
		made = c.make(f, 10)
		c.check(made, "speculation")
		if undo {
			return errUndo
		}
		return nil
	})
	if (err != nil) != undo {
		c.violation(c.worker, c.step, fmt.Sprint("a speculation returned ", err)) //fa:ignore FA607 what is compared with, or a report, is the heap's
	}
	if undo {
		return nil
	}
	return made
}

// group makes values in a group and one inside it, and frees the inner one first.
func (c *checker) group(w *framealloc.Worker) {
	outer := group.New(w, "outer")
	made := c.make(outer.Frame(), 5)
	inner := outer.Sub("inner")
	c.check(c.make(inner.Frame(), 10), "group")
	inner.Free()
	made = append(made, c.make(outer.Frame(), 5)...)
	c.check(made, "group")
	outer.Free()
}

// collections fills the collections and compares them with what Go's hold.
// The values of the vector stay.
func (c *checker) collections(f *framealloc.Frame) (made []held) {
	n := 1 + c.rng.IntN(40)
	want := make([]uint64, n) //fa:ignore FA607 what is compared with, or a report, is the heap's
	vec := framealloc.NewVec[item](f, 2).Growable()
	dict := framealloc.NewMap[uint64, *item](f, 2)
	queue := framealloc.NewPriorityQueue(f, 2, func(a, b uint64) bool { return a < b }).Growable()
	ring := framealloc.NewRing[item](f, 2).Growable()
	var numbers []uint64
	text := framealloc.NewText(f)
	for i := range want {
		seed := c.rng.Uint64()
		want[i] = seed
		var x item
		x.fill(seed)
		vec.Push(x)
		ring.PushBack(x)
		dict.Put(seed, framealloc.NewValue(f, x))
		queue.Push(seed)
		numbers = framealloc.Append(f, numbers, seed)
		text.Uint64(seed).Byte(' ')
	}
	str := text.String()
	if !slices.Equal(numbers, want) {
		c.violation(c.worker, c.step, fmt.Sprintf("an appended slice is %v, want %v", numbers, want)) //fa:ignore FA607 what is compared with, or a report, is the heap's
	}
	printed := ""
	for i, seed := range want {
		printed += fmt.Sprint(seed, " ") //fa:ignore FA607 what is compared with, or a report, is the heap's
		made = append(made, held{vec.Ref(i), seed})
		if p, ok := dict.Get(seed); !ok || !p.ok(seed) {
			c.violation(c.worker, c.step, "a value in a map changed")
		}
		if x, ok := ring.PopFront(); !ok || !x.ok(seed) {
			c.violation(c.worker, c.step, "a value in a ring changed")
		}
	}
	if str != printed {
		c.violation(c.worker, c.step, fmt.Sprintf("a text is %q, want %q", str, printed)) //fa:ignore FA607 what is compared with, or a report, is the heap's
	}
	slices.Sort(want)
	for _, seed := range want {
		if got, ok := queue.Pop(); !ok || got != seed {
			c.violation(c.worker, c.step, fmt.Sprintf("a queue gave %d, want %d", got, seed)) //fa:ignore FA607 what is compared with, or a report, is the heap's
		}
	}
	c.check(made, "vector")
	return made
}

// forkGroup has the tasks of a group fork again.
func (c *checker) forkGroup(f *framealloc.Frame) (made []held) {
	g := framealloc.NewForkGroup(context.Background(), f)
	parts := make([][]held, 1+c.rng.IntN(3)) //fa:ignore FA607 what is compared with, or a report, is the heap's
	for i := range parts {
		own := c.apart("/group")
		g.Go(func(f *framealloc.Frame) error {
			parts[i] = own.make(f, 5)
			parts[i] = append(parts[i], own.forks(f)...)
			own.check(parts[i], "nested fork")
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		c.violation(c.worker, c.step, err.Error())
	}
	return slices.Concat(parts...)
}

// A buffer is a pooled one that holds the same byte everywhere.
type buffer struct {
	bytes []byte
	value byte
}

func (c *checker) checkBuffers(live []buffer) {
	for _, b := range live {
		for _, x := range b.bytes {
			if x != b.value {
				c.violation(c.worker, c.step, fmt.Sprintf("a pooled buffer holds %d, want %d", x, b.value))
				return
			}
		}
	}
}

// buffers gets some byte buffers and puts others back.
func (c *checker) buffers(w *framealloc.Worker, live []buffer) []buffer {
	c.checkBuffers(live)
	for range c.rng.IntN(8) {
		if len(live) > 0 && c.rng.IntN(2) == 0 {
			last := len(live) - 1
			framealloc.BytesPut(w, live[last].bytes)
			live = live[:last]
			continue
		}
		b := buffer{framealloc.BytesGet(w, 1+c.rng.IntN(3000)), byte(c.rng.IntN(256))}
		c.checkBuffers([]buffer{{b.bytes, 0}})
		for i := range b.bytes {
			b.bytes[i] = b.value
		}
		live = append(live, b)
	}
	return live
}

// trade hands a pooled object to some other worker, whose pool gets it in the
// end, or takes over one.
func (c *checker) trade(live []held) []held {
	select {
	case h := <-c.traded:
		c.check([]held{h}, "traded pool")
		return append(live, h)
	default:
	}
	if len(live) == 0 {
		return live
	}
	last := len(live) - 1
	select {
	case c.traded <- live[last]:
		return live[:last]
	default:
		return live
	}
}

// A retained is a value that is to outlive its frame.
type retained struct {
	handle framealloc.Retained[item]
	policy framealloc.RetentionPolicy
	seed   uint64
}

func (c *checker) retain(f *framealloc.Frame) retained {
	policy := []framealloc.RetentionPolicy{framealloc.ToHeap, framealloc.ToPool, framealloc.ToScratch("job")}[c.rng.IntN(3)]
	r := framealloc.Retain[item](f, policy)
	return retained{r, policy, c.filled(r.Value()).seed}
}

// promoted sorts what outlived its frame by where it went.
func (c *checker) promoted(p *framealloc.Promotions, all []retained, pooled, kept []held) (_, _ []held) {
	for _, r := range all {
		x, err := framealloc.Promoted(p, r.handle)
		if err != nil {
			c.violation(c.worker, c.step, err.Error())
			continue
		}
		h := held{x, r.seed}
		c.check([]held{h}, "promoted")
		if r.policy == framealloc.ToPool {
			pooled = append(pooled, h)
		} else { // what went to the heap is dropped with the scratch
			kept = append(kept, h)
		}
	}
	return pooled, kept
}

// meet shows a value of the running frame to the other workers, who look at it
// between two meetings at the barrier, and looks at theirs.
func (c *checker) meet(p *framesync.Participant, index int, live []held) {
	if len(live) > 0 {
		c.shown[index].Store(&live[len(live)-1])
	}
	p.Wait()
	for i := range c.shown {
		if h := c.shown[i].Load(); h != nil {
			c.check([]held{*h}, "another worker's")
		}
	}
	p.Wait()
	c.shown[index].Store(nil)
}
