package fa205_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa205"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa205.Analyzer, "bad", "good")
}
