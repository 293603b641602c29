// Package fa203 finds workers without a budget in programs that give budgets.
package fa203

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA203.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA203, run, "budgets") }

func run(r *engine.Result, rep *check.Reporter) {
	if !r.Info.WorkerBudgets && !settings.Current().Budgets {
		return
	}
	for _, pos := range r.Unbudgeted() {
		rep.Report(engine.Finding{Pos: pos, Message: "this worker has no budget, where others have one"})
	}
}
