package diag

import (
	"slices"
	"strings"
	"sync"
)

// TB is what this package needs of a *testing.T, *testing.B or *testing.F.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// FailTest returns a function for [Options.OnStrict] that fails the test
// instead of panicking; the code under test goes on. It may be called from any
// goroutine until the test ends.
func FailTest(tb TB) func(*Error) {
	return func(e *Error) {
		tb.Helper()
		tb.Errorf("%s", strings.TrimRight(e.Text(), "\n"))
	}
}

// Collector is a sink that keeps every diagnostic, for a test to look at. All
// methods may be called from any goroutine.
type Collector struct {
	tb       TB
	reporter *Reporter

	mu   sync.Mutex
	list []Diagnostic
}

// NewCollector returns an empty collector. tb is what its Require methods fail.
func NewCollector(tb TB) *Collector {
	c := &Collector{tb: tb}
	c.reporter = NewReporter(Options{
		Sinks:     []Sink{c},
		Strict:    StrictOff,
		OnStrict:  FailTest(tb),
		EveryTime: true,
	})
	return c
}

// Reporter returns a reporter that passes everything on to the collector, each
// time, and nowhere else. Its strict mode is off, whatever FRAMEALLOC_STRICT
// says, so that a test may provoke mistakes; if the test switches it on, it
// fails the test instead of panicking.
func (c *Collector) Reporter() *Reporter { return c.reporter }

// Report keeps d.
func (c *Collector) Report(d Diagnostic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, d)
}

// Diagnostics returns what was collected, in the order of arrival. The slice is
// the caller's.
func (c *Collector) Diagnostics() []Diagnostic {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.list)
}

// Of returns the collected diagnostics of one code, in the order of arrival.
func (c *Collector) Of(code Code) []Diagnostic {
	return slices.DeleteFunc(c.Diagnostics(), func(d Diagnostic) bool { return d.Code != code })
}

// Codes returns the different codes that were collected, sorted.
func (c *Collector) Codes() []Code {
	var codes []Code
	for _, d := range c.Diagnostics() {
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Reset forgets what was collected.
func (c *Collector) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = nil
}

// Require fails the test unless exactly these codes were collected, each once
// or more, and no other.
func (c *Collector) Require(codes ...Code) {
	c.tb.Helper()
	want := slices.Clone(codes)
	slices.Sort(want)
	want = slices.Compact(want)
	if got := c.Codes(); !slices.Equal(got, want) {
		c.tb.Errorf("diagnostics %v, want %v%s", got, want, c.texts())
	}
}

// RequireNone fails the test if anything was collected.
func (c *Collector) RequireNone() {
	c.tb.Helper()
	if n := len(c.Diagnostics()); n > 0 {
		c.tb.Errorf("%d diagnostics, want none%s", n, c.texts())
	}
}

// texts returns everything collected, as a failing test shows it.
func (c *Collector) texts() string {
	var b strings.Builder
	for _, d := range c.Diagnostics() {
		b.WriteString("\n" + d.Text())
	}
	return strings.TrimRight(b.String(), "\n")
}
