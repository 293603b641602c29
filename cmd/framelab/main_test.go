package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/cmd/framelab/gallery"
	"github.com/framealloc/framealloc/diag"
)

func framelab(args ...string) (status int, stdout, stderr string) {
	var out, err strings.Builder
	status = run(args, &out, &err, false)
	return status, out.String(), err.String()
}

func TestListNamesEveryRunTimeCode(t *testing.T) {
	status, out, _ := framelab()
	if status != 0 {
		t.Errorf("status %d", status)
	}
	for e := range diag.All() {
		if got, want := strings.Contains(out, "  "+string(e.Code)+"  "), e.Found&diag.RunTime != 0; got != want {
			t.Errorf("%s is listed: %v, want %v", e.Code, got, want)
		}
	}
}

func TestAll(t *testing.T) {
	status, out, errors := framelab("-all")
	n := len(gallery.All)
	if want := fmt.Sprintf("✓ %d of %d mistakes found, %d of %d twins silent\n", n, n, n, n); status != 0 || errors != "" || !strings.HasSuffix(out, want) {
		t.Errorf("status %d, %s, ends with %q, want %q", status, errors, out[max(0, len(out)-100):], want)
	}
	for _, x := range gallery.All {
		if !strings.Contains(out, x.Title+":") || !strings.Contains(out, "["+string(x.Code)+"]: ") {
			t.Errorf("%s %s is not shown", x.Code, x.Title)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("colors, where none were asked for")
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(line)); n > 120 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestOne(t *testing.T) {
	for _, arg := range []string{"FA606", "fa606", "606"} {
		status, out, errors := framelab(arg)
		if status != 0 || errors != "" || strings.Count(out, "error[FA606]: ") != len(gallery.Of(diag.FA606)) || strings.Contains(out, "FA001") {
			t.Errorf("%s: status %d, %s\n%s", arg, status, errors, out)
		}
		if !strings.Contains(out, "▶") {
			t.Errorf("%s: the line is not marked\n%s", arg, out)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	for arg, want := range map[string]string{
		"FA101": "adapters",
		"FA602": "build time",
		"FA999": "no such code",
		"x":     "no such code",
		"-x":    "not defined",
	} {
		if status, out, errors := framelab(arg); status != 2 || out != "" || !strings.Contains(errors, want) {
			t.Errorf("%s: status %d, printed %q and %q, want %q", arg, status, out, errors, want)
		}
	}
}

// TestFailuresShow makes a mistake that is none, with a twin that is one.
func TestFailuresShow(t *testing.T) {
	x := gallery.All[0]
	x.Mistake, x.Twin = x.Twin, x.Mistake
	var out strings.Builder
	p := &printer{w: &out}
	if p.exhibit(x) || !strings.Contains(out.String(), "✗ the mistake was not found") || !strings.Contains(out.String(), "✗ the twin is not silent") {
		t.Error(out.String())
	}
	p.tally(1)
	if !strings.Contains(out.String(), "✗ 0 of 1 mistakes found, 0 of 1 twins silent") {
		t.Error(out.String())
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"short", "short"},
		{"one two three four", "one two|    three|    four"},
		{"   = help: one two", "   = help:|     one two"},
		{"veryveryverylongword", "veryveryverylongword"},
	} {
		if got := strings.Join(wrap(c.line, 12), "|"); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.line, got, c.want)
		}
	}
}
