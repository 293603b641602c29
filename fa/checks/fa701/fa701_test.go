package fa701_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa701"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa701.Analyzer, "bad", "good")
}
