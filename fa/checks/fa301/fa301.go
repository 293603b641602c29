// Package fa301 finds loops that allocate without a bound.
package fa301

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA301.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA301, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, a := range r.Allocations() {
		for _, loop := range r.Loops(a.Pos) {
			how, unbounded := r.Unbounded(loop)
			if engine.BeginsIn(a.Handle, loop) {
				break // the frame is as long as a turn
			}
			if !unbounded {
				continue
			}
			rep.Report(engine.Finding{
				Pos: a.Pos, Message: "this allocates in a loop that runs " + how,
				Way: []engine.Step{{Pos: loop.Pos(), Text: "the loop begins here"}, {Pos: a.Pos, Text: "and takes memory here, in each turn"}},
			})
			break
		}
	}
}
