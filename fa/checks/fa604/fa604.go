// Package fa604 finds values that are retained with a policy which nothing follows up.
package fa604

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA604.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA604, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, x := range r.Retentions() {
		msg := "retained with " + x.Policy + ", but the frame ends without anybody taking its promotions"
		if x.Reset {
			msg = "retained with " + x.Policy + ", but the scratch pool is reset in the same function"
		}
		rep.Report(engine.Finding{
			Pos: x.Pos, Message: msg,
			Way: []engine.Step{{Pos: x.Pos, Text: "retained here"}, {Pos: x.End, Text: "and lost here"}},
		})
	}
}
