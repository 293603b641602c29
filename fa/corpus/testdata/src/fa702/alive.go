// Package fa702 holds frame memory while others may end the frame.
package fa702

import (
	"sync"
	"time"

	"github.com/framealloc/framealloc"
)

type job struct {
	frame  *framealloc.Frame
	worker *framealloc.Worker
	ready  chan struct{}
	wg     *sync.WaitGroup
	in     chan []byte
}

func (j *job) receive(n int) float32 {
	w := framealloc.Slice[float32](j.frame, n)
	w[0] = 1
	<-j.ready // bad FA702
	return w[0]
}

func (j *job) sleep() int {
	v := framealloc.NewVec[int](j.frame, 4)
	v.Push(1)
	time.Sleep(time.Millisecond) // bad FA702
	return v.Len()
}

func (j *job) join() byte {
	b := framealloc.Bytes(j.frame, 4)
	j.wg.Wait() // bad FA702
	return b[0]
}

func (j *job) pick() byte {
	b := framealloc.Bytes(j.frame, 4)
	select { // bad FA702
	case in := <-j.in:
		copy(b, in)
	case <-j.ready:
	}
	return b[0]
}

func (j *job) active() string {
	s := framealloc.Sprintf(j.worker.ActiveFrame(), "%d", 1)
	<-j.ready // bad FA702
	return s + "!"
}

func started(f *framealloc.Frame, ready chan struct{}) { go work(f.Fork(), ready) }

func work(f *framealloc.Frame, ready chan struct{}) {
	defer f.Join()
	b := framealloc.Bytes(f, 4)
	<-ready // bad FA701 FA702
	b[0] = 1
}

// good FA702: the memory is taken behind the wait
func (j *job) later(n int) float32 {
	<-j.ready
	w := framealloc.Slice[float32](j.frame, n)
	return w[0]
}

// good FA702: a copy is what lives on
func (j *job) copied() string {
	s := string(framealloc.Bytes(j.frame, 4))
	<-j.ready
	return s
}

// good FA702: the frame is this function's own
func (j *job) own() float32 {
	f := j.worker.BeginFrame()
	w := framealloc.Slice[float32](f, 3)
	x := w[0]
	j.worker.EndFrame()
	<-j.ready
	return x
}

// good FA702: not used behind the wait
func (j *job) done() {
	w := framealloc.Slice[float32](j.frame, 3)
	w[0] = 1
	<-j.ready
}

// good FA702: goroutines that this function started
func (j *job) spread() float32 {
	w := framealloc.Slice[float32](j.frame, 3)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { w[i] = 1 })
	}
	wg.Wait()
	return w[0]
}

// good FA702: a look, not a wait
func (j *job) poll() float32 {
	w := framealloc.Slice[float32](j.frame, 3)
	select {
	case <-j.ready:
	default:
	}
	return w[0]
}
