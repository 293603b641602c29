package fa607_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa607"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa607.Analyzer, "bad", "good")
}

// Each kind of allocation has its own words, and its own frame form.
func TestKinds(t *testing.T) { checktest.Run(t, fa607.Analyzer, "kinds") }

// The fixes leave the code compiling, and right.
func TestFixes(t *testing.T) { checktest.RunWithFixes(t, fa607.Analyzer, "fix") }
