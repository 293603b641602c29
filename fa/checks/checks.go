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
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/checks/fa201"
	"github.com/framealloc/framealloc/fa/checks/fa202"
	"github.com/framealloc/framealloc/fa/checks/fa203"
	"github.com/framealloc/framealloc/fa/checks/fa204"
	"github.com/framealloc/framealloc/fa/checks/fa205"
	"github.com/framealloc/framealloc/fa/checks/fa206"
	"github.com/framealloc/framealloc/fa/checks/fa301"
	"github.com/framealloc/framealloc/fa/checks/fa302"
	"github.com/framealloc/framealloc/fa/checks/fa601"
	"github.com/framealloc/framealloc/fa/checks/fa602"
	"github.com/framealloc/framealloc/fa/checks/fa603"
	"github.com/framealloc/framealloc/fa/checks/fa604"
	"github.com/framealloc/framealloc/fa/checks/fa605"
	"github.com/framealloc/framealloc/fa/checks/fa606"
	"github.com/framealloc/framealloc/fa/checks/fa607"
	"github.com/framealloc/framealloc/fa/checks/fa608"
	"github.com/framealloc/framealloc/fa/checks/fa701"
	"github.com/framealloc/framealloc/fa/checks/fa702"
	"github.com/framealloc/framealloc/fa/checks/fa703"
	"github.com/framealloc/framealloc/fa/checks/fa801"
	"github.com/framealloc/framealloc/fa/checks/fa802"
	"github.com/framealloc/framealloc/fa/checks/fa803"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

var byCode = []*analysis.Analyzer{
	fa201.Analyzer,
	fa202.Analyzer,
	fa203.Analyzer,
	fa204.Analyzer,
	fa205.Analyzer,
	fa206.Analyzer,
	fa301.Analyzer,
	fa302.Analyzer,
	fa601.Analyzer,
	fa602.Analyzer,
	fa603.Analyzer,
	fa604.Analyzer,
	fa605.Analyzer,
	fa606.Analyzer,
	fa607.Analyzer,
	fa608.Analyzer,
	fa701.Analyzer,
	fa702.Analyzer,
	fa703.Analyzer,
	fa801.Analyzer,
	fa802.Analyzer,
	fa803.Analyzer,
}

// Analyzers returns the checks, in the order of their codes, and behind them
// the one for directives.
func Analyzers() []*analysis.Analyzer { return append(slices.Clone(byCode), directives) }

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
