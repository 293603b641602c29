// Package suite puts the checks together with a project's configuration. It is
// the one place where the command meets the checks.
package suite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/config"
	"github.com/framealloc/framealloc/fa/settings"
)

// Analyzers returns all checks, one for each code, set up as the configuration
// says. The settings hold for the process: two runs with different ones must
// come one after the other.
func Analyzers(c *config.Config) []*analysis.Analyzer {
	settings.Set(c.Settings())
	return checks.Analyzers()
}
