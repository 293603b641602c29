package fa608_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa608"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa608.Analyzer, "bad", "good")
}
