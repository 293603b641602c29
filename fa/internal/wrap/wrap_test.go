package wrap

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/policy"
)

// A wrapped check waits for wrapped checks, so that none runs twice, and for
// the same engine as before, so that its result is found.
func TestRequirements(t *testing.T) {
	original := checks.Analyzers()
	wrapped := Analyzers(original, new(policy.Policy))
	if err := analysis.Validate(wrapped); err != nil {
		t.Fatal(err)
	}
	known := make(map[*analysis.Analyzer]bool)
	for _, a := range original {
		known[a] = true
	}
	for i, w := range wrapped {
		if w.Name != original[i].Name || len(w.Requires) != len(original[i].Requires) {
			t.Errorf("%s became %s", original[i].Name, w.Name)
		}
		for j, r := range w.Requires {
			if known[r] {
				t.Errorf("%s waits for the unwrapped %s", w.Name, r.Name)
			}
			if before := original[i].Requires[j]; !known[before] && r != before {
				t.Errorf("%s waits for another %s", w.Name, r.Name)
			}
		}
	}
}
