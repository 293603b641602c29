package fa604_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa604"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa604.Analyzer, "bad", "good")
}
