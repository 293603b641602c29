package profile

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// EventsConfig bounds what [NewEvents] takes. The zero value works.
type EventsConfig struct {
	// Buffer is the memory in bytes for events that wait to be written, 0 means
	// 1 MiB, and less than 64 KiB is 64 KiB. When the disk is too slow and it is full, events are dropped and
	// counted; a frame never waits.
	Buffer int
	// MaxBytes is how large the file may become: what comes later is dropped and
	// counted. 0 means 1 GiB.
	MaxBytes int64
}

// Events writes what happens in an allocator's frames as a file in the trace
// event format, which https://ui.perfetto.dev, chrome://tracing and speedscope
// open: for each worker a track with its frames and their phases, another with its
// tags, and counters of its memory; promotions, budgets that were exceeded, growth,
// transfers and diagnostics as marks; and one track for the pauses of the garbage
// collector.
//
// Events are written by a goroutine of its own. In the steady state, it costs
// frames no allocation and about half a microsecond an event.
type Events struct {
	path  string
	file  *os.File
	begin time.Time
	stop  func()

	wake chan struct{} // to the writer: there is much to write
	quit chan struct{}
	done chan struct{}
	once sync.Once
	err  error // of Close

	mu      sync.Mutex
	buf     []byte // events to write
	limit   int    // of buf
	room    int64  // bytes that the file may still take
	workers map[string]*tracked
	dropped uint64
	newGC   bool // collections to look at

	gc      debug.GCStats // the writer's, from here on
	written []byte
	failed  error
}

const (
	defaultEventBuffer = 1 << 20
	defaultMaxBytes    = 1 << 30
	minEventBuffer     = 64 << 10
	maxEventText       = 1 << 10  // bytes of one text in an event
	eventSlack         = 16 << 10 // behind a buffer, for the event that turns out not to fit
)

// NewEvents begins to write events to the file with the given path, which
// appears when Close is called, complete, and replaces what was there. Until then
// it is a temporary file beside it. Workers join in with their next frames.
func NewEvents(a *framealloc.Allocator, path string, c EventsConfig) (*Events, error) {
	if c.Buffer <= 0 {
		c.Buffer = defaultEventBuffer
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = defaultMaxBytes
	}
	c.Buffer = max(c.Buffer, minEventBuffer)
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("framealloc: event file: %w", err)
	}
	e := &Events{
		path: path, file: file, begin: time.Now(),
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
		limit: c.Buffer / 2, room: c.MaxBytes,
		workers: map[string]*tracked{},
		newGC:   true, // those before are found, and left out
	}
	e.buf, e.written = make([]byte, 0, e.limit+eventSlack), make([]byte, 0, e.limit+eventSlack)
	e.buf = append(e.buf, `{"displayTimeUnit":"ms","traceEvents":[`+"\n"+
		`{"ph":"M","pid":1,"tid":0,"name":"process_name","args":{"name":"framealloc"}},`+"\n"+
		`{"ph":"M","pid":1,"tid":0,"name":"thread_name","args":{"name":"garbage collector"}},`+"\n"+
		`{"ph":"M","pid":1,"tid":0,"name":"thread_sort_index","args":{"sort_index":1000000}}`...)
	go e.write()
	e.stop = a.Observe(framealloc.Hooks{
		FrameEnd:   e.frameEnd,
		TagLeave:   func(s framealloc.ScopeLeave) { e.scope(s, tagTrack) },
		PhaseEnd:   func(s framealloc.ScopeLeave) { e.scope(s, frameTrack) },
		Growth:     e.growth,
		Budget:     e.budget,
		Promotion:  e.promotion,
		Transfer:   e.transfer,
		Diagnostic: e.diagnostic,
	})
	return e, nil
}

// Dropped returns the number of events that were left out, for want of room in the
// buffer or in the file.
func (e *Events) Dropped() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dropped
}

// Close ends the file and gives it its name. When it could not be written, Close
// returns why and leaves no file behind. Closing twice does nothing more.
func (e *Events) Close() error {
	e.once.Do(func() {
		e.stop()
		close(e.quit)
		<-e.done
		e.err = e.finish()
	})
	return e.err
}

