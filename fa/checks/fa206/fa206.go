// Package fa206 finds transfers that are received twice, or by nobody.
package fa206

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA206.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA206, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, h := range r.Handovers() {
		if h.Twice {
			rep.Report(engine.Finding{
				Pos: h.Pos, Message: "the transfer is received a second time",
				Way: []engine.Step{{Pos: h.First, Text: "received here first"}, {Pos: h.Pos, Text: "and here again"}},
			})
			continue
		}
		rep.Report(engine.Finding{
			Pos: h.Pos, Message: "there is a way on which this transfer is neither received nor dropped nor handed on",
			Way: []engine.Step{{Pos: h.Made, Text: "the transfer comes from here"}, {Pos: h.Exit, Text: "and is lost on the way to here"}},
		})
	}
}
