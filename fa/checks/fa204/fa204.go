// Package fa204 finds frees of other goroutines' objects in loops without a bound.
package fa204

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA204.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA204, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, pos := range r.ForeignFrees() {
		for _, loop := range r.Loops(pos) {
			if _, unbounded := r.Unbounded(loop); unbounded {
				rep.Report(engine.Finding{Pos: pos, Message: "objects that came over a channel are freed in a loop without a bound: their owner's queue may overflow"})
				break
			}
		}
	}
}
