// Package fa703 finds callbacks that hold a frame, or its memory, and outlive it.
package fa703

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA703.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA703, run) }

func run(r *engine.Result, rep *check.Reporter) {
	check.Escapes(r, rep, diag.FA703, func(e *engine.Escape) engine.Finding {
		held := "a frame"
		if e.From.Kind == engine.Memory {
			held = "frame memory"
		}
		return engine.Finding{Message: "a function that holds " + held + " is " + engine.Destination(e) + ", and may be called when the frame is over"}
	})
}
