// Package checks lists the checks of fa: one analyzer for each code that can
// be found at build time, and one for the directives that silence them.
//
// # What is promised
//
// An error is proven: there is a way through the code that was analyzed on
// which the mistake happens, whatever the code does that was not. A warning is
// likely: it depends on something that the checks cannot know, such as the
// lifetime of what a parameter points to. A hint is policy: advice about
// loops, budgets and tags. Which of these a finding is, says [Severity].
package checks

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks/fa201"
	"github.com/framealloc/framealloc/fa/checks/fa601"
	"github.com/framealloc/framealloc/fa/checks/fa603"
	"github.com/framealloc/framealloc/fa/checks/fa606"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzers returns the checks, in the order of their codes.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		fa201.Analyzer,
		fa601.Analyzer,
		fa603.Analyzer,
		fa606.Analyzer,
	}
}

// Severity returns the severity of a diagnostic that one of the checks made:
// that of its code, but at most a warning if it is not proven.
func Severity(d analysis.Diagnostic) diag.Severity {
	e, ok := diag.Lookup(diag.Code(d.Category))
	if !ok {
		return diag.SeverityWarning
	}
	if engine.IsLikely(d) && e.Severity == diag.SeverityError {
		return diag.SeverityWarning
	}
	return e.Severity
}
