// Package docs checks the documentation: every piece of Go in it compiles.
package docs

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
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/framealloc/framealloc"

// world is the page whose declarations the other pages' snippets build on.
const world = "guide/README.md"

// prelude is what a snippet may use, by the name of the package.
var prelude = map[string]string{
	"framealloc": module, "diag": module + "/diag", "group": module + "/group", "handle": module + "/handle", "stream": module + "/stream", "framesync": module + "/framesync",
	"behavior": module + "/behavior", "testing": "testing", "log": "log", "profile": module + "/profile", "os": "os",
	"snapshot": module + "/snapshot", "metrics": module + "/metrics", "expvar": "expvar", "http": "net/http",
	"otelframe": module + "/otelframe", "otel": "go.opentelemetry.io/otel",
	"cmp": "cmp", "context": "context", "errors": "errors", "fmt": "fmt", "slices": "slices",
	"strings": "strings", "time": "time", "unsafe": "unsafe",
	"tracyframe": module + "/tracyframe", "arkframe": module + "/arkframe", "ecs": "github.com/mlange-42/ark/ecs",
	"bytealloc": module + "/bytealloc", "arrowmem": module + "/arrowmem", "array": "github.com/apache/arrow-go/v18/arrow/array",
	"ebitenframe": module + "/ebitenframe", "ebiten": "github.com/hajimehoshi/ebiten/v2", "image": "image",
}

// A snippet is a block of Go in a page.
type snippet struct {
	page string
	line int // of its first line
	text string
}

var block = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

func snippets(t *testing.T, page string) (found []snippet) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range block.FindAllSubmatchIndex(text, -1) {
		found = append(found, snippet{page, 2 + bytes.Count(text[:at[0]], []byte("\n")), string(text[at[2]:at[3]])})
	}
	return found
}

func (s snippet) program() bool { return strings.HasPrefix(s.text, "package ") }

// declares reports whether the snippet is declarations, and not statements.
func (s snippet) declares() bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+s.text, 0)
	return err == nil
}

// TestSnippetsCompile type-checks every page as one package: declarations stand
// as they are, statements in a function with an allocator and its active frame.
func TestSnippetsCompile(t *testing.T) {
	pages, err := filepath.Glob("guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, "../README.md", "architecture.md", "from-rust.md")
	imp := newImporter(t)
	checked := 0
	for _, page := range pages {
		t.Run(page, func(t *testing.T) {
			list := snippets(t, page)
			checked += len(list)
			if page != world {
				list = append(list, snippets(t, world)...)
			}
			files := token.NewFileSet()
			var parts []*ast.File
			for i, s := range list {
				if s.program() {
					check(t, imp, files, []*ast.File{parse(t, files, s, s.text)})
					continue
				}
				body := s.text
				if !s.declares() {
					body = fmt.Sprintf("func _(alloc *framealloc.Allocator, frame *framealloc.Frame) {\n//line %s:%d\n%s}\n", s.page, s.line, s.text)
				}
				parts = append(parts, parse(t, files, s, imports(body)+fmt.Sprintf("//line %s:%d\n", s.page, s.line)+body))
				formatted(t, list[i])
			}
			check(t, imp, files, parts)
		})
	}
	if checked < 40 {
		t.Errorf("only %d snippets found", checked)
	}
}

// imports imports what the code mentions.
func imports(code string) string {
	var b strings.Builder
	b.WriteString("package p\n")
	for name, path := range prelude {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(code) {
			fmt.Fprintf(&b, "import %q\n", path)
		}
	}
	return b.String()
}

func parse(t *testing.T, files *token.FileSet, s snippet, text string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(files, fmt.Sprintf("%s:%d", s.page, s.line), text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s:%d: %v", s.page, s.line, err)
	}
	return f
}

// formatted checks that the snippet is as gofmt would have it.
func formatted(t *testing.T, s snippet) {
	t.Helper()
	got, err := format.Source([]byte(s.text))
	if err != nil {
		t.Errorf("%s:%d: %v", s.page, s.line, err)
	} else if string(got) != s.text {
		t.Errorf("%s:%d: gofmt would write\n%s", s.page, s.line, got)
	}
}

// check type-checks a package. What a snippet does not use is no error: it is a
// snippet.
func check(t *testing.T, imp types.Importer, files *token.FileSet, parts []*ast.File) {
	t.Helper()
	conf := types.Config{Importer: imp, Error: func(err error) {
		if e, ok := err.(types.Error); !ok || !e.Soft {
			t.Error(err)
		}
	}}
	_, _ = conf.Check("snippets", files, parts, nil) // errors go to conf.Error
}

// newImporter imports from the compiler's export data.
func newImporter(t *testing.T) types.Importer {
	t.Helper()
	list := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "os", "runtime"}
	for _, path := range prelude {
		if path != "unsafe" {
			list = append(list, path)
		}
	}
	out, err := exec.Command("go", list...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	export := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		export[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if export[path] == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(export[path])
	})
}

