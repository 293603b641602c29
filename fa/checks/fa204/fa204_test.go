package fa204_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa204"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa204.Analyzer, "bad", "good")
}
