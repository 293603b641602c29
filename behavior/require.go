package behavior

import (
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// TB is what this package needs of a *testing.T or *testing.B.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// Require watches the allocator until the test ends, and fails it then if there
// are warnings, or if no worker ended enough frames for anything to be judged.
// Options may be left out: [Default] thresholds need 180 frames, those of
// [Strict] 40.
//
//	func TestSimulation(t *testing.T) {
//		alloc := framealloc.NewAllocator(framealloc.Config{})
//		behavior.Require(t, alloc)
//		…
func Require(tb TB, alloc *framealloc.Allocator, o ...Options) *Filter {
	tb.Helper()
	return require(tb, alloc, diag.SeverityWarning, o)
}

// RequireQuiet is [Require], but hints fail the test, too.
func RequireQuiet(tb TB, alloc *framealloc.Allocator, o ...Options) *Filter {
	tb.Helper()
	return require(tb, alloc, diag.SeverityHint, o)
}

func require(tb TB, alloc *framealloc.Allocator, from diag.Severity, o []Options) *Filter {
	tb.Helper()
	var options Options
	if len(o) > 0 {
		options = o[0]
	}
	f := Watch(alloc, options)
	tb.Cleanup(func() {
		tb.Helper()
		f.Stop()
		f.check(tb, from)
	})
	return f
}

// check fails the test for findings of a severity or worse.
func (f *Filter) check(tb TB, from diag.Severity) {
	tb.Helper()
	r := f.Report()
	if t := f.options.Thresholds; r.longest < uint64(max(1, t.MinFrames)) {
		tb.Errorf("behavior: nothing can be judged after %d frames: %d to warm up and %d more are needed on one worker; run more, or choose other Thresholds",
			r.longest, t.WarmUp, t.MinFrames)
	}
	for _, x := range r.Findings {
		if x.Severity >= from {
			tb.Errorf("%s", strings.TrimRight(x.String(), "\n"))
		}
	}
}
