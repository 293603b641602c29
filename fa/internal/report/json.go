package report

import (
	"encoding/json"
	"io"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// The document of the json format. Paths are relative to root; columns and
// offsets count bytes, lines and columns from 1, offsets from 0.
type (
	jsonReport struct {
		Version  string        `json:"version"`
		Root     string        `json:"root"`
		Findings []jsonFinding `json:"findings"`
		Errors   []jsonError   `json:"errors"`
		Summary  jsonSummary   `json:"summary"`
	}
	jsonFinding struct {
		Code        diag.Code     `json:"code"`
		Name        string        `json:"name"`
		Category    diag.Category `json:"category,omitempty"`
		Severity    string        `json:"severity"`
		Message     string        `json:"message"`
		Help        string        `json:"help,omitempty"`
		Package     string        `json:"package"`
		Range       jsonRange     `json:"range"`
		Flow        []jsonStep    `json:"flow,omitempty"`
		Fixes       []jsonFix     `json:"fixes,omitempty"`
		Fingerprint string        `json:"fingerprint"`
	}
	jsonRange struct {
		File  string    `json:"file"`
		Start jsonPoint `json:"start"`
		End   jsonPoint `json:"end"`
	}
	jsonPoint struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
	jsonStep struct {
		Message string    `json:"message"`
		Range   jsonRange `json:"range"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	}
	jsonError struct {
		Package  string `json:"package"`
		Position string `json:"position,omitempty"`
		Message  string `json:"message"`
	}
	jsonSummary struct {
		Errors     int     `json:"errors"`
		Warnings   int     `json:"warnings"`
		Hints      int     `json:"hints"`
		Packages   int     `json:"packages"`
		Checked    int     `json:"checked"`
		Analyzed   int     `json:"analyzed"`
		Suppressed int     `json:"suppressed"`
		Unchanged  int     `json:"unchanged"`
		Seconds    float64 `json:"seconds"`
	}
)

func writeJSON(w io.Writer, r *Report, _ Style) error {
	doc := jsonReport{
		Version:  r.Version,
		Root:     source.Rel("", r.Root),
		Findings: []jsonFinding{},
		Errors:   []jsonError{},
	}
	for _, f := range r.Findings {
		doc.Findings = append(doc.Findings, r.jsonFinding(f))
	}
	for _, e := range r.Errors {
		doc.Errors = append(doc.Errors, jsonError{e.Package, e.Pos, e.Message})
	}
	errors, warnings, hints := r.Count()
	doc.Summary = jsonSummary{errors, warnings, hints, r.Packages, r.Checked, r.Analyzed, r.Suppressed, r.Unchanged, r.Elapsed.Seconds()}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func (r *Report) jsonFinding(f finding.Finding) jsonFinding {
	entry, _ := codes.Lookup(f.Code)
	out := jsonFinding{
		Code:        f.Code,
		Name:        title(f.Code),
		Category:    entry.Category,
		Severity:    f.Severity.String(),
		Message:     f.Message,
		Help:        entry.Help,
		Package:     f.Package,
		Range:       r.jsonRange(f.Range),
		Fingerprint: f.Fingerprint,
	}
	for _, s := range f.Flow {
		out.Flow = append(out.Flow, jsonStep{stepMessage(s), r.jsonRange(s.Range)})
	}
	for _, x := range f.Fixes {
		fix := jsonFix{Message: x.Message}
		for _, e := range x.Edits {
			fix.Edits = append(fix.Edits, jsonEdit{r.rel(e.File), e.Start, e.End, e.New})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func (r *Report) jsonRange(g finding.Range) jsonRange {
	return jsonRange{r.rel(g.File), jsonPointOf(g.Start), jsonPointOf(g.End)}
}

func jsonPointOf(p finding.Point) jsonPoint { return jsonPoint{p.Line, p.Column, p.Offset} }
