// Package wrap prepares the checks for hosts that run analyzers themselves and
// know nothing of codes, levels and paths: go vet, golangci-lint.
package wrap

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/policy"
)

// Analyzers returns the analyzers with a policy in front of what they report,
// and with the code in the message, where such hosts show it.
func Analyzers(analyzers []*analysis.Analyzer, p *policy.Policy) []*analysis.Analyzer {
	var wrapped []*analysis.Analyzer
	made := make(map[*analysis.Analyzer]*analysis.Analyzer)
	for _, a := range analyzers {
		w := wrap(a, p)
		made[a] = w
		wrapped = append(wrapped, w)
	}
	for _, w := range wrapped { // those that wait for others wait for the wrapped ones
		w.Requires = slices.Clone(w.Requires)
		for i, r := range w.Requires {
			if made[r] != nil {
				w.Requires[i] = made[r]
			}
		}
	}
	return wrapped
}

func wrap(a *analysis.Analyzer, p *policy.Policy) *analysis.Analyzer {
	w := *a
	w.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Analyzer = a
		c := driver.Converter{Fset: pass.Fset, Package: pass.Pkg.Path(), Syntax: pass.Files}
		inner.Report = func(d analysis.Diagnostic) {
			f := c.Finding(a, d)
			if len(p.Apply([]finding.Finding{f})) == 0 {
				return
			}
			d.Category = string(f.Code)
			d.Message = string(f.Code) + ": " + f.Message
			pass.Report(d)
		}
		return a.Run(&inner)
	}
	return &w
}
