package profile

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/trace"
	"sync"
	"time"
	"weak"

	"github.com/framealloc/framealloc"
)

// SlowConfig says which frames are slow, and what is kept of them. The zero value
// works.
type SlowConfig struct {
	// Budget is how long a frame may take; 0 means a sixtieth of a second.
	Budget time.Duration
	// Workers, if set, says which workers' frames count, by name.
	Workers func(name string) bool

	// Dir is the directory for recordings, which is made if need be. Empty: there
	// are verdicts, and nothing is recorded.
	Dir string
	// Keep is how many recordings stay in Dir, the newest; 0 means 16. Those of
	// earlier runs count.
	Keep int
	// Every is the least time from one recording to the next; 0 means 10
	// seconds. Slow frames in between get their verdict, and no recording.
	Every time.Duration
	// MinAge and MaxBytes are the flight recorder's: how much of the past a
	// recording shows, about, and how much memory that may take. 0 means a second and
	// 16 MiB. A busy program records some megabytes a second.
	MinAge   time.Duration
	MaxBytes uint64

	// LockThread locks each frame's goroutine to its thread from the frame's
	// begin to its end, so that the thread's processor time is the goroutine's. Games
	// whose loop is locked anyway, as OpenGL demands, need not set it. Without either,
	// other goroutines that ran on the thread are counted as the frame's own work.
	LockThread bool

	// OnSlow, if set, is called for each slow frame, after its recording was
	// written, on a goroutine that belongs to nobody's frame. Frames are forgotten
	// while it does not return.
	OnSlow func(SlowFrame)
}

// A SlowFrame is a frame that overran its budget.
type SlowFrame struct {
	Worker   string
	Frame    uint64
	Begin    time.Time
	Budget   time.Duration
	Duration time.Duration
	Verdict  Verdict
	// Recording is the file with the execution trace that shows the frame, for
	// go tool trace; "" if none was made. The verdict is beside it, as text.
	Recording string
	Err       error // why the recording failed
}

// String describes the frame in a line.
func (s SlowFrame) String() string {
	return fmt.Sprintf("frame %d of worker %s took %v, %v over its budget; %v",
		s.Frame, s.Worker, round(s.Duration), round(s.Duration-s.Budget), s.Verdict)
}

// SlowFrames watches for slow frames, until it is closed. Its methods may be
// called from any goroutine.
type SlowFrames struct {
	config   SlowConfig
	stop     func()
	recorder *trace.FlightRecorder
	pending  chan overrun
	quit     chan struct{}
	done     chan struct{}
	once     sync.Once
	recorded time.Time // when the last recording was made

	mu      sync.Mutex
	workers map[weak.Pointer[framealloc.Worker]]*watchedWorker
	recent  []SlowFrame
	count   uint64
	missed  uint64
}

// maxRecent is how many slow frames are remembered.
const maxRecent = 64

// OnSlowFrame begins to watch for frames that take longer than their budget. Of
// each it works out whether it was the garbage collector, waiting, the operating
// system or the frame's own work; and, with a directory, it keeps the execution
// trace of the moment: a flight recorder runs all the time, and is written out
// when a frame was slow. That takes milliseconds, on a goroutine of its own.
//
// Watching costs a frame 10 to 20 microseconds and no heap allocation; the flight
// recorder costs the whole program a percent or two. There can be one flight recorder
// in a program: OnSlowFrame returns an error if there is one, or if the directory
// cannot be made.
//
// See [Trace] to find frames and tags in recordings.
func OnSlowFrame(a *framealloc.Allocator, c SlowConfig) (*SlowFrames, error) {
	c = c.withDefaults()
	s := &SlowFrames{
		config: c, pending: make(chan overrun, 16), quit: make(chan struct{}), done: make(chan struct{}),
		workers: map[weak.Pointer[framealloc.Worker]]*watchedWorker{},
	}
	if c.Dir != "" {
		if err := prepare(c.Dir); err != nil {
			return nil, err
		}
		s.recorder = trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: c.MinAge, MaxBytes: c.MaxBytes})
		if err := s.recorder.Start(); err != nil {
			return nil, fmt.Errorf("framealloc: flight recorder: %w", err)
		}
	}
	go s.run()
	s.stop = a.Observe(framealloc.Hooks{FrameBegin: s.begin, FrameEnd: s.end})
	return s, nil
}

