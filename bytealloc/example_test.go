package bytealloc_test

import (
	"errors"
	"fmt"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
)

// A Packet writer takes its bytes from whatever Allocator it is given.
type Packet struct {
	mem bytealloc.Allocator
	b   []byte
	n   int
}

func (p *Packet) WriteString(s string) error {
	if need := p.n + len(s); need > len(p.b) {
		grown, err := p.mem.Reallocate(p.b, max(need, 2*len(p.b), 64), 8)
		if err != nil {
			return err
		}
		p.b = grown
	}
	p.n += copy(p.b[p.n:], s)
	return nil
}

func (p *Packet) Bytes() []byte { return p.b[:p.n] }

func (p *Packet) Free() {
	p.mem.Free(p.b)
	p.b, p.n = nil, 0
}

// The same code writes into a frame, whose newest memory grows in place.
func Example() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()

	alloc.Frame(func(frame *framealloc.Frame) {
		p := Packet{mem: bytealloc.FromFrame(frame)}
		for range 10 {
			if err := p.WriteString("0123456789abcdef"); err != nil {
				fmt.Println(err)
			}
		}
		fmt.Println(len(p.Bytes()), "bytes in", frame.Allocations(), "allocation")
	})
	// Output: 160 bytes in 1 allocation
}

// What is usually small lives in a buffer that is always there.
func ExampleFallback() {
	small := bytealloc.NewFixed(make([]byte, 128))
	heap := bytealloc.NewCounter(bytealloc.FromHeap(nil))
	mem := bytealloc.Fallback(small, heap)

	for _, words := range []int{10, 100} {
		p := Packet{mem: mem}
		for range words {
			if err := p.WriteString("word "); err != nil {
				fmt.Println(err)
			}
		}
		fmt.Println(len(p.Bytes()), "bytes, from the heap:", heap.Stats().Live)
		p.Free()
	}
	// Output:
	// 50 bytes, from the heap: 0
	// 500 bytes, from the heap: 1
}

// Set up once, it allocates in each frame.
func ExampleFromWorker() {
	alloc := framealloc.NewAllocator(framealloc.Config{})
	defer alloc.Close()
	mem := bytealloc.FromWorker(alloc.Main())

	for range 2 {
		frame := alloc.BeginFrame()
		b, err := mem.Allocate(100, 64)
		fmt.Println("frame", frame.Number(), "has", len(b), "bytes,", err)
		alloc.EndFrame()
	}
	_, err := mem.Allocate(100, 64)
	fmt.Println("between frames:", errors.Is(err, diag.FA001))
	// Output:
	// frame 1 has 100 bytes, <nil>
	// frame 2 has 100 bytes, <nil>
	// between frames: true
}

// A test that refuses every request of some code once, and finds what it then
// forgets to free.
func ExampleFailEach() {
	pair := func(mem bytealloc.Allocator) error {
		header, err := mem.Allocate(16, 8)
		if err != nil {
			return err
		}
		body, err := mem.Allocate(1000, 8)
		if err != nil {
			return err // and the header?
		}
		mem.Free(body)
		mem.Free(header)
		return nil
	}
	err := bytealloc.FailEach(bytealloc.FromHeap(nil), pair)
	var leak *bytealloc.LeakError
	if errors.As(err, &leak) {
		fmt.Println("leaked:", leak.Leaks[0].Size, "bytes")
	}
	// Output: leaked: 16 bytes
}

// Quota is a layer of one's own: it refuses to have more than so many bytes out.
type Quota struct {
	bytealloc.Allocator
	Left int
}

func (q *Quota) Allocate(n, align int) ([]byte, error) {
	return q.Reallocate(nil, n, align)
}

func (q *Quota) Reallocate(b []byte, n, align int) ([]byte, error) {
	if n-len(b) > q.Left {
		return b, errors.New("quota exceeded")
	}
	old := len(b)
	b, err := q.Allocator.Reallocate(b, n, align)
	if err == nil {
		q.Left -= n - old
	}
	return b, err
}

func (q *Quota) Free(b []byte) {
	q.Allocator.Free(b)
	q.Left += len(b)
}

// Unwrap lets others ask whose bytes are whose.
func (q *Quota) Unwrap() bytealloc.Allocator { return q.Allocator }

// A layer of one's own needs three methods.
func ExampleAllocator() {
	mem := &Quota{Allocator: bytealloc.FromHeap(nil), Left: 100}
	b, err := mem.Allocate(80, 1)
	fmt.Println(len(b), err)
	_, err = mem.Allocate(80, 1)
	fmt.Println(err)
	mem.Free(b)
	b, err = mem.Allocate(80, 1)
	fmt.Println(len(b), err)
	// Output:
	// 80 <nil>
	// quota exceeded
	// 80 <nil>
}

func ExampleNewChecker() {
	mem := bytealloc.NewChecker(bytealloc.FromHeap(nil))
	b, _ := mem.Allocate(64, 8)
	mem.Free(b)

	defer func() {
		var e *diag.Error
		if err, ok := recover().(error); ok && errors.As(err, &e) {
			fmt.Println(e.Code, e.Message)
		}
	}()
	mem.Free(b)
	// Output: FA208 64 bytes freed that were freed or reallocated before
}

func ExampleLog() {
	mem := bytealloc.Log(bytealloc.NewFixed(make([]byte, 256)), func(e bytealloc.Event) { fmt.Println(e) })
	b, _ := mem.Allocate(40, 8)
	b, _ = mem.Reallocate(b, 80, 8)
	mem.Free(b)
	// Output:
	// allocated 40 bytes, align 8
	// reallocated 40 -> 80 bytes, align 8
	// freed 80 bytes
}
