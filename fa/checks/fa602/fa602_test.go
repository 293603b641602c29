package fa602_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa602"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa602.Analyzer, "bad", "good")
}

// The fixes leave the code compiling, and right.
func TestFixes(t *testing.T) { checktest.RunWithFixes(t, fa602.Analyzer, "fix") }
