package fa206_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa206"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa206.Analyzer, "bad", "good")
}
