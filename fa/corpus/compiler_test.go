package corpus_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What FA607 calls garbage, the compiler puts on the heap; what is said to
// need no memory, it does not.
func TestCompilerAgreesAboutTheHeap(t *testing.T) {
	const name = "escaping.go"
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "src", "fa607", name))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for file, text := range map[string]string{
		name:      string(text),
		"go.mod":  "module fa607\n\ngo 1.25\n",
		"go.work": "go 1.26.0\n\nuse (\n\t.\n\t" + strconv.Quote(root) + "\n)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-gcflags=fa607=-m", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(dir, "go.work"), "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	heap := make(map[int]string)
	for _, m := range regexp.MustCompile(regexp.QuoteMeta(name)+`:(\d+):\d+: (.*(?:escapes|moved) to heap.*)`).FindAllStringSubmatch(string(out), -1) {
		line, _ := strconv.Atoi(m[1])
		heap[line] = m[2]
	}
	bad := 0
	for i, line := range strings.Split(string(text), "\n") {
		if strings.Contains(line, "// bad FA607") {
			bad++
			if heap[i+1] == "" {
				t.Errorf("line %d: the compiler keeps it on the stack: %s", i+1, line)
			}
		}
	}
	if bad < 6 {
		t.Errorf("only %d cases", bad)
	}

	// The functions whose comments say that nothing is allocated.
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	spared := 0
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !strings.Contains(fn.Doc.Text(), "good FA607, no memory:") {
			continue
		}
		spared++
		for line := fset.Position(fn.Pos()).Line; line <= fset.Position(fn.End()).Line; line++ {
			if what := heap[line]; what != "" {
				t.Errorf("line %d: the compiler says: %s", line, what)
			}
		}
	}
	if spared < 4 {
		t.Errorf("only %d functions that need no memory", spared)
	}
}