// TestFirstProgramRuns runs the first program of the README and of the guide, as
// a reader would.
func TestFirstProgramRuns(t *testing.T) {
	for page, want := range map[string]string{
		"../README.md":            "frame 1: 3 contacts\nframe 2: 2 contacts\nframe 3: 1 contacts\n",
		"guide/01-first-frame.md": "[0 1 2 3 4 5 6 7]\n[0 2 4 6 8 10 12 14]\n[0 3 6 9 12 15 18 21]\n",
	} {
		list := snippets(t, page)
		first := slices.IndexFunc(list, snippet.program)
		if first < 0 {
			t.Fatalf("%s: no program", page)
		}
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte(list[first].text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command("go", "run", file).CombinedOutput()
		if err != nil || string(got) != want {
			t.Errorf("%s: %v, printed\n%s\nwant\n%s", page, err, got, want)
		}
	}
}

// TestNamesExist looks up what the right columns of the tables mention.
func TestNamesExist(t *testing.T) {
	imp := newImporter(t)
	found := 0
	for _, page := range []string{"../README.md", "guide/02-lifetimes.md", "from-rust.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, "|")
			if len(cells) != 4 {
				continue
			}
			for _, m := range name.FindAllStringSubmatch(cells[2], -1) {
				if m[2] == "FRAMEALLOC" {
					continue // an environment variable
				}
				if err := lookUp(imp, m[1], m[2], m[3]); err != nil {
					t.Errorf("%s: %v", page, err)
				}
				found++
			}
		}
	}
	if found < 80 {
		t.Errorf("only %d names found", found)
	}
}

// name matches `pkg.Name`, `Name` and `Type.Member`, with whatever follows.
var name = regexp.MustCompile("`(?:(diag|framesync|group|handle|stream|snapshot)\\.)?([A-Z][A-Za-z]+)(?:\\.([A-Z][A-Za-z]+))?[^`]*`")

// methods that the tables mention without their type.
var onWhat = map[string]string{
	"BeginFrame": "Worker", "EndFrame": "Worker", "EndFrameWithPromotions": "Worker", "EndFrameWithSummary": "Worker",
	"Stats": "Worker", "Fork": "Frame", "Checkpoint": "Frame", "OnHard": "Budget", "OnPeak": "Budget",
	"Keep": "Config", "MinInterval": "Config",
}

// lookUp finds a name, in whichever of our packages has it if none is named.
func lookUp(imp types.Importer, pkg, name, member string) error {
	packages := []string{module, module + "/framesync", module + "/diag", module + "/group", module + "/handle", module + "/stream", module + "/snapshot", module + "/bytealloc"}
	if pkg != "" {
		packages = []string{module + "/" + pkg}
	}
	if on, ok := onWhat[name]; ok {
		name, member = on, name
	}
	for _, path := range packages {
		p, err := imp.Import(path)
		if err != nil {
			return err
		}
		object := p.Scope().Lookup(name)
		if object == nil {
			// A method of one of these, perhaps.
			for _, typ := range []string{"Transfer", "Participant", "Table", "Entry"} {
				if o := p.Scope().Lookup(typ); o != nil && member == "" && has(o, name) {
					return nil
				}
			}
			continue
		}
		if member == "" || has(object, member) {
			return nil
		}
	}
	return fmt.Errorf("there is no %s", strings.Trim(pkg+"."+name+"."+member, "."))
}

func has(object types.Object, member string) bool {
	found, _, _ := types.LookupFieldOrMethod(types.NewPointer(object.Type()), true, object.Pkg(), member)
	return found != nil
}

// code matches what is no text: blocks, indented lines, and code in a line.
var code = regexp.MustCompile("(?ms)^```.*?^```$|^    [^\n]*$|`[^`\n]*`")

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// TestLinks follows the links between the pages.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, "../README.md", "../CHANGELOG.md", "architecture.md", "from-rust.md")
	links := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllSubmatch(code.ReplaceAll(text, nil), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), string(m[1]))); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links found", links)
	}
}
