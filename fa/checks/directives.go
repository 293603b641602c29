package checks

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// directives reports //fa:ignore comments that nothing needs, that give no
// reason or name no code, and //fa: comments that mean nothing. It waits for
// all checks, since only then is it known which directives were needed.
var directives = &analysis.Analyzer{
	Name:     "faignore",
	Doc:      "check the directives\n\n//fa:ignore needs a code and a reason, and something to ignore; other //fa: comments need to be known.",
	URL:      "https://github.com/framealloc/framealloc/blob/main/fa/checks/README.md#directives",
	Requires: append([]*analysis.Analyzer{engine.Analyzer}, byCode...),
	Run:      runDirectives,
}

func runDirectives(pass *analysis.Pass) (any, error) {
	r := pass.ResultOf[engine.Analyzer].(*engine.Result)
	report := func(ig *engine.Ignore, msg string) {
		pass.Report(analysis.Diagnostic{Pos: ig.Pos, End: ig.End, Category: "FAIGNORE", Message: msg})
	}
	r.Ignores.Each(func(ig *engine.Ignore, unused []string) {
		if len(ig.Codes) == 0 {
			report(ig, "this directive names no code: //fa:ignore FA601 reason")
			return
		}
		for _, c := range ig.Codes {
			e, ok := diag.Lookup(diag.Code(c))
			switch {
			case !ok:
				report(ig, "unknown code "+c+" in this directive")
				return
			case e.Found&diag.BuildTime == 0:
				report(ig, c+" is found at run time only: there is nothing to ignore")
				return
			}
		}
		if ig.Reason == "" {
			report(ig, "this directive needs a reason behind the code, and does nothing without one")
			return
		}
		if len(unused) > 0 {
			report(ig, "nothing to ignore here: no "+strings.Join(unused, ", "))
		}
	})
	for _, pos := range r.Misspelt() {
		pass.Report(analysis.Diagnostic{Pos: pos, Category: "FAIGNORE", Message: "unknown directive: known are //fa:ignore, begins, ends, allocs, scope, retains, noescape, copies"})
	}
	return nil, nil
}
