package vettool_test

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/internal/vettool"
)

// The test binary is the tool: the go command runs it as it would run fa.
func TestMain(m *testing.M) {
	if args := os.Args[1:]; vettool.Invoked(args) {
		vettool.Main(args, analyzers)
	}
	os.Exit(m.Run())
}

// analyzers find variables named after a code: an error, with a fix, and a hint.
func analyzers(*config.Config) []*analysis.Analyzer {
	check := func(code string, fix string) *analysis.Analyzer {
		return &analysis.Analyzer{
			Name: strings.ToLower(code), Doc: "reports variables called " + code,
			Run: func(pass *analysis.Pass) (any, error) {
				for _, f := range pass.Files {
					ast.Inspect(f, func(n ast.Node) bool {
						if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].Name == code {
							pass.Report(analysis.Diagnostic{Pos: v.Pos(), End: v.End(), Category: code, Message: "a variable", SuggestedFixes: fixes(v.Pos(), v.Names[0].End(), fix)})
						}
						return true
					})
				}
				return nil, nil
			},
		}
	}
	return []*analysis.Analyzer{check("FA601", "good"), check("FA602", "")}
}

func fixes(pos, end token.Pos, text string) []analysis.SuggestedFix {
	if text == "" {
		return nil
	}
	return []analysis.SuggestedFix{{Message: "rename", TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(text)}}}}
}

func module(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/game\n\ngo 1.25\n")
	write(t, filepath.Join(dir, "world", "world.go"), "package world\n\nvar FA601 int\n\nvar FA602 int\n")
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
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

// goTool runs the go command and returns what it printed and whether it
// succeeded.
func goTool(t *testing.T, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	cmd := exec.Command("go", args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	return out.String(), errs.String(), err == nil
}

func exe(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The configuration decides what go vet prints, and a changed configuration is
// seen although neither the code nor the tool changed.
func TestGoVet(t *testing.T) {
	module(t)
	vet := "-vettool=" + exe(t)
	tests := []struct{ name, toml, want, not string }{
		{"by default, without advice", "", "world.go:3:5: FA601: a variable", "FA602"},
		{"advice on request", "min-severity = 'hint'\n", "world.go:5:5: FA602: a variable", ""},
		{"a level", "[levels]\nFA601 = 'allow'\nFA602 = 'warn'\n", "FA602", "FA601"},
		{"by path", "[[paths]]\nmatch = ['world']\nlevels = { FA601 = 'allow', FA602 = 'deny' }\n", "FA602", "FA601"},
		{"a mistake in it", "[levls]\n", `.fa.toml:1: unknown key "levls", did you mean "levels"?`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			write(t, config.Name, test.toml)
			for range 2 { // the second time from the cache, where there is one
				_, stderr, ok := goTool(t, "vet", vet, "./...")
				if ok || !strings.Contains(stderr, test.want) || test.not != "" && strings.Contains(stderr, test.not) {
					t.Errorf("got:\n%s\nwant %q, not %q", stderr, test.want, test.not)
				}
			}
		})
	}
	write(t, config.Name, "exclude = ['world']\n")
	if _, stderr, ok := goTool(t, "vet", vet, "./..."); !ok {
		t.Errorf("excluded files are reported on:\n%s", stderr)
	}
}

func TestGoVetJSON(t *testing.T) {
	module(t)
	stdout, stderr, ok := goTool(t, "vet", "-vettool="+exe(t), "-json", "./...")
	var doc map[string]map[string][]struct{ Category, Message string }
	if !ok || json.Unmarshal([]byte(stdout), &doc) != nil {
		t.Fatalf("%s%s", stdout, stderr)
	}
	if got := doc["example.com/game/world"]["fa601"]; len(got) != 1 || got[0].Category != "FA601" {
		t.Errorf("%v", doc)
	}
}

func TestGoFix(t *testing.T) {
	module(t)
	stdout, _, _ := goTool(t, "fix", "-fixtool="+exe(t), "-diff", "./...")
	if !strings.Contains(stdout, "+var good int") {
		t.Errorf("no diff: %s", stdout)
	}
	if _, stderr, ok := goTool(t, "fix", "-fixtool="+exe(t), "./..."); !ok {
		t.Errorf("%s", stderr)
	}
	got, err := os.ReadFile("world/world.go")
	if err != nil || !strings.Contains(string(got), "var good int") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestInvoked(t *testing.T) {
	for args, want := range map[string]bool{
		"":                     false,
		"./...":                false,
		"-V=full":              true,
		"-flags":               true,
		"vet.cfg":              true,
		"-json /tmp/b/vet.cfg": true,
		"--config=my.cfg":      false,
		"--config my.cfg":      false,
		"version":              false,
	} {
		if got := vettool.Invoked(strings.Fields(args)); got != want {
			t.Errorf("%q: %v", args, got)
		}
	}
}
