package fa801_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa801"
	"github.com/framealloc/framealloc/fa/internal/checktest"
	"github.com/framealloc/framealloc/fa/settings"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	defer settings.Set(settings.Default())
	if err := fa801.Analyzer.Flags.Set("tag-rules", "physics=physics"); err != nil {
		t.Fatal(err)
	}
	checktest.Run(t, fa801.Analyzer, "bad", "good")
}
