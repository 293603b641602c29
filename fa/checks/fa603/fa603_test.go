package fa603_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa603"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa603.Analyzer, "bad", "good")
}

// The fixes leave the code compiling, and right.
func TestFixes(t *testing.T) { checktest.RunWithFixes(t, fa603.Analyzer, "fix") }
