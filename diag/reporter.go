package diag

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options configure a [Reporter]. The zero Options work.
type Options struct {
	// Sinks receive what the reporter passes on. nil: one sink that writes to
	// slog.Default().
	Sinks []Sink

	// Strict says which diagnostics stop the program; the zero level asks the
	// environment variable FRAMEALLOC_STRICT.
	Strict StrictLevel

	// OnStrict is called instead of panicking with the *Error, on the
	// goroutine that made the mistake, after the sinks. If it returns, the
	// program goes on. See [FailTest].
	OnStrict func(*Error)

	// Ignore lists codes that are neither passed on nor stop the program.
	// They are still counted.
	Ignore []Code

	// RepeatAfter is how long equal diagnostics are kept back after one was
	// passed on. 0: a minute. Negative: for ever.
	RepeatAfter time.Duration

	// PerSecond limits how many diagnostics of one severity are passed on in
	// a second. 0: 20. Negative: no limit.
	PerSecond int

	// MaxSites limits how many different diagnostics are remembered. Beyond
	// it, all of one code count as equal. 0: 1024.
	MaxSites int

	// EveryTime passes on everything: no deduplication, no limit per second.
	EveryTime bool
}

// Reporter takes diagnostics, keeps back repeats and floods, passes the rest on
// to its sinks, and stops the program if strict mode says so.
//
// Two diagnostics are equal if code, tag and place in the program are; where
// the place is not known, the worker's name stands for it. Strict mode looks at
// every diagnostic, also at those that are kept back.
//
// All methods may be called from any goroutine. The nil *Reporter works: it
// stands for [Default]. Create others with [NewReporter].
type Reporter struct {
	strict atomic.Uint32 // the StrictLevel in force
	sinks  atomic.Pointer[[]*Sink]

	opts     Options
	onStrict func(*Error)

	mu     sync.Mutex
	base   StrictLevel    // in force outside of all scopes
	scopes []*StrictLevel // begun by Strict and not ended, oldest first
	seen   map[site]*occurrence
	window [SeverityError + 1]window
	counts Counts
}

// site is what makes diagnostics equal.
type site struct {
	code  Code
	tag   string
	place string // else the worker's name
}

// occurrence is what a reporter remembers of equal diagnostics.
type occurrence struct {
	latest     Diagnostic
	count      uint64
	suppressed uint64    // since passed
	passed     time.Time // when one was last passed on; zero: never
}

// window counts what was passed on in a second.
type window struct {
	begin  time.Time
	passed int
}

// NewReporter returns a reporter. If the environment is asked for strict mode
// and holds a wrong value, the reporter says so to its sinks at once.
func NewReporter(o Options) *Reporter {
	if o.Sinks == nil {
		o.Sinks = []Sink{NewSlogSink(nil)}
	}
	if o.RepeatAfter == 0 {
		o.RepeatAfter = time.Minute
	}
	if o.PerSecond == 0 {
		o.PerSecond = 20
	}
	if o.MaxSites <= 0 {
		o.MaxSites = 1024
	}
	o.Ignore = slices.Clone(o.Ignore)
	r := &Reporter{opts: o, onStrict: o.OnStrict, seen: make(map[site]*occurrence)}
	sinks := make([]*Sink, len(o.Sinks))
	for i := range o.Sinks {
		s := o.Sinks[i]
		sinks[i] = &s
	}
	r.sinks.Store(&sinks)
	r.SetStrict(o.Strict)
	return r
}

var defaultReporter atomic.Pointer[Reporter]
var defaultMu sync.Mutex

// Default returns the reporter that a nil *Reporter stands for: one with zero
// [Options], made when it is first asked for, or what [SetDefault] set.
func Default() *Reporter {
	if r := defaultReporter.Load(); r != nil {
		return r
	}
	defaultMu.Lock()
	defer defaultMu.Unlock()
	r := defaultReporter.Load()
	if r == nil {
		r = NewReporter(Options{})
		defaultReporter.Store(r)
	}
	return r
}

// SetDefault makes r the default reporter and returns the one before. A nil r
// brings back a fresh default.
func SetDefault(r *Reporter) (old *Reporter) {
	defaultMu.Lock()
	defer defaultMu.Unlock()
	return defaultReporter.Swap(r)
}

// self resolves the nil reporter.
func (r *Reporter) self() *Reporter {
	if r == nil {
		return Default()
	}
	return r
}

