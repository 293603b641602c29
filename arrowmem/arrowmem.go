// Package arrowmem gives Apache Arrow frame memory: builders, record batches, compute
// functions and IPC readers take their buffers from a frame, a scratch, the byte pools,
// or any other [bytealloc.Allocator], instead of the heap.
//
//	mem := arrowmem.New(bytealloc.FromWorker(alloc.Main())) // once
//
//	frame := alloc.BeginFrame()
//	builder := array.NewRecordBuilder(mem, schema)
//	…
//	record.Release()
//	if err := mem.Err(); err != nil { // somebody kept a buffer beyond the frame
//		log.Print(err)
//	}
//	alloc.EndFrame()
//
// What Arrow allocates beside its buffers (builders, arrays, the Go objects around
// them) stays on the heap: some kilobytes for each batch, however many rows it has.
//
// # What lives how long
//
// An Arrow object counts its references, and knows nothing of frames. One that is
// retained beyond the frame that its buffers are from reads whatever is there next: of
// a price column, other prices. It cannot corrupt the heap, and releasing it late is
// harmless. To find it, [Allocator.Err] counts the buffers that were not released; in
// poison mode a stale record reads as junk, and in guard mode reading it panics with
// FA606 and says where its memory was allocated. What has to live longer belongs in a
// [Scratch], in pools (bytealloc.FromPool), on the heap, or into a copy.
//
// # Goroutines
//
// Arrow allocates and releases on goroutines of its own: every compute function runs
// on one, filters and IPC compression on several. So an Allocator lets one of them
// through at a time, and takes releases from any goroutine. What it cannot see is
// direct use of the frame or worker below: while a compute call runs, its caller waits,
// and nothing else may allocate from that frame. In debug mode (framealloc.Config.Debug)
// a frame accepts no other goroutine than its own, and an Arrow goroutine that
// allocates from it panics with FA201, where nobody can recover: use a [Scratch] with
// compute functions, which belongs to no goroutine.
package arrowmem

import (
	"fmt"
	"sync"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/framealloc/framealloc/bytealloc"
	"github.com/framealloc/framealloc/diag"
)

// Alignment is what Arrow's format recommends for buffers, and what all have here.
const Alignment = 64

// An Allocator is Arrow's [memory.Allocator] over a [bytealloc.Allocator]. It may be
// used by several goroutines, which go through one at a time. Make it once: it serves
// all frames.
//
// Where the memory below refuses, its methods panic with that error, a *diag.Error:
// Arrow's interface has no other way. Some of Arrow's functions recover such panics and
// return them as errors.
type Allocator struct {
	mu      sync.Mutex
	bytes   bytealloc.Allocator
	buffers int // out
	size    int // bytes in them
}

var _ memory.Allocator = (*Allocator)(nil)

// New returns an Allocator over a, which nobody else may use at the same time.
func New(a bytealloc.Allocator) *Allocator { return &Allocator{bytes: a} }

// Allocate returns size zeroed bytes at a multiple of [Alignment]. No bytes are an
// empty slice, not nil. It panics with FA003 for a negative size.
func (a *Allocator) Allocate(size int) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	b, err := a.bytes.Allocate(size, Alignment)
	if err != nil {
		panic(err)
	}
	a.book(0, len(b))
	return b
}

// Reallocate returns size bytes that begin with those of b, and are zero beyond. b is
// gone, unless Reallocate panics: then it is as it was.
func (a *Allocator) Reallocate(size int, b []byte) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := len(b)
	b, err := a.bytes.Reallocate(b, size, Alignment)
	if err != nil {
		panic(err)
	}
	a.book(old, len(b))
	return b
}

// Free gives b back: to a pool or fixed buffer; for a frame it only counts. It may be
// called after the frame's end, when b was from a frame.
func (a *Allocator) Free(b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bytes.Free(b)
	a.book(len(b), 0)
}

// book counts that a buffer of from bytes has now to bytes; none is none.
func (a *Allocator) book(from, to int) {
	a.size += to - from
	if from == 0 && to > 0 {
		a.buffers++
	} else if from > 0 && to == 0 {
		a.buffers--
	}
}

// Live returns how many buffers are out, and how many bytes they have.
func (a *Allocator) Live() (buffers, bytes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.buffers, a.size
}

// Err returns an error with FA601 when buffers are out, and nil otherwise. Ask before a
// frame's end: a record that was retained, or never released, still has its buffers
// then. It counts all since New, so that one which is kept is reported until it is
// released. To see who took it, have Arrow's own memory.NewCheckedAllocator around the
// Allocator, or a [bytealloc.Checker] below it.
func (a *Allocator) Err() error {
	buffers, bytes := a.Live()
	if buffers == 0 {
		return nil
	}
	return diag.NewError(diag.Diagnostic{
		Code:    diag.FA601,
		Message: fmt.Sprintf("%d Arrow buffers of %d bytes in all are not released", buffers, bytes),
		Help:    "release records, arrays and builders before the memory goes back; copy what must live longer to memory that does",
		PC:      diag.CallerPC(),
	}, nil)
}
