// Package fa206 hands values over.
package fa206

import (
	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/framesync"
)

type path = []int32

func twice(t *framesync.Transfer[path]) int {
	a, _ := t.Receive()
	b, _ := t.Receive() // bad FA206
	return len(a) + len(b)
}

func lost(jobs <-chan *framesync.Transfer[path], wanted func() bool) (n int) {
	for t := range jobs { // bad FA206
		if !wanted() {
			continue
		}
		p, err := t.Receive()
		if err == nil {
			n += len(p)
		}
	}
	return n
}

func forgotten(f *framealloc.Frame, out chan<- *framesync.Transfer[path], send bool) {
	t := framesync.NewTransfer(f, framealloc.Slice[int32](f, 3)) // bad FA206
	if send {
		out <- t
	}
}

func looped(t *framesync.Transfer[path], n int) (sum int) {
	for range n {
		p, err := t.Receive() // bad FA206
		if err == nil {
			sum += len(p)
		}
	}
	return sum
}

func returnsEarly(in <-chan *framesync.Transfer[path], stop func() bool) int {
	t := <-in // bad FA206
	if stop() {
		return 0
	}
	p, _ := t.Receive()
	return len(p)
}

func intoTwice(f *framealloc.Frame, t *framesync.Transfer[path]) int {
	a, err := t.ReceiveInto(f)
	if err != nil {
		return 0
	}
	b, _ := t.ReceiveInto(f) // bad FA206
	return len(a) + len(b)
}

func unused(f *framealloc.Frame) {
	framesync.NewTransfer(f, framealloc.Slice[int32](f, 3)) // bad FA206
}

// good FA206: received or dropped
func each(jobs <-chan *framesync.Transfer[path], wanted func() bool) (n int) {
	for t := range jobs {
		if !wanted() {
			t.Drop()
			continue
		}
		p, err := t.Receive()
		if err == nil {
			n += len(p)
		}
	}
	return n
}

// good FA206: one of two branches
func branches(f *framealloc.Frame, t *framesync.Transfer[path], into bool) int {
	var p path
	if into {
		p, _ = t.ReceiveInto(f)
	} else {
		p, _ = t.Receive()
	}
	return len(p)
}

// good FA206: handed on
func handed(f *framealloc.Frame, out chan<- *framesync.Transfer[path]) {
	t := framesync.NewTransfer(f, framealloc.Slice[int32](f, 3))
	out <- t
}

// good FA206: returned
func returned(f *framealloc.Frame) *framesync.Transfer[path] {
	return framesync.NewTransfer(f, framealloc.Slice[int32](f, 3))
}

// good FA206: a closed channel has none
func maybe(in <-chan *framesync.Transfer[path]) int {
	t, ok := <-in
	if !ok {
		return 0
	}
	p, _ := t.Receive()
	return len(p)
}

// good FA206: dropped in a defer
func deferred(in <-chan *framesync.Transfer[path], stop func() bool) int {
	t := <-in
	defer t.Drop()
	if stop() {
		return 0
	}
	return 1
}

// good FA206: kept for later
type inbox struct{ waiting []*framesync.Transfer[path] }

func (b *inbox) take(in <-chan *framesync.Transfer[path]) {
	for t := range in {
		b.waiting = append(b.waiting, t)
	}
}
