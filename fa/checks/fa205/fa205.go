// Package fa205 finds frames that end while forks of them may still run.
package fa205

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA205.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA205, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, x := range r.Running() {
		what := "this fork"
		if x.Group {
			what = "what this fork group runs"
		}
		rep.Report(engine.Finding{
			Pos:     x.Fork,
			Message: "the frame may end while " + what + " still works: nothing waits for it on the way",
			Way: []engine.Step{
				{Pos: x.Fork, Text: "started here"},
				{Pos: x.End, Text: "the frame ends here"},
			},
		})
	}
}
