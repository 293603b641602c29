package fa605_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa605"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa605.Analyzer, "bad", "good")
}
