package checks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/checker"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/cases"
	"github.com/framealloc/framealloc/fa/settings"
)

// The catalogue's examples are what users read: the bad one is found, under
// its own code and no other, and nothing is found in the good one.
func TestCatalogueExamples(t *testing.T) {
	s := settings.Default()
	s.Tags = []string{"physics", "render", "ai", "audio", "ui"}
	s.Tags = append(s.Tags, "ai/pathfinding")
	defer settings.Set(settings.Default())

	root := t.TempDir()
	var paths []string
	write := func(path, text string) {
		dir := filepath.Join(root, "src", path)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	have := make(map[string]bool)
	for _, a := range checks.Analyzers() {
		have[a.Name] = true
	}
	var codes []diag.Entry
	for e := range diag.All() {
		if e.Found&diag.BuildTime != 0 && !have[lower(e.Code)] {
			t.Errorf("%s is said to be found at build time, but no check is for it", e.Code)
		}
		if e.Found&diag.BuildTime != 0 && have[lower(e.Code)] {
			codes = append(codes, e)
			write(string(e.Code)+"/bad", e.BadFile())
			write(string(e.Code)+"/good", e.GoodFile())
		}
	}
	pkgs, err := cases.Load([]fs.FS{cases.Stub(), os.DirFS(root)}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	s.TagRules = []settings.TagRule{{Tag: "physics", Packages: []string{"...physics"}}}
	s.IntentRules = []settings.IntentRule{{Packages: []string{"FA803/..."}, Allow: []string{"pool"}}}
	settings.Set(s)
	graph, err := checker.Analyze(checks.Analyzers(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]map[string]bool) // by package, codes
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			path := act.Package.PkgPath
			if found[path] == nil {
				found[path] = make(map[string]bool)
			}
			found[path][d.Category] = true
			t.Logf("%s:%s: %s: %s", path, act.Package.Fset.Position(d.Pos), d.Category, d.Message)
		}
	}
	for _, e := range codes {
		bad, good := found[string(e.Code)+"/bad"], found[string(e.Code)+"/good"]
		if !bad[string(e.Code)] {
			t.Errorf("%s: nothing found in the bad example", e.Code)
		}
		for c := range bad {
			if c != string(e.Code) {
				t.Errorf("%s: %s found in its bad example", e.Code, c)
			}
		}
		for c := range good {
			t.Errorf("%s: %s found in its good example", e.Code, c)
		}
	}
}

func lower(c diag.Code) string {
	b := []byte(c)
	for i := range b {
		b[i] |= 0x20
	}
	return string(b)
}
