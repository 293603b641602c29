package fa301_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa301"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa301.Analyzer, "bad", "good")
}
