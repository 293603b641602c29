package fa802_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa802"
	"github.com/framealloc/framealloc/fa/internal/checktest"
	"github.com/framealloc/framealloc/fa/settings"
)

// The examples of the catalogue.
func TestExamples(t *testing.T) {
	defer settings.Set(settings.Default())
	if err := fa802.Analyzer.Flags.Set("tags", "ai/pathfinding,physics"); err != nil {
		t.Fatal(err)
	}
	checktest.Run(t, fa802.Analyzer, "bad", "good")
}