func (c SlowConfig) withDefaults() SlowConfig {
	if c.Budget <= 0 {
		c.Budget = time.Second / 60
	}
	if c.Keep <= 0 {
		c.Keep = 16
	}
	if c.Every <= 0 {
		c.Every = 10 * time.Second
	}
	if c.MinAge <= 0 {
		c.MinAge = time.Second
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = 16 * framealloc.MiB
	}
	return c
}

// Recent returns the slow frames seen last, at most 64, the oldest first.
func (s *SlowFrames) Recent() []SlowFrame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]SlowFrame(nil), s.recent...)
}

// Count returns the number of slow frames so far, and of those how many were
// forgotten, because too many came at once.
func (s *SlowFrames) Count() (slow, forgotten uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count, s.missed
}

// Close ends the watch, after a verdict on the frames that were slow until now. It
// must not be called by OnSlow. Closing twice does nothing.
func (s *SlowFrames) Close() {
	s.once.Do(func() {
		s.stop()
		close(s.quit)
		<-s.done
		if s.recorder != nil {
			s.recorder.Stop()
		}
	})
}

// A watchedWorker is what is measured of one worker's frames.
type watchedWorker struct {
	thread  threadMeter
	runtime *runtimeMeter
	begin   time.Time
	locked  bool
	procs   int

	threadBegin  threadReading
	runtimeBegin runtimeReading
	usual        Breakdown
}

// An overrun is a slow frame on its way to its verdict.
type overrun struct {
	worker  string
	frame   uint64
	begin   time.Time
	figures Figures
	usual   Breakdown
	ended   runtimeReading
	procs   int
}

// watched returns what belongs to a worker, which is not kept alive by that; nil
// if its frames do not count.
func (s *SlowFrames) watched(w *framealloc.Worker) *watchedWorker {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := weak.Make(w)
	m, known := s.workers[key]
	if !known {
		for k := range s.workers { // workers are seldom new
			if k.Value() == nil {
				delete(s.workers, k)
			}
		}
		if s.config.Workers == nil || s.config.Workers(w.Name()) {
			m = &watchedWorker{runtime: newRuntimeMeter()}
		}
		s.workers[key] = m
	}
	return m
}

func (s *SlowFrames) begin(e framealloc.FrameBegin) {
	m := s.watched(e.Frame.Worker())
	if m == nil {
		return
	}
	if s.config.LockThread && !m.locked {
		runtime.LockOSThread()
		m.locked = true
	}
	m.begin = e.Time
	m.procs = runtime.GOMAXPROCS(0)
	m.runtimeBegin = m.runtime.read()
	m.threadBegin = m.thread.read()
}

func (s *SlowFrames) end(e framealloc.FrameEnd) {
	m := s.watched(e.Frame.Worker())
	if m == nil || m.begin.IsZero() {
		return
	}
	f := Figures{Wall: e.Duration, Pause: e.Pause}
	m.thread.read().since(m.threadBegin, &f)
	ended := m.runtime.read()
	ended.since(m.runtimeBegin, m.procs, &f)
	if m.locked {
		runtime.UnlockOSThread()
		m.locked = false
	}
	if f.Wall <= s.config.Budget {
		m.usual.learn(f.Split(m.usual))
		return
	}
	o := overrun{worker: e.Worker, frame: e.Number, begin: m.begin, figures: f, usual: m.usual, ended: ended, procs: m.procs}
	s.mu.Lock()
	s.count++
	select {
	case s.pending <- o:
	default:
		s.missed++
	}
	s.mu.Unlock()
}

// learn moves what is usual a sixteenth towards what one more ordinary frame took.
func (b *Breakdown) learn(frame Breakdown) {
	if *b == (Breakdown{}) {
		*b = frame
		return
	}
	usual, parts := b.parts(), frame.parts()
	for i := range usual {
		usual[i] += (parts[i] - usual[i]) / 16
	}
	*b = breakdownOf(usual)
}

