package golangci

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/config"
)

// golangci-lint finds the plugin by its name.
func TestRegistered(t *testing.T) {
	t.Chdir(t.TempDir())
	create, err := register.GetPlugin("fa")
	if err != nil {
		t.Fatal(err)
	}
	p, err := create(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.BuildAnalyzers()
	if err != nil || p.GetLoadMode() != "typesinfo" {
		t.Errorf("%v, %q", err, p.GetLoadMode())
	}
	if err := analysis.Validate(list); err != nil {
		t.Error(err)
	}
}

func TestSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("bad.toml", "test = true\n")
	for name, test := range map[string]struct {
		settings map[string]any
		want     string
	}{
		"unknown":    {map[string]any{"confg": "x"}, "confg"},
		"severity":   {map[string]any{"min-severity": "bad"}, `min-severity "bad"`},
		"no file":    {map[string]any{"config": "nope.toml"}, "nope.toml: cannot be read"},
		"wrong file": {map[string]any{"config": "bad.toml"}, `bad.toml:1: unknown key "test", did you mean "tests"?`},
	} {
		if _, err := New(test.settings); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What golangci-lint gets has a code in its message where the check's name is
// not the code, no flow, and obeys the configuration.
func TestReports(t *testing.T) {
	t.Chdir(t.TempDir())
	check := &analysis.Analyzer{Name: "fa601", Doc: "reports everything", Run: func(pass *analysis.Pass) (any, error) {
		for _, code := range []string{"FA601", "FA602", "FA607"} {
			pos := pass.Files[0].Pos()
			pass.Report(analysis.Diagnostic{Pos: pos, Category: code, Message: "found", Related: []analysis.RelatedInformation{{Pos: pos, Message: "here"}}})
		}
		return nil, nil
	}}
	for name, test := range map[string]struct {
		settings map[string]any
		toml     string
		want     string
	}{
		"default": {nil, "", "found FA607: found"},
		"hints":   {map[string]any{"min-severity": "hint"}, "", "found FA602: found FA607: found"},
		"levels":  {nil, "[levels]\nFA602 = 'warn'\nFA601 = 'allow'\n", "FA602: found FA607: found"},
	} {
		if err := os.WriteFile(config.Name, []byte(test.toml), 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := New(test.settings)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range build([]*analysis.Analyzer{check}, p.(*Plugin).policy) {
			run(t, a, func(d analysis.Diagnostic) {
				got = append(got, d.Message)
				if len(d.Related) > 0 {
					t.Error("a finding has a flow")
				}
			})
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func run(t *testing.T, a *analysis.Analyzer, report func(analysis.Diagnostic)) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", "package x\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Run(&analysis.Pass{Analyzer: a, Fset: fset, Files: []*ast.File{f}, Pkg: types.NewPackage("x", "x"), Report: report})
	if err != nil {
		t.Fatal(err)
	}
}
