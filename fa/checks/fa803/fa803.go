// Package fa803 finds allocations with an intent that the configuration does not allow the package.
package fa803

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA803.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA803, run, "intents") }

func run(r *engine.Result, rep *check.Reporter) {
	var rule *settings.IntentRule
	for _, candidate := range settings.Current().IntentRules {
		if slices.ContainsFunc(candidate.Packages, func(p string) bool { return settings.MatchPackage(p, rep.Pass.Pkg.Path()) }) {
			rule = &candidate // the last one wins
		}
	}
	if rule == nil {
		return
	}
	for _, a := range r.Intents() {
		if !slices.Contains(rule.Allow, a.Intent) {
			rep.Report(engine.Finding{
				Pos:     a.Pos,
				Message: a.Name + " allocates with intent " + a.Intent + "; package " + rep.Pass.Pkg.Name() + " may use " + strings.Join(rule.Allow, ", ") + " only",
			})
		}
	}
}