// run is the goroutine that records and judges.
func (s *SlowFrames) run() {
	defer close(s.done)
	meter := newRuntimeMeter()
	for {
		select {
		case o := <-s.pending:
			s.judge(o, meter)
		case <-s.quit:
			for {
				select {
				case o := <-s.pending:
					s.judge(o, meter)
				default:
					return
				}
			}
		}
	}
}

// judge records a slow frame, first of all, while the recorder still has it, and
// then judges it.
func (s *SlowFrames) judge(o overrun, meter *runtimeMeter) {
	slow := SlowFrame{Worker: o.worker, Frame: o.frame, Begin: o.begin, Budget: s.config.Budget, Duration: o.figures.Wall}
	record := s.recorder != nil && (s.recorded.IsZero() || time.Since(s.recorded) >= s.config.Every)
	if record {
		s.recorded = time.Now()
		slow.Recording, slow.Err = s.record(slow)
	}
	o.figures = s.settle(o, meter)
	slow.Verdict = Judge(o.figures, o.usual)
	if slow.Recording != "" {
		slow.Err = s.annotate(slow)
	}
	s.mu.Lock()
	if len(s.recent) == maxRecent {
		copy(s.recent, s.recent[1:])
		s.recent = s.recent[:maxRecent-1]
	}
	s.recent = append(s.recent, slow)
	s.mu.Unlock()
	if s.config.OnSlow != nil {
		s.config.OnSlow(slow)
	}
}

// settleTime is how long a verdict waits for a collection that may have been
// running to end: only then does the runtime tell what it took.
const settleTime = 100 * time.Millisecond

// settle works out the collector's part. The runtime counts it by collections, when
// they end; of one that began before the frame, or ended after it, the frame is
// given the part that its time says.
func (s *SlowFrames) settle(o overrun, meter *runtimeMeter) Figures {
	f := o.figures
	end := o.begin.Add(f.Wall)
	var gc debug.GCStats
	if f.Collections > 0 {
		debug.ReadGCStats(&gc)
		if last, ok := lastBefore(gc.PauseEnd, end); ok {
			overlapped(&f, f.Marking, last.Sub(o.begin.Round(0)))
		}
	}
	after := meter.read()
	for deadline := end.Add(settleTime); after.cycles == o.ended.cycles && len(s.pending) == 0 && time.Now().Before(deadline); after = meter.read() {
		select {
		case <-s.quit:
			return f
		case <-time.After(5 * time.Millisecond):
		}
	}
	n := after.cycles - o.ended.cycles
	if n == 0 {
		return f
	}
	debug.ReadGCStats(&gc)
	first, ok := firstAfter(gc.PauseEnd, end)
	if !ok {
		return f
	}
	// The first collection that ended after the frame, as one of n alike.
	marking := after.marked(o.ended, o.procs) / time.Duration(n)
	began := first.Add(-marking)
	if from := o.begin.Round(0); began.Before(from) {
		began = from
	}
	if part := end.Round(0).Sub(began); part > 0 && marking > 0 {
		f.Collections++
		f.Marking += part
		f.Assist += time.Duration(float64(after.assist-o.ended.assist) / float64(n) * min(1, float64(part)/float64(marking)))
		f.Forced += int(after.forced - o.ended.forced)
	}
	return f
}

// overlapped cuts the collector's part to the time for which it can have been
// marking during the frame.
func overlapped(f *Figures, marking, during time.Duration) {
	during = max(0, min(during, f.Wall))
	if marking > during {
		f.Assist = time.Duration(float64(f.Assist) * float64(during) / float64(marking))
		f.Marking = during
	}
}

// lastBefore and firstAfter look through the ends of collections, the latest first.
func lastBefore(ends []time.Time, t time.Time) (time.Time, bool) {
	for _, end := range ends {
		if !end.After(t.Round(0)) {
			return end, true
		}
	}
	return time.Time{}, false
}

func firstAfter(ends []time.Time, t time.Time) (first time.Time, found bool) {
	for _, end := range ends {
		if !end.After(t.Round(0)) {
			break
		}
		first, found = end, true
	}
	return first, found
}
