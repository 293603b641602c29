package fa601_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa601"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, fa601.Analyzer, "a") }
