package fa203_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa203"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa203.Analyzer, "bad", "good")
}
