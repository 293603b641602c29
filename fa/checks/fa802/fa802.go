// Package fa802 finds tags that the configuration does not list.
package fa802

import (
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA802.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA802, run, "tags") }

func run(r *engine.Result, rep *check.Reporter) {
	known := settings.Current().Tags
	if len(known) == 0 {
		return
	}
	for _, t := range r.Tags() {
		if settings.KnownTag(known, t.Name) {
			continue
		}
		msg := "unknown tag " + strconv.Quote(t.Name)
		if near := nearest(t.Name, known); near != "" {
			msg += "; did you mean " + strconv.Quote(near) + "?"
		}
		rep.Report(engine.Finding{Pos: t.Pos, Message: msg})
	}
}
