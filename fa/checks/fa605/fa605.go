// Package fa605 finds values that are retained with Discard and stored all the same.
package fa605

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA605.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA605, run) }

func run(r *engine.Result, rep *check.Reporter) {
	check.Escapes(r, rep, diag.FA605, func(e *engine.Escape) engine.Finding {
		return engine.Finding{Message: "a value retained with Discard is " + engine.Destination(e) + ", beyond its frame"}
	})
}
