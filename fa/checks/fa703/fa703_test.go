package fa703_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa703"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa703.Analyzer, "bad", "good")
}
