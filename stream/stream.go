// Package stream is memory for data that comes and goes while frames go on: textures,
// terrain, sound, whatever follows the player through the world. A [Stream] has a
// budget, taken once and never exceeded; an [Entry] is a piece of data that is loaded
// into it when a frame wants it, by goroutines of the stream's, and evicted when others need
// the room.
//
//	textures := stream.New[byte](alloc, stream.Config{Name: "textures", Budget: 64 * framealloc.MiB})
//	rock := textures.Entry("rock", 256*256*4, stream.Normal, loadRock)
//	…
//	if pixels, ok := rock.Use(frame); ok {
//		draw(pixels) // good until the frame ends
//	} else {
//		drawPlaceholder() // it is being loaded
//	}
//
// Using an entry never waits for loads and allocates nothing; it may have to wait
// while 256 KiB, or one larger entry, are moved. What a frame
// uses stays where it is, and what it is, until that frame's memory is given back.
// What is evicted is what has not been used for longest, among the entries of the
// lowest priority; what is left is moved together where the free room is in pieces.
package stream

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/extent"
	"github.com/framealloc/framealloc/internal/typeinfo"
)

// A Stream holds entries of values of type T, pointers in them or not, in one piece of
// memory of a fixed size. It and its entries may be used from any goroutine.
type Stream[T any] struct {
	config   Config
	worker   *framealloc.Worker
	pointers bool // in a T

	mu      sync.Mutex
	space   extent.Space
	blocks  [][]T // one
	all     []*Entry[T]
	ready   [numPriorities]list[T] // by use, the longest unused first
	queue   [numPriorities]list[T] // by age, the oldest first
	parting list[T]                // closed, and in use by frames
	clock   uint64                 // counts uses and requests
	names   []string               // room for those of evicted entries
	loaders int                    // goroutines that load
	idle    sync.WaitGroup         // until there are none
	ctx     context.Context
	cancel  context.CancelFunc
	closed  bool

	loads, failures, evictions, shortages, moves, moved uint64
	high                                                int
}

// Config says how a stream is to be.
type Config struct {
	// Name is what reports call the stream; the type's name if it is empty.
	Name string
	// Budget is the memory that all entries together may take, in bytes. The stream takes
	// it when it is made, booked as heap intent. It has to have room for one value at least.
	Budget int
	// Loads is the number of loads that may run at once; 0 means 2.
	Loads int
	// OnEvict, if set, is called with the name of each entry that was evicted, on the
	// goroutine that needed the room: one of the stream's, or that of a Begin or an Evict,
	// several of them at once. The entry may have been asked for again by then. It may use the
	// stream, but neither close it nor wait for an entry. Where it panics in a Begin, that
	// entry has failed.
	OnEvict func(name string)
}

