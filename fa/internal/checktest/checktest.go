// Package checktest runs checks on packages of test data, with a stand-in for
// the library.
package checktest

import (
	"io/fs"
	"os"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/framealloc/framealloc/fa/internal/cases"
)

// Run runs a check on packages below ./testdata/src and compares what it
// reports with the // want comments.
func Run(t *testing.T, a *analysis.Analyzer, pkgs ...string) []*analysistest.Result {
	t.Helper()
	return analysistest.Run(t, Dir(t, "testdata"), a, pkgs...)
}

// RunWithFixes does the same, and compares what the fixes make of the files
// with the .golden files beside them.
func RunWithFixes(t *testing.T, a *analysis.Analyzer, pkgs ...string) {
	t.Helper()
	analysistest.RunWithSuggestedFixes(t, Dir(t, "testdata"), a, pkgs...)
}

// Dir returns a directory with the packages of test data and the stand-in for
// the library, as analysistest wants them.
func Dir(t *testing.T, testdata string) string {
	t.Helper()
	dir := t.TempDir()
	for _, from := range []fs.FS{cases.Stub(), os.DirFS(testdata)} {
		if err := os.CopyFS(dir, from); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
