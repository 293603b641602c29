// Package fa607 finds heap allocations in the hot path of a frame.
package fa607

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA607.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA607, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, g := range r.HeapInFrame() {
		rep.Report(engine.Finding{
			Pos:     g.Pos,
			Message: g.What + " allocates on the heap inside of a frame: " + g.Form + " would not",
			Fixes:   fixes(r, g),
		})
	}
}
