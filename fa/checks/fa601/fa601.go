// Package fa601 finds frame memory that escapes its frame.
package fa601

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA601.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA601, run, "frames-in-flight") }

func run(r *engine.Result, rep *check.Reporter) {
	check.Escapes(r, rep, diag.FA601, func(e *engine.Escape) engine.Finding {
		f := engine.Finding{Fixes: cloneFix(r, e)}
		switch e.To.Kind {
		case engine.ToResult:
			f.Message = "frame memory is returned from " + engine.Source(e.Fn) + ", which ends its frame"
		case engine.ToOuter:
			f.Message = "frame memory is " + engine.Destination(e) + ", and used behind the scope's end"
		case engine.ToParam:
			f.Message = "frame memory is " + engine.Destination(e) + ", which may outlive the frame"
			if e.Ended {
				f.Message = "frame memory is " + engine.Destination(e) + ", which outlives the frame"
			}
		default:
			f.Message = "frame memory is " + engine.Destination(e) + ", which outlives the frame"
		}
		return f
	})
}
