package driver_test

import (
	"io/fs"
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/corpus"
	"github.com/framealloc/framealloc/fa/internal/cases"
	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/settings"
)

func loadCorpus(t *testing.T) []*packages.Package {
	t.Helper()
	root := os.DirFS("../../corpus/testdata")
	paths, err := cases.Packages(root)
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := cases.Load([]fs.FS{cases.Stub(), root}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	settings.Set(corpus.Settings())
	t.Cleanup(func() { settings.Set(settings.Default()) })
	return pkgs
}

// In order, the same is found as otherwise.
func TestInOrderFindsTheSame(t *testing.T) {
	want, err := driver.Run(checks.Analyzers(), loadCorpus(t))
	if err != nil {
		t.Fatal(err)
	}
	got, analyzed, err := driver.RunUntil(checks.Analyzers(), loadCorpus(t), func([]finding.Finding) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	line := func(f finding.Finding) [3]any { return [3]any{f.Code, f.Range, f.Message} }
	if len(want) < 100 || !slices.EqualFunc(got, want, func(a, b finding.Finding) bool { return line(a) == line(b) }) {
		t.Errorf("%d findings, want the same %d", len(got), len(want))
	}
	if analyzed < 22 {
		t.Errorf("%d packages were analyzed", analyzed)
	}
}

// Behind the package with which there is enough, nothing is analyzed.
func TestEnough(t *testing.T) {
	pkgs := loadCorpus(t)
	var asked int
	got, analyzed, err := driver.RunUntil(checks.Analyzers(), pkgs, func(fs []finding.Finding) bool {
		asked++
		return slices.ContainsFunc(fs, func(f finding.Finding) bool { return f.Code == diag.FA601 })
	})
	if err != nil {
		t.Fatal(err)
	}
	if analyzed != asked || analyzed >= len(pkgs) {
		t.Errorf("%d of %d packages were analyzed, %d times there was a question", analyzed, len(pkgs), asked)
	}
	last := map[string]bool{}
	for _, f := range got {
		if f.Code == diag.FA601 {
			last[f.Package] = true
		}
	}
	if len(last) != 1 {
		t.Errorf("FA601 was found in %v, want the first package with one alone", last)
	}
}
