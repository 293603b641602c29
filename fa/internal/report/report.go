// Package report writes findings in the formats that people and their tools
// read.
package report

import (
	"fmt"
	"io"
	"time"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/load"
	"github.com/framealloc/framealloc/fa/internal/source"
)

// Report is the outcome of a run.
type Report struct {
	Findings []finding.Finding // sorted
	Errors   []load.Error      // packages that did not load
	Files    *source.Cache

	Root    string // the repository's or module's top directory
	Dir     string // the working directory
	Version string // of fa

	Packages   int // matched by the patterns
	Checked    int // of those that reach framealloc, with what they import
	Analyzed   int // of those checked; fewer if FailFast
	Suppressed int // findings that the baseline accepts
	Unchanged  int // findings outside of the lines changed since a revision
	Elapsed    time.Duration
	FailFast   bool // stopped at the first failing finding
}

// Style is how the terminal format may look.
type Style struct {
	Color bool
	Width int // of the terminal in columns; 0: unknown
}

// Format is one way to write a report.
type Format struct {
	Name    string
	Summary string
	write   func(w io.Writer, r *Report, s Style) error
}

// Write writes the report.
func (f Format) Write(w io.Writer, r *Report, s Style) error { return f.write(w, r, s) }

// Formats lists all formats, the default one first.
func Formats() []Format {
	return []Format{
		{"terminal", "source excerpts with the flow of the value, for people", writeTerminal},
		{"compact", "one line a finding: file:line:col: severity: code: message", writeCompact},
		{"json", "one JSON document", writeJSON},
		{"sarif", "SARIF 2.1.0, for code scanning", writeSARIF},
		{"junit", "JUnit XML as Jenkins reads it", writeJUnit},
		{"checkstyle", "Checkstyle XML", writeCheckstyle},
		{"github", "workflow commands that annotate a pull request", writeGitHub},
	}
}

// Lookup returns the format of a name.
func Lookup(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q%s", name, codes.DidYouMean(name, names))
}

// Count returns the number of findings of each severity.
func (r *Report) Count() (errors, warnings, hints int) {
	for _, f := range r.Findings {
		switch f.Severity {
		case diag.SeverityError:
			errors++
		case diag.SeverityWarning:
			warnings++
		default:
			hints++
		}
	}
	return
}

// rel returns a file's path for tools: relative to the repository.
func (r *Report) rel(file string) string { return source.Rel(r.Root, file) }

// near returns a file's path for people: relative to the working directory.
func (r *Report) near(file string) string { return source.Rel(r.Dir, file) }

// stepMessage returns what to say at a step of a flow.
func stepMessage(s finding.Step) string {
	if s.Message == "" {
		return "passes here"
	}
	return s.Message
}

// title returns the name of a code's mistake.
func title(c diag.Code) string {
	if e, ok := codes.Lookup(c); ok {
		return e.Name
	}
	return string(c)
}
