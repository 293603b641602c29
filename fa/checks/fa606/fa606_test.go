package fa606_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa606"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa606.Analyzer, "bad", "good")
}
