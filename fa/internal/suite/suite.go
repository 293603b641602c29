// Package suite puts the checks together with a project's configuration. It is
// the one place where the command meets the checks.
package suite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/config"
)

// Analyzers returns all checks, one for each code, set up as the configuration
// says.
func Analyzers(*config.Config) []*analysis.Analyzer { return nil }