// finish writes the end of the file and renames it.
func (e *Events) finish() error {
	e.mu.Lock()
	rest := fmt.Appendf(nil, "\n],\"otherData\":{\"dropped\":\"%d\"}}\n", e.dropped)
	e.room, e.limit = 0, 0 // for workers that are still in their last frame
	e.mu.Unlock()
	err := e.failed
	if err == nil {
		_, err = e.file.Write(rest)
	}
	if closing := e.file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(e.file.Name(), e.path)
	}
	if err != nil {
		_ = os.Remove(e.file.Name())
		return fmt.Errorf("framealloc: event file: %w", err)
	}
	return nil
}

// write is the goroutine that writes what the hooks have buffered.
func (e *Events) write() {
	defer close(e.done)
	for {
		select {
		case <-e.wake:
			e.flush()
		case <-e.quit:
			e.flush()
			return
		}
	}
}

// flush writes the buffer to the file.
func (e *Events) flush() {
	e.mu.Lock()
	look := e.newGC
	e.newGC = false
	e.mu.Unlock()
	if look {
		e.collections()
	}
	e.mu.Lock()
	e.buf, e.written = e.written[:0], e.buf
	e.mu.Unlock()
	if e.failed == nil && len(e.written) > 0 {
		_, e.failed = e.file.Write(e.written)
	}
}

// collections adds the pauses of the collector that it has not seen yet.
func (e *Events) collections() {
	before := e.gc.NumGC
	debug.ReadGCStats(&e.gc)
	begin := e.begin.Round(0) // the collector's times have no monotonic clock
	for i := min(e.gc.NumGC-before, int64(len(e.gc.Pause))) - 1; i >= 0; i-- {
		end, pause := e.gc.PauseEnd[i].Sub(begin), e.gc.Pause[i]
		if end < 0 {
			continue
		}
		e.mu.Lock()
		ev := e.at(collectorTrack, 'X', "pause", end-pause)
		ev.duration(pause)
		ev.args()
		ev.number("collection", e.gc.NumGC-i)
		e.commit(ev)
		e.mu.Unlock()
	}
}

// collectorTrack is the first one; those of workers follow.
const collectorTrack = 0

// A tracked worker has tracks of its own.
type tracked struct {
	first   int    // of its tracks
	counter string // the name of its memory
}

// The tracks of a worker.
const (
	frameTrack = iota
	tagTrack
	tracks
)

var trackNames = [tracks]string{"", " tags"}

// tracked finds a worker's tracks, or gives it some. The lock is held.
func (e *Events) tracked(worker string) *tracked {
	t := e.workers[worker]
	if t != nil {
		return t
	}
	if len(e.workers) > maxTracked {
		worker = "other workers"
		if t = e.workers[worker]; t != nil {
			return t
		}
	}
	worker = strings.Clone(worker)
	t = &tracked{collectorTrack + 1 + len(e.workers)*tracks, "frame memory of " + worker}
	e.workers[worker] = t
	for i, name := range trackNames {
		e.nameTrack(t.first+i, worker+name)
	}
	return t
}

// maxTracked bounds the workers that get tracks of their own.
const maxTracked = 4096

// nameTrack writes a track's name, full or not: later events refer to it.
func (e *Events) nameTrack(tid int, name string) {
	for _, what := range [...]string{"thread_name", "thread_sort_index"} {
		ev := event{buf: e.buf}
		ev.open('M', tid, what)
		ev.args()
		if what == "thread_name" {
			ev.text("name", name)
		} else {
			ev.number("sort_index", int64(tid))
		}
		ev.close()
		e.buf = ev.buf
	}
}

// at begins an event. The lock is held.
func (e *Events) at(track int, kind byte, name string, at time.Duration) event {
	ev := event{buf: e.buf}
	ev.open(kind, track, name)
	ev.time("ts", at)
	return ev
}

