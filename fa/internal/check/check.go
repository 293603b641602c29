// Package check makes an analyzer of a rule: the code's documentation comes
// from the catalogue, what it works on from the engine.
package check

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// New returns the analyzer of a code. The rule is not called for packages that
// have nothing to do with framealloc. The names are those of the settings that
// the rule reads; the analyzer gets flags for them.
func New(code diag.Code, rule func(*engine.Result, *Reporter), names ...string) *analysis.Analyzer {
	e, ok := diag.Lookup(code)
	if !ok {
		panic("check: no such code: " + string(code))
	}
	a := &analysis.Analyzer{
		Name:     strings.ToLower(string(code)),
		Doc:      e.Name + "\n\n" + e.Summary + "\n\n" + e.Explanation,
		URL:      "https://github.com/framealloc/framealloc/blob/main/docs/codes.md#" + strings.ToLower(string(code)),
		Requires: []*analysis.Analyzer{engine.Analyzer},
	}
	settings.Bind(&a.Flags, names...)
	a.Run = func(pass *analysis.Pass) (any, error) {
		r := pass.ResultOf[engine.Analyzer].(*engine.Result)
		if !r.Skipped {
			r.Alone(func() { rule(r, &Reporter{r, pass, code}) })
		}
		return nil, nil
	}
	return a
}

// Reporter reports the findings of one code in one package.
type Reporter struct {
	r    *engine.Result
	Pass *analysis.Pass
	code diag.Code
}

// Report reports a finding, unless a directive says to ignore it.
func (rep *Reporter) Report(f engine.Finding) { rep.r.Report(rep.Pass, rep.code, f) }
