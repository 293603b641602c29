package fa201_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa201"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa201.Analyzer, "bad", "good")
}
