// Package fa202 finds goroutines that run frames beside a barrier which others share.
package fa202

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA202.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA202, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, o := range r.Outsiders() {
		rep.Report(engine.Finding{
			Pos: o.Pos, Message: "this goroutine runs frames and takes no part in the barrier that the others share",
			Way: []engine.Step{{Pos: o.Inside, Text: "this one takes part"}, {Pos: o.Pos, Text: "and this one does not"}},
		})
	}
}
