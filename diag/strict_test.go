package diag_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

// stops reports whether a diagnostic of a severity makes r panic, and checks
// what it panics with.
func stops(t *testing.T, r *diag.Reporter, s diag.Severity) (stopped bool) {
	t.Helper()
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(*diag.Error)
			if !ok || !errors.Is(e, diag.FA502) || e.Severity != s || e.Help == "" || e.Caller == "" {
				t.Errorf("panicked with %#v", v)
			}
			stopped = true
		}
	}()
	r.Report(diag.Diagnostic{Code: diag.FA502, Severity: s, Message: "m"})
	return false
}

func TestStrictLevels(t *testing.T) {
	tests := []struct {
		level                diag.StrictLevel
		hint, warning, error bool
	}{
		{diag.StrictOff, false, false, false},
		{diag.StrictErrors, false, false, true},
		{diag.StrictWarnings, false, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.level.String(), func(t *testing.T) {
			var l list
			r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}, Strict: tt.level, EveryTime: true})
			want := map[diag.Severity]bool{
				diag.SeverityHint: tt.hint, diag.SeverityWarning: tt.warning, diag.SeverityError: tt.error,
			}
			for s, want := range want {
				if got := stops(t, r, s); got != want {
					t.Errorf("%v stops: %v, want %v", s, got, want)
				}
			}
			if len(l.got) != 3 {
				t.Errorf("%d passed on before stopping, want 3", len(l.got))
			}
		})
	}
}

func TestStrictSeesWhatIsKeptBack(t *testing.T) {
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictWarnings, PerSecond: 1, RepeatAfter: -1})
	for i := range 3 {
		if !stops(t, r, diag.SeverityWarning) {
			t.Errorf("report %d did not stop the program", i)
		}
	}
}

func TestStrictScopes(t *testing.T) {
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictOff})
	want := func(level diag.StrictLevel) {
		t.Helper()
		if got := r.StrictLevel(); got != level {
			t.Errorf("level is %v, want %v", got, level)
		}
	}
	want(diag.StrictOff)
	endErrors := r.Strict(diag.StrictErrors)
	want(diag.StrictErrors)
	endWarnings := r.Strict(diag.StrictWarnings)
	want(diag.StrictWarnings)
	endOff := r.Strict(diag.StrictOff)
	want(diag.StrictOff)

	endWarnings() // out of order
	want(diag.StrictOff)
	endOff()
	want(diag.StrictErrors)
	endOff() // twice
	endWarnings()
	want(diag.StrictErrors)
	r.SetStrict(diag.StrictWarnings)
	want(diag.StrictErrors)
	endErrors()
	want(diag.StrictWarnings)

	func() {
		defer func() { _ = recover() }()
		r.WithStrict(diag.StrictErrors, func() {
			want(diag.StrictErrors)
			panic("out of the scope")
		})
	}()
	want(diag.StrictWarnings)
}

func TestStrictFromEnvironment(t *testing.T) {
	tests := []struct {
		value string
		level diag.StrictLevel
		wrong bool
	}{
		{"", diag.StrictOff, false},
		{"off", diag.StrictOff, false},
		{"errors", diag.StrictErrors, false},
		{"warnings", diag.StrictWarnings, false},
		{" Warnings ", diag.StrictWarnings, false},
		{"warning", diag.StrictOff, true},
		{"1", diag.StrictOff, true},
		{"errors,warnings", diag.StrictOff, true},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			t.Setenv(diag.StrictEnv, tt.value)
			var l list
			r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{&l}})
			if got := r.StrictLevel(); got != tt.level {
				t.Errorf("level %v, want %v", got, tt.level)
			}
			if wrong := len(l.got) == 1 && strings.Contains(l.got[0].Message, tt.value); wrong != tt.wrong {
				t.Errorf("reported %v", l.got)
			}

			r = diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictErrors})
			if got := r.StrictLevel(); got != diag.StrictErrors {
				t.Errorf("the environment changed what the program states: %v", got)
			}
			defer r.Strict(diag.StrictFromEnv)()
			if got := r.StrictLevel(); got != tt.level {
				t.Errorf("a scope from the environment has level %v, want %v", got, tt.level)
			}
		})
	}
}

// tb is a test that notes its failures.
type tb struct{ failures []string }

func (t *tb) Helper() {}
func (t *tb) Errorf(format string, args ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}

func TestFailTest(t *testing.T) {
	var fake tb
	r := diag.NewReporter(diag.Options{Sinks: []diag.Sink{}, Strict: diag.StrictErrors, OnStrict: diag.FailTest(&fake)})
	r.Report(at(diag.FA502, "a.go:1", ""))
	if len(fake.failures) != 0 {
		t.Errorf("a warning failed the test: %q", fake.failures)
	}
	r.Report(diag.Diagnostic{Code: diag.FA606, Message: "read after frame 7", Caller: "a.go:1"})
	if len(fake.failures) != 1 || !strings.Contains(fake.failures[0], "error[FA606]: read after frame 7\n  --> a.go:1") {
		t.Errorf("failures %q", fake.failures)
	}
}

func TestCollector(t *testing.T) {
	t.Setenv(diag.StrictEnv, "warnings") // must not matter
	var fake tb
	c := diag.NewCollector(&fake)
	c.RequireNone()
	c.Require()
	if len(fake.failures) != 0 {
		t.Fatalf("an empty collector fails: %q", fake.failures)
	}
	for range 2 {
		c.Reporter().Report(at(diag.FA606, "b.go:1", ""))
		c.Reporter().Report(at(diag.FA502, "a.go:1", ""))
	}
	if got := fmt.Sprintln(c.Codes(), len(c.Diagnostics()), len(c.Of(diag.FA606)), c.Of(diag.FA606)[1].Caller); got != "[FA502 FA606] 4 2 b.go:1\n" {
		t.Errorf("collected %s", got)
	}
	c.Require(diag.FA606, diag.FA502, diag.FA606)
	if len(fake.failures) != 0 {
		t.Fatalf("the right codes fail: %q", fake.failures)
	}
	for what, fail := range map[string]func(){
		"none":        c.RequireNone,
		"one missing": func() { c.Require(diag.FA502) },
		"one more":    func() { c.Require(diag.FA502, diag.FA606, diag.FA601) },
	} {
		fake.failures = nil
		fail()
		if len(fake.failures) != 1 || !strings.Contains(fake.failures[0], "  --> b.go:1") {
			t.Errorf("%s: failures %q", what, fake.failures)
		}
	}

	fake.failures = nil
	c.Reset()
	c.RequireNone()
	c.Reporter().WithStrict(diag.StrictErrors, func() { c.Reporter().Report(at(diag.FA606, "b.go:1", "")) })
	if len(fake.failures) != 1 || len(c.Diagnostics()) != 1 {
		t.Errorf("strict mode: failures %q, collected %v", fake.failures, c.Diagnostics())
	}
}
