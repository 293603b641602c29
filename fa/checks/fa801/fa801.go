// Package fa801 finds tags that the configuration gives to other packages.
package fa801

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzer reports FA801.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA801, run, "tag-rules") }

func run(r *engine.Result, rep *check.Reporter) {
	for _, t := range r.Tags() {
		// Of the rules that cover a tag, the one that names it most closely holds.
		var rule *settings.TagRule
		for _, candidate := range settings.Current().TagRules {
			if settings.CoversTag(candidate.Tag, t.Name) && (rule == nil || len(candidate.Tag) > len(rule.Tag)) {
				rule = &candidate
			}
		}
		if rule == nil || slices.ContainsFunc(rule.Packages, func(p string) bool { return settings.MatchPackage(p, rep.Pass.Pkg.Path()) }) {
			continue
		}
		rep.Report(engine.Finding{
			Pos:     t.Pos,
			Message: "tag " + strconv.Quote(t.Name) + " is for " + strings.Join(rule.Packages, ", ") + ", not for package " + rep.Pass.Pkg.Name(),
		})
	}
}