// New returns an empty stream. It takes the memory from src's worker, on whose
// goroutine it must be called, and reports to its allocator. It panics with FA003 when
// the budget has no room for a value of type T, or the number of loads is negative.
func New[T any](src framealloc.Source, c Config) *Stream[T] {
	s := &Stream[T]{worker: framealloc.WorkerOf(src), config: c, pointers: typeinfo.HasPointers((*T)(nil))}
	if s.config.Name = strings.Clone(c.Name); c.Name == "" {
		s.config.Name = reflect.TypeFor[T]().String()
	}
	size := s.size()
	if size == 0 || c.Budget < size || c.Budget/size > extent.MaxBlock || c.Loads < 0 {
		panic(s.error(diag.FA003, fmt.Sprintf("%v of values of %d bytes has a budget of %d bytes, and %d loads at once", s, size, c.Budget, c.Loads),
			"give it a budget of one value at least, 4 Gi values at most; 0 loads at once mean 2"))
	}
	if c.Loads == 0 {
		s.config.Loads = 2
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.blocks = [][]T{framealloc.HeapSlice[T](s.worker, c.Budget/size)}
	s.space.AddBlock(c.Budget / size)
	return s
}

// size is that of a T, in bytes.
func (s *Stream[T]) size() int { return int(unsafe.Sizeof(*new(T))) }

// Name returns the stream's name.
func (s *Stream[T]) Name() string { return s.config.Name }

// String returns what reports call the stream.
func (s *Stream[T]) String() string { return fmt.Sprintf("stream %q", s.config.Name) }

// Entry returns a new entry for n values, which takes no memory until it is wanted. load
// fills it, on a goroutine of the stream's; see [LoadFunc]. Without it, the program
// does so by [Entry.Begin] and [Entry.Finish]. name is for reports.
//
// An entry that is larger than the stream's budget has failed from the start, with
// FA402. Entry panics with FA003 when n is below 1, and with FA402 when the stream
// is closed.
func (s *Stream[T]) Entry(name string, n int, p Priority, load LoadFunc[T]) *Entry[T] {
	if n < 1 {
		panic(s.error(diag.FA003, fmt.Sprintf("entry %q of %v is to have %d values", name, s, n),
			"an entry has one value at least; check lengths that come from data"))
	}
	e := &Entry[T]{stream: s, name: strings.Clone(name), n: n, priority: min(p, Critical), load: load}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		panic(s.error(diag.FA402, fmt.Sprintf("entry %q asked of %v, which is closed", name, s), "make entries before Close"))
	}
	if n > len(s.blocks[0]) {
		e.state, e.hopeless = Failed, true
		e.err = s.error(diag.FA402, fmt.Sprintf("entry %q of %v has %d values of %d bytes, and all of the stream has room for %d", name, s, n, s.size(), len(s.blocks[0])),
			"give the stream a larger budget, or the entry less detail")
	}
	e.at = len(s.all)
	s.all = append(s.all, e)
	return e
}

// All iterates over the entries that the stream has when it is called, in no
// particular order.
func (s *Stream[T]) All() iter.Seq[*Entry[T]] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Values(slices.Clone(s.all))
}

// Close ends the stream: loads that run are told to stop, and waited for; every entry is
// closed. What frames use stays valid for as long as they hold it. Closing twice does
// nothing.
func (s *Stream[T]) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.cancel()
	s.mu.Unlock()
	s.idle.Wait()

	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		e.end(s.error(diag.FA402, fmt.Sprintf("%v is closed", s), "close a stream when nothing needs it any more"))
	}
	s.all, s.blocks = nil, nil
	s.space = extent.Space{}
	s.ready, s.queue, s.parting = [numPriorities]list[T]{}, [numPriorities]list[T]{}, list[T]{}
}

// Stats are a stream's figures. Sizes are in bytes.
type Stats struct {
	Name                           string
	Entries                        int // not closed
	Queued, Loading, Ready, Failed int // among them
	InUse                          int // entries that frames use
	Budget, Used, HighWater        int
	Free, LargestFree              int
	Loads, Failures, Evictions     uint64
	Shortages                      uint64 // how often there was no room (FA402)
	Moves                          uint64 // of entries, to make room in one piece
	Moved                          uint64 // bytes
}

// Stats returns the figures as of now.
func (s *Stream[T]) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, sp := s.size(), s.space.Stats()
	st := Stats{
		Name: s.config.Name, Entries: len(s.all), Budget: s.config.Budget / size * size, Used: sp.Taken * size, HighWater: s.high * size,
		Free: (sp.Size - sp.Taken) * size, LargestFree: sp.Largest * size,
		Loads: s.loads, Failures: s.failures, Evictions: s.evictions, Shortages: s.shortages, Moves: s.moves, Moved: s.moved,
	}
	for _, e := range s.all {
		switch e.state {
		case Queued:
			st.Queued++
		case Loading:
			st.Loading++
		case Ready:
			st.Ready++
		case Failed:
			st.Failed++
		}
		if e.inUse() {
			st.InUse++
		}
	}
	for e := s.parting.first; e != nil; e = e.next {
		if e.inUse() {
			st.InUse++
		}
	}
	return st
}

// error makes an error of the stream's.
func (s *Stream[T]) error(code diag.Code, message, help string) *diag.Error {
	return diag.NewError(diag.Diagnostic{Code: code, Message: message, Help: help, Worker: s.worker.Name(), PC: diag.CallerPC()}, nil)
}

func (s *Stream[T]) report(err *diag.Error) { s.worker.Allocator().Reporter().Report(err.Diagnostic) }
