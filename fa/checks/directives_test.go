package checks_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

func TestDirectives(t *testing.T) {
	all := checks.Analyzers()
	checktest.Run(t, all[len(all)-1], "directives")
}
