package driver

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/finding"
)

const text = `package p

func f(x []int, g func(int) *int) (kept *int) {
	kept = g(
		1)
	return g(x[0])
}
`

func parse(t *testing.T) (*Converter, func(part string) token.Pos) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	at := func(part string) token.Pos { return f.FileStart + token.Pos(strings.Index(text, part)) }
	return &Converter{Fset: fset, Package: "p_test", Syntax: []*ast.File{f}}, at
}

// What a position without an end points at.
func TestSpan(t *testing.T) {
	c, at := parse(t)
	for part, want := range map[string]string{
		"(x[0])":   "g(x[0])",
		"x[0]":     "g(x[0])",
		"return g": "return g(x[0])",
		"kept =":   "kept = g(\n\t\t1)",
		"1)\n":     "", // the call begins on another line
		"x []int":  "x []int",
	} {
		r := c.span(at(part), token.NoPos)
		if got := text[r.Start.Offset:r.End.Offset]; got != want {
			t.Errorf("%q became %q, want %q", part, got, want)
		}
	}
	if r := c.span(at("x[0]"), at("x[0]")+1); text[r.Start.Offset:r.End.Offset] != "x" {
		t.Errorf("an end was given: %+v", r)
	}
}

// The catalogue says how severe a finding is, and the check whether it is sure.
func TestSeverity(t *testing.T) {
	c, at := parse(t)
	check := &analysis.Analyzer{Name: "fa601"}
	for _, test := range []struct {
		code, url string
		want      diag.Severity
	}{
		{"FA601", "", diag.SeverityError},
		{"FA601", "https://example.com/codes?certainty=likely#fa601", diag.SeverityWarning},
		{"FA602", "https://example.com/codes?certainty=likely#fa602", diag.SeverityHint},
		{"", "", diag.SeverityError},
		{"MINE", "", diag.SeverityWarning},
	} {
		f := c.Finding(check, analysis.Diagnostic{Pos: at("kept ="), Category: test.code, Message: test.code + ": found", URL: test.url})
		if f.Severity != test.want || f.Package != "p" || f.Code == "" || f.Code != diag.FA601 && f.Message != "found" {
			t.Errorf("%+v", f)
		}
	}
}

// Findings are told apart by place and message, and sorted by place.
func TestSortAndCompact(t *testing.T) {
	c, at := parse(t)
	check := &analysis.Analyzer{Name: "fa601"}
	var fs []finding.Finding
	for _, part := range []string{"return g", "kept =", "return g", "kept ="} {
		fs = append(fs, c.Finding(check, analysis.Diagnostic{Pos: at(part), Message: "m"}))
	}
	fs = append(fs, c.Finding(check, analysis.Diagnostic{Pos: at("kept ="), Message: "n"}))
	finding.Sort(fs)
	fs = finding.Compact(fs)
	var got []string
	for _, f := range fs {
		got = append(got, f.Message+text[f.Range.Start.Offset:f.Range.Start.Offset+1])
	}
	if strings.Join(got, " ") != "mk nk mr" {
		t.Errorf("%q", got)
	}
}
