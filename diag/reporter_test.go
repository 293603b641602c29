package diag_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/framealloc/framealloc/diag"
)

// list is a sink that keeps what it gets.
type list struct {
	mu  sync.Mutex
	got []diag.Diagnostic
}

func (l *list) Report(d diag.Diagnostic) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, d)
}

// at returns a diagnostic at a place.
func at(code diag.Code, caller, tag string) diag.Diagnostic {
	return diag.Diagnostic{Code: code, Message: "m", Caller: caller, Tag: tag}
}

func TestReportCompletes(t *testing.T) {
	c := diag.NewCollector(t)
	c.Reporter().Report(diag.Diagnostic{Code: diag.FA602, Message: "in a loop"})
	d := c.Diagnostics()[0]
	e, _ := diag.Lookup(diag.FA602)
	if d.Severity != diag.SeverityHint || d.Help != e.Help {
		t.Errorf("severity %v, help %q", d.Severity, d.Help)
	}
	if !strings.HasPrefix(d.Caller, "diag/reporter_test.go:") {
		t.Errorf("caller %q is not this test", d.Caller)
	}

	c.Reset()
	own := diag.Diagnostic{Code: diag.FA602, Severity: diag.SeverityError, Message: "m", Help: "h", Caller: "x.go:1"}
	c.Reporter().Report(own)
	if d := c.Diagnostics()[0]; d != own {
		t.Errorf("changed what was stated: %+v", d)
	}

	c.Reset()
	c.Reporter().Report(diag.Diagnostic{Code: "NOSUCH001"})
	if d := c.Diagnostics()[0]; d.Severity != diag.SeverityWarning {
		t.Errorf("unknown code has severity %v", d.Severity)
	}
}

func TestEqualDiagnosticsAreKeptBack(t *testing.T) {
	base := diag.Diagnostic{Code: diag.FA502, Message: "m", Caller: "a.go:1", Tag: "ai", Worker: "w"}
	vary := func(change func(*diag.Diagnostic)) diag.Diagnostic {
		d := base
		change(&d)
		return d
	}
	tests := []struct {
		name  string
		other diag.Diagnostic
		equal bool
	}{
		{"same", base, true},
		{"other message", vary(func(d *diag.Diagnostic) { d.Message = "n" }), true},
		{"other frame", vary(func(d *diag.Diagnostic) { d.Frame = 9 }), true},
		{"other worker", vary(func(d *diag.Diagnostic) { d.Worker = "x" }), true},
		{"other code", vary(func(d *diag.Diagnostic) { d.Code = diag.FA501 }), false},
		{"other place", vary(func(d *diag.Diagnostic) { d.Caller = "a.go:2" }), false},
		{"other tag", vary(func(d *diag.Diagnostic) { d.Tag = "ai/path" }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l list
			r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff})
			r.Report(base)
			r.Report(tt.other)
			want := 2
			if tt.equal {
				want = 1
			}
			if len(l.got) != want {
				t.Errorf("%d passed on, want %d", len(l.got), want)
			}
		})
	}
}

// TestPlaceIsTheLine: two calls from one line are equal, however they were
// compiled; calls from two lines are not.
func TestPlaceIsTheLine(t *testing.T) {
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff})
	for range 3 {
		reportHere[int](r)
		reportHere[string](r) // another instance of the same line
	}
	if len(l.got) != 1 {
		t.Errorf("%d passed on, want 1: %v", len(l.got), l.got)
	}
	r.Report(diag.Diagnostic{Code: diag.FA502, Message: "m"})
	if len(l.got) != 2 {
		t.Errorf("another line was kept back: %v", l.got)
	}
}

func reportHere[T any](r *diag.Reporter) {
	r.Report(diag.Diagnostic{Code: diag.FA502, Message: "m"})
}

// TestPlaceBehindManyCalls: the user's line is found however deep in the library
// the mistake is noticed.
func TestPlaceBehindManyCalls(t *testing.T) {
	for _, depth := range []int{1, 13, 14, 15, 16, 17, 31, 32, 33, 100} {
		c := diag.NewCollector(t)
		var deep diag.Sink = diag.SinkFunc(c.Reporter().Report)
		for range depth {
			deep = diag.Fanout(deep)
		}
		deep.Report(diag.Diagnostic{Code: diag.FA901, Message: "m"})
		if got := c.Diagnostics()[0].Caller; !strings.HasPrefix(got, "diag/reporter_test.go:") {
			t.Errorf("behind %d calls: caller %q", depth, got)
		}
	}
}

func TestRepeatsComeAgainWithTheirCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l list
		r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, RepeatAfter: 10 * time.Second})
		d := at(diag.FA502, "a.go:1", "ai")
		for range 100 { // 9.9 s
			r.Report(d)
			time.Sleep(99 * time.Millisecond)
		}
		if len(l.got) != 1 || l.got[0].Suppressed != 0 {
			t.Fatalf("passed on %v", l.got)
		}
		time.Sleep(time.Second)
		r.Report(d)
		if len(l.got) != 2 || l.got[1].Suppressed != 99 {
			t.Fatalf("passed on %v", l.got)
		}
		r.Report(d)
		if len(l.got) != 2 {
			t.Errorf("the wait did not begin anew")
		}
	})
}

func TestRepeatAfter(t *testing.T) {
	tests := []struct {
		name   string
		after  time.Duration
		pause  time.Duration
		passed int
	}{
		{"default, before a minute", 0, 59 * time.Second, 1},
		{"default, after a minute", 0, 61 * time.Second, 2},
		{"never again", -1, 1000 * time.Hour, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var l list
				r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, RepeatAfter: tt.after})
				r.Report(at(diag.FA502, "a.go:1", ""))
				time.Sleep(tt.pause)
				r.Report(at(diag.FA502, "a.go:1", ""))
				if len(l.got) != tt.passed {
					t.Errorf("%d passed on, want %d", len(l.got), tt.passed)
				}
			})
		})
	}
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l list
		r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, PerSecond: 5})
		for i := range 50 {
			r.Report(at(diag.FA502, fmt.Sprintf("a.go:%d", i), ""))
		}
		if len(l.got) != 5 {
			t.Fatalf("%d warnings passed on in a second, want 5", len(l.got))
		}
		r.Report(at(diag.FA606, "b.go:1", ""))
		if len(l.got) != 6 {
			t.Fatal("a flood of warnings hid an error")
		}
		time.Sleep(time.Second)
		r.Report(at(diag.FA502, "a.go:49", "")) // kept back above, and never seen so far
		if len(l.got) != 7 || l.got[6].Suppressed != 1 {
			t.Fatalf("what the limit kept back does not come later: %v", l.got[6:])
		}
		if c := r.Counts(); c.Warnings != 51 || c.Errors != 1 || c.Passed != 7 || c.Suppressed != 45 || c.Total() != 52 {
			t.Errorf("counts %+v", c)
		}
	})
}

func TestNoRateLimit(t *testing.T) {
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, PerSecond: -1})
	for i := range 500 {
		r.Report(at(diag.FA502, fmt.Sprintf("a.go:%d", i), ""))
	}
	if len(l.got) != 500 {
		t.Errorf("%d passed on", len(l.got))
	}
}

func TestFlush(t *testing.T) {
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, PerSecond: 3})
	for range 10 {
		for _, site := range []string{"c.go:1", "a.go:1", "b.go:1", "d.go:1"} { // d is over the limit
			r.Report(at(diag.FA502, site, ""))
		}
	}
	r.Report(at(diag.FA501, "e.go:1", ""))
	l.got = nil
	r.Flush()
	var got []string
	for _, d := range l.got {
		got = append(got, fmt.Sprint(d.Code, " ", d.Caller, " ", d.Suppressed))
	}
	want := []string{"FA501 e.go:1 1", "FA502 a.go:1 9", "FA502 b.go:1 9", "FA502 c.go:1 9", "FA502 d.go:1 10"}
	if !slices.Equal(got, want) {
		t.Errorf("flushed %q, want %q", got, want)
	}
	r.Flush()
	if len(l.got) != len(want) {
		t.Error("flushed twice")
	}
}

