// Package fa606 finds frame memory that is used after its frame.
package fa606

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA606.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA606, run, "frames-in-flight") }

func run(r *engine.Result, rep *check.Reporter) {
	for _, u := range r.Uses {
		if u.Frame || u.Whole && settings.Current().FramesInFlight > 0 {
			continue
		}
		rep.Report(engine.Finding{
			Pos:     u.Pos,
			Message: "frame memory is used after " + u.What + " gave it back",
			Likely:  u.Likely,
			Way: []engine.Step{
				{Pos: u.Object.Pos, Text: u.Object.Taken()},
				{Pos: u.End.Pos(), Text: "given back here, by " + u.What},
				{Pos: u.Pos, Text: "used here"},
			},
		})
	}
}
