package fa202_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa202"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa202.Analyzer, "bad", "good")
}