func TestMemoryOfSitesIsBounded(t *testing.T) {
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, MaxSites: 10, PerSecond: -1})
	for i := range 1000 {
		r.Report(at(diag.FA502, fmt.Sprintf("a.go:%d", i), ""))
		r.Report(at(diag.FA606, fmt.Sprintf("a.go:%d", i), ""))
	}
	if n := len(r.Occurrences()); n != 12 {
		t.Errorf("%d places remembered, want 10 and one for each code", n)
	}
	for i := range 1000 {
		r.Report(at(diag.Code(fmt.Sprintf("MADEUP%03d", i)), "a.go:1", ""))
	}
	occurrences := r.Occurrences()
	if n := len(occurrences); n > 21 {
		t.Errorf("%d places remembered, though codes are made up", n)
	}
	total := uint64(0)
	for _, o := range occurrences {
		total += o.Count
	}
	if total != 3000 || r.Counts().Total() != 3000 {
		t.Errorf("%d counted by place, %d in all, want 3000", total, r.Counts().Total())
	}
}

func TestOccurrences(t *testing.T) {
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictOff})
	for range 3 {
		r.Report(at(diag.FA606, "b.go:1", ""))
		r.Report(at(diag.FA502, "b.go:1", "ai"))
		r.Report(at(diag.FA502, "a.go:1", ""))
	}
	var got []string
	for _, o := range r.Occurrences() {
		got = append(got, fmt.Sprint(o.Code, " ", o.Caller, " ", o.Severity, " ", o.Count, " ", o.Suppressed, " ", o.Help != ""))
	}
	want := []string{"FA502 a.go:1 warning 3 2 true", "FA502 b.go:1 warning 3 2 true", "FA606 b.go:1 error 3 2 true"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWithoutAPlaceTheWorkerCounts(t *testing.T) {
	// A goroutine that is all library and runtime has no place; a cleanup is one.
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff})
	var wg sync.WaitGroup
	for range 2 {
		for _, w := range []string{"render", "audio"} {
			wg.Go(func() { r.Report(diag.Diagnostic{Code: diag.FA207, Message: "m", Worker: w, PC: 1}) })
		}
	}
	wg.Wait()
	if len(l.got) != 2 {
		t.Errorf("%d passed on, want one for each worker", len(l.got))
	}
}

func TestIgnore(t *testing.T) {
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictErrors, Ignore: []diag.Code{diag.FA606}})
	r.Report(at(diag.FA606, "a.go:1", "")) // neither passed on nor a panic
	if len(l.got) != 0 {
		t.Errorf("passed on %v", l.got)
	}
	if c := r.Counts(); c.Errors != 1 || c.Suppressed != 1 {
		t.Errorf("counts %+v", c)
	}
	r.Flush()
	if len(l.got) != 0 {
		t.Errorf("flushed %v", l.got)
	}
}

func TestSinks(t *testing.T) {
	var a, b, c, errs list
	r := diag.NewReporter(diag.Options{
		Sinks:     []diag.Sink{diag.Fanout(&a, diag.AtLeast(diag.SeverityError, &errs)), diag.SinkFunc(b.Report)},
		Strict:    diag.StrictOff,
		EveryTime: true,
	})
	r.Report(at(diag.FA502, "a.go:1", ""))
	removeC := r.AddSink(&c)
	removeC2 := r.AddSink(&c) // the same sink twice: each is removed by itself
	r.Report(at(diag.FA606, "a.go:1", ""))
	removeC()
	removeC()
	r.Report(at(diag.FA601, "a.go:1", ""))
	removeC2()
	r.Report(at(diag.FA602, "a.go:1", ""))
	if len(a.got) != 4 || len(b.got) != 4 || len(c.got) != 3 || len(errs.got) != 2 {
		t.Errorf("a %d, b %d, c %d, errors %d; want 4, 4, 3, 2", len(a.got), len(b.got), len(c.got), len(errs.got))
	}
}

func TestASinkMayReport(t *testing.T) {
	var l list
	var r *diag.Reporter
	r = diag.NewReporter(diag.Options{Strict: diag.StrictOff, Sinks: []diag.Sink{&l, diag.SinkFunc(func(d diag.Diagnostic) {
		if d.Code == diag.FA502 {
			r.Report(at(diag.FA901, "sink.go:1", ""))
			r.Flush()
		}
	})}})
	r.Report(at(diag.FA502, "a.go:1", ""))
	if len(l.got) != 2 {
		t.Errorf("got %v", l.got)
	}
}

