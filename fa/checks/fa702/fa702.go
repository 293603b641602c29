// Package fa702 finds frame memory that is alive across a wait while somebody else may end its frame.
package fa702

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA702.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA702, run, "blocking") }

func run(r *engine.Result, rep *check.Reporter) {
	for _, w := range r.AliveAcross() {
		rep.Report(engine.Finding{
			Pos: w.Pos, Message: "frame memory is used behind this wait, and its frame may have been ended by then",
			Way: []engine.Step{
				{Pos: w.Alloc, Text: "allocated here, from a frame that this function does not own"},
				{Pos: w.Pos, Text: "the function " + w.What + " here"},
				{Pos: w.Use, Text: "and uses the memory here"},
			},
		})
	}
}
