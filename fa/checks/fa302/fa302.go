// Package fa302 finds tags without a budget in programs that give budgets to tags.
package fa302

import (
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA302.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA302, run, "budgets", "budget-tags") }

func run(r *engine.Result, rep *check.Reporter) {
	s := settings.Current()
	budgets := append(slices.Clone(r.Info.TagBudgets), s.BudgetTags...)
	if len(budgets) == 0 && !s.Budgets {
		return
	}
	seen := make(map[string]bool)
	for _, t := range r.Tags() {
		covered := slices.ContainsFunc(budgets, func(b string) bool { return settings.CoversTag(b, t.Name) })
		if covered || seen[t.Name] {
			continue
		}
		seen[t.Name] = true
		rep.Report(engine.Finding{Pos: t.Pos, Message: "tag " + strconv.Quote(t.Name) + " has no budget"})
	}
}
