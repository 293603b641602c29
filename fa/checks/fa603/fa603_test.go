package fa603_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa603"
	"github.com/framealloc/framealloc/fa/internal/checktest"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa603.Analyzer, "bad", "good")
}

// The fixes leave the code compiling, and right.
func TestFixes(t *testing.T) { checktest.RunWithFixes(t, fa603.Analyzer, "fix") }

// An Ark world's frames, which begin and end as workers' do.
func TestArkframe(t *testing.T) { checktest.Run(t, fa603.Analyzer, "arkloop") }

// A frame that ends under a condition on a number is likely the mistake that it
// looks like; under any other condition it is one.
func TestCertainty(t *testing.T) {
	for _, r := range checktest.Run(t, fa603.Analyzer, "certainty") {
		for _, d := range r.Action.Diagnostics {
			p := r.Action.Package.Fset.Position(d.Pos)
			if want := p.Line > 16; engine.IsLikely(d) != want {
				t.Errorf("line %d: %q: likely is %v", p.Line, d.Message, !want)
			}
		}
	}
}