// Report takes one diagnostic. Its severity, if zero, comes from the catalogue,
// and its place, if neither Caller nor PC says it, is the innermost call
// outside the library on the calling goroutine's stack. In strict mode Report
// may panic with an *[Error].
func (r *Reporter) Report(d Diagnostic) {
	r = r.self()
	if r.take(&d) {
		return
	}
	if StrictLevel(r.strict.Load()).stops(d.Severity) {
		r.stop(&Error{Diagnostic: d.Complete()})
	}
}

// Panic takes one diagnostic as Report does, and then panics with it as an
// *[Error], in strict mode or not: for mistakes after which the program cannot
// go on. The cause may be nil.
func (r *Reporter) Panic(d Diagnostic, cause error) {
	r = r.self()
	r.take(&d)
	panic(NewError(d, cause))
}

// take books a diagnostic and passes it on unless it is to be kept back. It
// reports whether the diagnostic is of a code to ignore.
func (r *Reporter) take(d *Diagnostic) (ignored bool) {
	if d.Severity == 0 {
		d.Severity = SeverityWarning
		if e := find(d.Code); e != nil {
			d.Severity = e.Severity
		}
	}
	if d.Caller == "" {
		if d.PC == 0 {
			d.PC = CallerPC()
		}
		d.Caller = siteOf(d.PC)
	}
	ignored = len(r.opts.Ignore) != 0 && slices.Contains(r.opts.Ignore, d.Code)
	if r.book(d, ignored) {
		r.pass(*d)
	}
	return ignored
}

// book counts a diagnostic, and decides whether it is passed on; if so, it
// notes in it how many equal ones were kept back before.
func (r *Reporter) book(d *Diagnostic, ignored bool) (pass bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.add(d.Severity)
	o := r.occurrence(d)
	o.count++

	if ignored {
		r.counts.Suppressed++
		return false
	}
	if !r.opts.EveryTime {
		now := time.Now()
		if r.keepBack(o, now) || !r.admit(d.Severity, now) {
			o.suppressed++
			r.counts.Suppressed++
			return false
		}
		o.passed = now
	}
	d.Suppressed, o.suppressed = o.suppressed, 0
	o.latest = *d
	r.counts.Passed++
	return true
}

// occurrence finds or makes the entry that a diagnostic counts in.
func (r *Reporter) occurrence(d *Diagnostic) *occurrence {
	key := site{d.Code, d.Tag, d.Caller}
	if d.Caller == "" {
		key.place = d.Worker
	}
	if o := r.seen[key]; o != nil {
		return o
	}
	if len(r.seen) >= r.opts.MaxSites {
		key = site{code: d.Code}
		if len(r.seen) >= 2*r.opts.MaxSites { // a program that makes codes up
			key.code = ""
		}
		if o := r.seen[key]; o != nil {
			return o
		}
	}
	o := &occurrence{latest: *d}
	r.seen[key] = o
	return o
}

// keepBack reports whether an equal diagnostic was passed on not long ago.
func (r *Reporter) keepBack(o *occurrence, now time.Time) bool {
	if o.passed.IsZero() {
		return false
	}
	return r.opts.RepeatAfter < 0 || now.Sub(o.passed) < r.opts.RepeatAfter
}

// admit reports whether this second has room for one more diagnostic. Each
// severity has its own second, so that a flood of hints hides no error.
func (r *Reporter) admit(s Severity, now time.Time) bool {
	if r.opts.PerSecond < 0 {
		return true
	}
	w := &r.window[min(s, SeverityError)]
	if w.begin.IsZero() || now.Sub(w.begin) >= time.Second {
		*w = window{begin: now}
	}
	if w.passed >= r.opts.PerSecond {
		return false
	}
	w.passed++
	return true
}

// pass hands a diagnostic to the sinks. No lock is held, so that a sink may
// report, too.
func (r *Reporter) pass(d Diagnostic) {
	d = d.Complete()
	for _, s := range *r.sinks.Load() {
		(*s).Report(d)
	}
}

// AddSink adds a sink to those that the reporter has. The returned function
// takes it away again.
func (r *Reporter) AddSink(s Sink) (remove func()) {
	r = r.self()
	added := &s
	r.changeSinks(func(sinks []*Sink) []*Sink { return append(sinks, added) })
	return func() {
		r.changeSinks(func(sinks []*Sink) []*Sink {
			return slices.DeleteFunc(sinks, func(s *Sink) bool { return s == added })
		})
	}
}

// changeSinks replaces the list of sinks by a changed copy, for the list that
// is in use must not change.
func (r *Reporter) changeSinks(change func([]*Sink) []*Sink) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sinks := change(slices.Clone(*r.sinks.Load()))
	r.sinks.Store(&sinks)
}