func TestPanicAlwaysPanics(t *testing.T) {
	c := diag.NewCollector(t)
	cause := errors.New("disk gone")
	defer func() {
		err, _ := recover().(error)
		var e *diag.Error
		if !errors.As(err, &e) || !errors.Is(err, diag.FA901) || !errors.Is(err, cause) || e.Severity != diag.SeverityError {
			t.Errorf("recovered %v", err)
		}
		c.Require(diag.FA901)
	}()
	c.Reporter().Panic(diag.Diagnostic{Code: diag.FA901, Message: "m"}, cause)
}

func TestNilReporterIsTheDefault(t *testing.T) {
	var l list
	defer diag.SetDefault(diag.SetDefault(diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff})))
	var r *diag.Reporter
	r.Report(at(diag.FA502, "a.go:1", ""))
	if len(l.got) != 1 || r.Counts().Warnings != 1 || len(r.Occurrences()) != 1 || r.StrictLevel() != diag.StrictOff {
		t.Errorf("got %v, counts %+v", l.got, r.Counts())
	}
	r.Flush()
	r.AddSink(&l)()
	r.WithStrict(diag.StrictErrors, func() {
		if diag.Default().StrictLevel() != diag.StrictErrors {
			t.Error("strict mode of the nil reporter is not that of the default")
		}
	})
}

func TestDefaultWritesToSlog(t *testing.T) {
	defer diag.SetDefault(diag.SetDefault(nil))
	var out bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	diag.Default().Report(at(diag.FA502, "a.go:1", "ai"))
	if !strings.Contains(out.String(), "code=FA502") {
		t.Errorf("wrote %q", &out)
	}
}

func TestConcurrentUse(t *testing.T) {
	defer diag.SetDefault(diag.SetDefault(nil))
	var l list
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: diag.StrictOff, OnStrict: func(*diag.Error) {}, PerSecond: -1})
	const goroutines, each = 8, 200
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				end := r.Strict(diag.StrictWarnings)
				remove := r.AddSink(diag.SinkFunc(func(diag.Diagnostic) {}))
				r.Report(diag.Diagnostic{Code: diag.FA502, Message: "m", Tag: fmt.Sprint(g % 4)})
				r.Report(at(diag.FA606, fmt.Sprint("a.go:", i), ""))
				r.Counts()
				if i%50 == 0 {
					r.Occurrences()
					r.Flush()
				}
				remove()
				end()
				_ = diag.Default()
			}
		})
	}
	wg.Wait()
	c := r.Counts()
	if c.Warnings != goroutines*each || c.Errors != goroutines*each {
		t.Errorf("counts %+v", c)
	}
	r.Flush()
	total := uint64(0)
	for _, d := range l.got {
		total += d.Suppressed
	}
	if total != r.Counts().Suppressed {
		t.Errorf("%d suppressed according to the diagnostics passed on, %d according to the counts", total, r.Counts().Suppressed)
	}
	if r.StrictLevel() != diag.StrictOff {
		t.Errorf("strict mode is left at %v", r.StrictLevel())
	}
}

func TestRepeatsDoNotAllocate(t *testing.T) {
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictOff})
	known := at(diag.FA502, "a.go:1", "ai")
	if n := testing.AllocsPerRun(100, func() { r.Report(known) }); n != 0 {
		t.Errorf("a repeat with a known place allocates %v times", n)
	}
	unknown := diag.Diagnostic{Code: diag.FA502, Message: "m"}
	if n := testing.AllocsPerRun(100, func() { r.Report(unknown) }); n != 0 {
		t.Errorf("a repeat whose place is looked up allocates %v times", n)
	}
}

func BenchmarkRepeat(b *testing.B) {
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictOff})
	for _, bm := range []struct {
		name string
		d    diag.Diagnostic
	}{
		{"known place", at(diag.FA502, "a.go:1", "ai")},
		{"place looked up", diag.Diagnostic{Code: diag.FA502, Message: "m", Tag: "ai"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Report(bm.d)
			}
		})
	}
}
