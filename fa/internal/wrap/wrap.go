// Package wrap prepares the checks for hosts that run analyzers themselves and
// know nothing of codes, levels and paths: go vet, golangci-lint.
package wrap

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/driver"
	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/policy"
)

// Analyzers returns the analyzers with a policy in front of what they report,
// and with the code in the message, where such hosts show it.
func Analyzers(analyzers []*analysis.Analyzer, p *policy.Policy) []*analysis.Analyzer {
	var wrapped []*analysis.Analyzer
	for _, a := range analyzers {
		wrapped = append(wrapped, wrap(a, p))
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
