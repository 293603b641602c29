package fa302_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa302"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa302.Analyzer, "bad", "good")
}
