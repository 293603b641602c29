package diag_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/framealloc/framealloc/diag"
)

const module = "github.com/framealloc/framealloc"

// TestExamplesAreGo parses every example, and type-checks those that only use
// this module and the standard library.
func TestExamplesAreGo(t *testing.T) {
	imp := moduleImporter(t)
	checked, parsed := 0, 0
	for e := range diag.All() {
		if !strings.HasPrefix(string(e.Code), "FA") {
			continue
		}
		for kind, src := range map[string][2]string{"bad": {e.Bad, e.BadFile()}, "good": {e.Good, e.GoodFile()}} {
			t.Run(string(e.Code)+"/"+kind, func(t *testing.T) {
				if got, err := format.Source([]byte(src[1])); err != nil {
					t.Fatalf("%v\n%s", err, src[1])
				} else if !bytes.Equal(got, []byte(src[1])) {
					t.Errorf("not in gofmt's form; want\n%s", got)
				}
				fset := token.NewFileSet()
				f, err := parser.ParseFile(fset, string(e.Code)+".go", src[1], parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				parsed++
				if outside(f) {
					return
				}
				checked++
				for _, err := range typeErrors(fset, f, imp) {
					t.Errorf("%v\n%s", err, src[1])
				}
			})
		}
	}
	if parsed != 2*43 || checked < parsed-6 {
		t.Errorf("%d examples parsed, %d type-checked: only those of the three engine codes need another module", parsed, checked)
	}
}

// outside reports whether a file imports an engine or its adapter, which are
// other modules.
func outside(f *ast.File) bool {
	for _, spec := range f.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path == module+"/ebitenframe" || path == module+"/arkframe" || strings.Contains(path, "ebiten/") {
			return true
		}
	}
	return false
}

func typeErrors(fset *token.FileSet, f *ast.File, imp types.Importer) (errs []error) {
	conf := types.Config{
		Importer: imp,
		Error:    func(err error) { errs = append(errs, err) },
	}
	_, _ = conf.Check("example", fset, []*ast.File{f}, nil) // errors go to conf.Error
	return errs
}

// moduleImporter imports from the compiler's export data, which `go list`
// builds where needed.
func moduleImporter(t *testing.T) types.Importer {
	t.Helper()
	args := []string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}",
		module, module + "/diag", module + "/framesync", module + "/handle", module + "/stream", "context", "errors", "fmt", "slices", "strings", "sync", "time"}
	var stderr bytes.Buffer
	cmd := exec.Command("go", args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	export := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		export[path] = file
	}
	if export[module] == "" {
		t.Fatal("the root package does not build")
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file := export[path]
		if file == "" {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(file)
	})
}
