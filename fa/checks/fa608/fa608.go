// Package fa608 finds promoted values that still point into the frame.
package fa608

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA608.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA608, run) }

func run(r *engine.Result, rep *check.Reporter) {
	check.Escapes(r, rep, diag.FA608, func(e *engine.Escape) engine.Finding {
		return engine.Finding{Message: "frame memory is " + engine.Destination(e) + ": the promoted copy will point into a frame that is over"}
	})
}
