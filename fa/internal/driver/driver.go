// Package driver runs analyzers over loaded packages and turns what they say
// into findings.
package driver

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/finding"
)

// Run applies the analyzers to the packages and returns what they found,
// sorted, each finding once. An analyzer that fails is an error of the
// analyzer, not of the program that it looks at.
func Run(analyzers []*analysis.Analyzer, pkgs []*packages.Package) ([]finding.Finding, error) {
	if len(pkgs) == 0 || len(analyzers) == 0 {
		return nil, nil
	}
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var found []finding.Finding
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("internal error: %s on %s: %w", act.Analyzer.Name, act.Package.PkgPath, rootCause(graph, act))
		}
		c := Converter{Fset: act.Package.Fset, Package: act.Package.PkgPath, Syntax: act.Package.Syntax}
		for _, d := range act.Diagnostics {
			found = append(found, c.Finding(act.Analyzer, d))
		}
	}
	finding.Sort(found)
	return finding.Compact(found), nil
}

// rootCause returns the error that an action failed with, not the one of the
// actions that depend on it.
func rootCause(g *checker.Graph, failed *checker.Action) error {
	for act := range g.All() { // dependencies first
		if act.Err != nil && act.Package == failed.Package {
			return act.Err
		}
	}
	return failed.Err
}

// Converter turns the diagnostics of one package into findings.
type Converter struct {
	Fset    *token.FileSet
	Package string
	Syntax  []*ast.File
}

// Finding converts one diagnostic. Its severity is the catalogue's; a finding
// that its check calls likely is a warning where the code is an error.
func (c *Converter) Finding(a *analysis.Analyzer, d analysis.Diagnostic) finding.Finding {
	code := diag.Code(d.Category)
	if code == "" {
		code = diag.Code(strings.ToUpper(a.Name))
		d.Category = string(code)
	}
	f := finding.Finding{
		Code:     code,
		Severity: checks.Severity(d),
		Message:  strings.TrimPrefix(d.Message, string(code)+": "),
		Package:  strings.TrimSuffix(c.Package, "_test"),
		Range:    c.span(d.Pos, d.End),
	}
	for _, r := range d.Related {
		if !r.Pos.IsValid() {
			continue // a step without a place, such as one in the universe
		}
		f.Flow = append(f.Flow, finding.Step{Message: r.Message, Range: c.span(r.Pos, r.End)})
	}
	for _, s := range d.SuggestedFixes {
		if fix, ok := c.fix(s); ok {
			f.Fixes = append(f.Fixes, fix)
		}
	}
	return f
}

// span converts a range of positions. A position without an end becomes the
// range of the statement or call that it lies in.
func (c *Converter) span(pos, end token.Pos) finding.Range {
	if !end.IsValid() || end < pos {
		pos, end = c.around(pos)
	}
	p, e := c.Fset.Position(pos), c.Fset.Position(end)
	r := finding.Range{
		File:  p.Filename,
		Start: finding.Point{Offset: p.Offset, Line: max(p.Line, 1), Column: max(p.Column, 1)},
		End:   finding.Point{Offset: e.Offset, Line: max(e.Line, 1), Column: max(e.Column, 1)},
	}
	if e.Filename != p.Filename || r.End.Line < r.Start.Line {
		r.End = r.Start
	}
	return r
}

// fix converts a suggested fix. It declines one that touches a file which is
// not what the user wrote, such as the output of cgo or of a generator.
func (c *Converter) fix(s analysis.SuggestedFix) (finding.Fix, bool) {
	fix := finding.Fix{Message: s.Message}
	for _, e := range s.TextEdits {
		file := c.Fset.File(e.Pos)
		if file == nil {
			return fix, false
		}
		name := file.Name()
		if c.Fset.Position(e.Pos).Filename != name {
			return fix, false // moved there by a //line comment
		}
		if slices.ContainsFunc(c.Syntax, func(f *ast.File) bool {
			return f.FileStart <= e.Pos && e.Pos <= f.FileEnd && ast.IsGenerated(f)
		}) {
			return fix, false
		}
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			return fix, false
		}
		end := e.End
		if !end.IsValid() {
			end = e.Pos
		}
		fix.Edits = append(fix.Edits, finding.Edit{
			File:  name,
			Start: file.Offset(e.Pos),
			End:   file.Offset(end),
			New:   string(e.NewText),
		})
	}
	return fix, len(fix.Edits) > 0
}
