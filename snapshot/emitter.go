package snapshot

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// An Emitter writes snapshots to a directory. They are taken as a frame of its
// worker begins, so of the frames up to the one before, and written by a goroutine
// of the emitter. All methods may be called from any goroutine.
type Emitter struct {
	config   Config
	observer *Observer
	pc       uintptr // of NewEmitter's caller, for diagnostics
	stop     func()

	// wanted counts requests and served is the one that the last snapshot was
	// for: the hook compares them without a lock.
	wanted, served atomic.Uint64
	due            atomic.Int64 // when the next periodic one is, in nanoseconds since begin
	begin          time.Time

	free   chan *Snapshot // not in use
	queue  chan job       // to be written; as long as there are snapshots
	done   chan struct{}  // closed by Close
	writer sync.WaitGroup

	mu     sync.Mutex
	closed bool
	last   time.Time // when one was taken last
	stats  EmitterStats
}

// job is a snapshot on its way to the disk.
type job struct {
	snapshot *Snapshot
	serves   uint64 // the requests up to this one
}

// EmitterStats say what became of the snapshots that were due.
type EmitterStats struct {
	Taken   uint64 // at frame boundaries
	Written uint64
	Dropped uint64 // due, but too many were waiting to be written
	Failed  uint64 // taken, but not written
	Removed uint64 // files, to keep to the bounds
	Bytes   uint64 // written

	LastPath  string // of the snapshot written last
	LastError error  // of the last attempt; nil if it succeeded
}

// NewEmitter begins to write snapshots of what o observes. Call Close when it is
// no longer needed. It returns an error for a configuration that means nothing.
// What goes wrong later, a directory that cannot be made included, is reported
// once by the allocator's reporter, counted in [Emitter.Stats], and tried again
// with the next snapshot.
func NewEmitter(o *Observer, c Config) (*Emitter, error) {
	if err := c.complete(o.alloc.Main().Name()); err != nil {
		return nil, err
	}
	e := &Emitter{
		config: c, observer: o, pc: diag.CallerPC(), begin: time.Now(),
		free: make(chan *Snapshot, c.Queue), queue: make(chan job, c.Queue), done: make(chan struct{}),
	}
	for range c.Queue {
		e.free <- new(Snapshot)
	}
	e.due.Store(int64(c.Every))
	e.writer.Go(e.write)
	e.stop = o.alloc.Observe(framealloc.Hooks{FrameBegin: e.boundary})
	return e, nil
}

// Request asks for a snapshot at the next frame boundary, or, if the last one was
// less than MinInterval ago, at the first after that. Requests that wait are
// answered by one snapshot together.
func (e *Emitter) Request() { e.wanted.Add(1) }

// Stats returns what became of the snapshots so far.
func (e *Emitter) Stats() EmitterStats {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats
}

// Close takes a last snapshot if the configuration says so, waits until all that
// wait are written, and ends the emitter. It returns the error of the last attempt
// to write, nil if that succeeded. Closing twice does nothing.
func (e *Emitter) Close() error {
	e.mu.Lock()
	if e.closed {
		defer e.mu.Unlock()
		return e.stats.LastError
	}
	e.closed = true
	e.mu.Unlock()
	e.stop()
	if e.config.AtClose {
		s := <-e.free
		e.observer.take(s, e.config.Worker)
		e.mu.Lock()
		e.stats.Taken++
		e.mu.Unlock()
		e.queue <- job{s, e.wanted.Load()}
	}
	close(e.done)
	e.writer.Wait()
	return e.Stats().LastError
}

// boundary is the hook. Most of the time nothing is due.
func (e *Emitter) boundary(begun framealloc.FrameBegin) {
	if begun.Worker != e.config.Worker {
		return
	}
	wanted := e.wanted.Load()
	periodic := e.config.Every > 0 && int64(begun.Time.Sub(e.begin)) >= e.due.Load()
	if wanted == e.served.Load() && !periodic {
		return
	}
	e.take(begun.Time, wanted, periodic)
}

// take takes a snapshot and passes it on, unless it is too soon or too many wait.
func (e *Emitter) take(now time.Time, wanted uint64, periodic bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || !e.last.IsZero() && now.Sub(e.last) < e.config.MinInterval {
		return
	}
	e.last = now
	if periodic {
		e.due.Store(int64(now.Sub(e.begin) + e.config.Every))
	}
	select {
	case s := <-e.free:
		e.observer.take(s, e.config.Worker)
		e.stats.Taken++
		e.served.Store(wanted)
		e.queue <- job{s, wanted} // never blocks: it has room for all there are
	default:
		e.stats.Dropped++ // a request stays open
	}
}
