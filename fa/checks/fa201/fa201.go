// Package fa201 finds frames and frame memory that another goroutine uses.
package fa201

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA201.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA201, run) }

func run(r *engine.Result, rep *check.Reporter) {
	check.Escapes(r, rep, diag.FA201, func(e *engine.Escape) engine.Finding {
		switch {
		case e.From.Kind == engine.Memory:
			return engine.Finding{Message: "frame memory is used by a goroutine that nobody waits for"}
		case e.To.Kind == engine.ToGo:
			return engine.Finding{Message: "the goroutine allocates from a frame that is not its own"}
		}
		return engine.Finding{Message: "a frame is sent on a channel, to another goroutine"}
	})
	for _, s := range r.SharedWorkers() {
		rep.Report(engine.Finding{
			Pos: s.Pos, Way: s.Way,
			Message: "the goroutine uses a worker that this function goes on using",
		})
	}
}
