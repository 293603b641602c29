package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// chain is a program of packages that import each other, with an error in the
// second and the third, and one of its own at the side.
var chain = map[string]string{
	"go.mod": game["go.mod"],
	"a/a.go": "package a\n\nimport \"github.com/framealloc/framealloc\"\n\nfunc F(f *framealloc.Frame) { _ = make([]int, 3) }\n",
	"b/b.go": "package b\n\nimport \"example.com/game/a\"\n\nvar sink *int\n\nfunc F() { sink = nil; _ = a.F }\n",
	"c/c.go": "package c\n\nimport \"example.com/game/b\"\n\nvar sink *int\n\nfunc F() { sink = nil; b.F() }\n",
	"d/d.go": "package d\n\nimport \"example.com/game/c\"\n\nfunc F() { c.F() }\n",
}

// With --fail-fast nothing is analyzed behind the first finding that fails.
func TestFailFastStops(t *testing.T) {
	module(t, library, chain)
	type doc struct {
		Findings []struct{ Code, Package string }
		Summary  struct{ Checked, Analyzed int }
	}
	run := func(args ...string) (d doc, code int) {
		t.Helper()
		o := fa(append([]string{"--format=json"}, args...)...)
		if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
			t.Fatalf("%v: %+v", err, o)
		}
		return d, o.code
	}
	all, code := run()
	if code != 1 || len(all.Findings) != 3 || all.Summary.Checked != 4 || all.Summary.Analyzed != 4 {
		t.Errorf("without: %d %+v", code, all)
	}
	fast, code := run("--fail-fast")
	if code != 1 || len(fast.Findings) != 2 || fast.Findings[1].Package != "example.com/game/b" ||
		fast.Summary.Checked != 4 || fast.Summary.Analyzed != 2 {
		t.Errorf("with: %d %+v", code, fast)
	}
	// What is known does not stop it.
	write(t, ".fa.toml", "[[paths]]\nmatch = [\"b\"]\nlevels = { FA601 = \"warn\" }\n")
	if fast, code = run("--fail-fast"); code != 1 || len(fast.Findings) != 3 || fast.Summary.Analyzed != 3 {
		t.Errorf("with a rule: %d %+v", code, fast)
	}
	if o := fa("baseline"); o.code != 0 {
		t.Fatal(o)
	}
	if fast, code = run("--fail-fast", "--baseline=.fa-baseline.json"); code != 0 || len(fast.Findings) != 0 || fast.Summary.Analyzed != 4 {
		t.Errorf("with a baseline: %d %+v", code, fast)
	}
	// The last line of the report says what was left out.
	if o := fa("--fail-fast", "--format=terminal"); !strings.Contains(o.stdout, "stopped at the first error: 3 packages analyzed") {
		t.Errorf("%s", o.stdout)
	}
}
