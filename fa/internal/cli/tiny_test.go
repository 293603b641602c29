package cli_test

import (
	"bytes"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/cli"
	"github.com/framealloc/framealloc/fa/internal/config"
)

// The command is tested with checks small enough to be sure of, of three
// severities: what they find is plain from the fixture.
func tinyAnalyzers(*config.Config) []*analysis.Analyzer {
	return []*analysis.Analyzer{
		{Name: "fa601", Doc: "reports assignments to a variable called sink", Run: runSink},
		{Name: "fa602", Doc: "reports calls of framealloc.New in loops", Run: runLoop},
		{Name: "fa607", Doc: "reports calls of make", Run: runMake},
	}
}

// runSink reports an error with a flow: the declaration of what is stored.
func runSink(pass *analysis.Pass) (any, error) {
	each(pass, func(n ast.Node) {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 {
			return
		}
		if id, ok := assign.Lhs[0].(*ast.Ident); !ok || id.Name != "sink" {
			return
		}
		d := analysis.Diagnostic{Pos: assign.Pos(), End: assign.End(), Category: "FA601", Message: "frame memory is stored in sink"}
		if id, ok := assign.Rhs[0].(*ast.Ident); ok {
			if obj := pass.TypesInfo.Uses[id]; obj != nil {
				d.Related = []analysis.RelatedInformation{
					{Pos: obj.Pos(), End: obj.Pos() + 1, Message: "allocated here"},
					{Pos: assign.Pos(), End: assign.End(), Message: "stored here"},
				}
			}
		}
		pass.Report(d)
	})
	return nil, nil
}

// runLoop reports a warning with a fix, which in a function called broken does
// not compile.
func runLoop(pass *analysis.Pass) (any, error) {
	replacement := "NewValue"
	each(pass, func(n ast.Node) {
		if f, ok := n.(*ast.FuncDecl); ok {
			replacement = "NewValue"
			if f.Name.Name == "broken" {
				replacement = "NoSuchFunction"
			}
		}
		loop, ok := n.(*ast.RangeStmt)
		if !ok {
			return
		}
		ast.Inspect(loop.Body, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "New" {
				pass.Report(analysis.Diagnostic{
					Pos: sel.Pos(), End: sel.End(), Category: "FA602", Message: "allocation in a hot loop",
					SuggestedFixes: []analysis.SuggestedFix{{
						Message:   "take " + replacement,
						TextEdits: []analysis.TextEdit{{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte(replacement)}},
					}},
				})
			}
			return true
		})
	})
	return nil, nil
}

// runMake reports a hint.
func runMake(pass *analysis.Pass) (any, error) {
	each(pass, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		if id, ok := call.Fun.(*ast.Ident); ok && pass.TypesInfo.Uses[id] == types.Universe.Lookup("make") {
			pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: "FA607", Message: "heap allocation in a hot path"})
		}
	})
	return nil, nil
}

func each(pass *analysis.Pass, visit func(ast.Node)) {
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// library stands in for the real one: the command knows it by its path alone.
var library = map[string]string{
	"lib/go.mod": "module github.com/framealloc/framealloc\n\ngo 1.25\n",
	"lib/framealloc.go": `package framealloc

type Frame struct{}

func New(f *Frame) *int      { return new(int) }
func NewValue(f *Frame) *int { return new(int) }
`,
}

// game is a program with one finding of each severity, and one more of each in
// a test, behind a build tag and in a package of tools.
var game = map[string]string{
	"go.mod": `module example.com/game

go 1.25

require github.com/framealloc/framealloc v0.0.0

replace github.com/framealloc/framealloc => ./lib
`,
	"game.go": `package game

import "github.com/framealloc/framealloc"

var sink *int

func Update(f *framealloc.Frame) {
	enemy := framealloc.New(f)
	sink = enemy
	for range 10 {
		_ = framealloc.New(f)
	}
	_ = make([]int, 3)
}
`,
	"game_test.go": `package game

import "testing"

func TestUpdate(t *testing.T) {
	sink = new(int)
}
`,
	"debug.go": `//go:build debug

package game

func debug() { sink = nil }
`,
	"tools/tools.go": `package tools

import "github.com/framealloc/framealloc"

var sink *int

func Build(f *framealloc.Frame) { sink = framealloc.New(f) }
`,
	"plain/plain.go": "package plain\n\nvar sink int\n\nfunc F() { sink = 1 }\n",
}

// module writes files into a new directory and makes it the working directory.
func module(t *testing.T, files ...map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, set := range files {
		for name, text := range set {
			write(t, filepath.Join(dir, name), text)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOPROXY", "off")
	t.Setenv("NO_COLOR", "1")
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// outcome is what a run of the command left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// fa runs the command in the working directory.
func fa(args ...string) outcome {
	var stdout, stderr bytes.Buffer
	tool := cli.Tool{Analyzers: tinyAnalyzers, Stdin: new(bytes.Buffer), Stdout: &stdout, Stderr: &stderr}
	code := tool.Main(args)
	return outcome{code, stdout.String(), stderr.String()}
}
