package fa803_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa803"
	"github.com/framealloc/framealloc/fa/internal/checktest"
	"github.com/framealloc/framealloc/fa/settings"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	defer settings.Set(settings.Default())
	if err := fa803.Analyzer.Flags.Set("intents", "bad,good=pool"); err != nil {
		t.Fatal(err)
	}
	checktest.Run(t, fa803.Analyzer, "bad", "good")
}
