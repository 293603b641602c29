// Package fa701 finds waits while a frame is active.
package fa701

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA701.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA701, run, "blocking") }

func run(r *engine.Result, rep *check.Reporter) {
	for _, w := range r.HeldAcross() {
		rep.Report(engine.Finding{
			Pos: w.Pos, Message: "the frame is held while this " + w.What,
			Way: []engine.Step{{Pos: w.Begin, Text: "the frame comes from here"}, {Pos: w.Pos, Text: "and waits here"}},
		})
	}
}