// on begins an event on one of a worker's tracks and takes the lock, which add
// releases.
func (e *Events) on(worker string, which int, kind byte, name string, at time.Time) event {
	e.mu.Lock()
	return e.at(e.tracked(worker).first+which, kind, name, at.Sub(e.begin))
}

// add ends an event.
func (e *Events) add(ev event) {
	e.commit(ev)
	wake := e.newGC || len(e.buf) >= e.limit/2
	e.mu.Unlock()
	if wake {
		select {
		case e.wake <- struct{}{}:
		default:
		}
	}
}

// commit keeps an event, if there is room for it.
func (e *Events) commit(ev event) {
	ev.close()
	n := int64(len(ev.buf) - len(e.buf))
	if len(ev.buf) > e.limit || n > e.room {
		e.dropped++
		return
	}
	e.buf = ev.buf
	e.room -= n
}

func (e *Events) frameEnd(f framealloc.FrameEnd) {
	begin := f.Time.Add(-f.Duration)
	ev := e.on(f.Worker, frameTrack, 'X', "frame", begin)
	ev.duration(f.Duration)
	ev.args()
	ev.number("number", int64(f.Number))
	ev.number("bytes", int64(f.Bytes))
	ev.number("allocations", int64(f.Allocations))
	ev.number("high_water", int64(f.HighWater))
	if f.Collections > 0 {
		ev.number("collections", int64(f.Collections))
		ev.number("pause_ns", int64(f.Pause))
		e.newGC = true
	}
	e.add(ev)
	e.mu.Lock()
	t := e.tracked(f.Worker)
	ev = e.at(t.first, 'C', t.counter, begin.Sub(e.begin))
	ev.args()
	ev.number("used", int64(f.HighWater))
	ev.number("free", int64(max(0, f.Capacity-f.HighWater)))
	e.add(ev)
}

func (e *Events) scope(s framealloc.ScopeLeave, track int) {
	ev := e.on(s.Worker, track, 'X', s.Path[strings.LastIndexByte(s.Path, '/')+1:], s.Time.Add(-s.Duration))
	ev.duration(s.Duration)
	ev.args()
	ev.text("path", s.Path)
	ev.number("frame", int64(s.Frame))
	ev.number("bytes", int64(s.Bytes))
	ev.number("allocations", int64(s.Allocations))
	e.add(ev)
}

// mark is an event without duration, now.
func (e *Events) mark(worker, name string) event {
	ev := e.on(worker, frameTrack, 'i', name, time.Now())
	ev.scope()
	ev.args()
	return ev
}

func (e *Events) growth(g framealloc.Growth) {
	ev := e.mark(g.Worker, "growth")
	ev.number("times", int64(g.Times))
	ev.number("capacity", int64(g.Capacity))
	e.add(ev)
}

func (e *Events) budget(b framealloc.BudgetEvent) {
	ev := e.mark(b.Worker, "budget")
	ev.text("scope", b.Scope.String())
	ev.text("kind", b.Kind.String())
	ev.text("tag", b.Tag)
	ev.number("used", int64(b.Used))
	ev.number("request", int64(b.Request))
	ev.number("limit", int64(b.Limit))
	e.add(ev)
}

func (e *Events) promotion(p framealloc.Promotion) {
	ev := e.mark(p.Worker, "promotion")
	ev.text("type", p.Type)
	ev.number("bytes", int64(p.Bytes))
	ev.text("tag", p.Tag)
	ev.text("what", promotionText(p))
	e.add(ev)
}

func (e *Events) transfer(t framealloc.TransferEvent) {
	ev := e.mark(t.Worker, [...]string{"transfer made", "transfer received", "transfer dropped", "transfer"}[t.Kind&3])
	ev.number("frame", int64(t.Frame))
	ev.number("bytes", int64(t.Bytes))
	e.add(ev)
}

func (e *Events) diagnostic(d diag.Diagnostic) {
	ev := e.mark(d.Worker, string(d.Code))
	ev.text("message", d.Message)
	ev.text("tag", d.Tag)
	e.add(ev)
}
