package fa702_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa702"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	checktest.Run(t, fa702.Analyzer, "bad", "good")
}
