package fa603_test

import (
	"testing"

	"github.com/framealloc/framealloc/fa/checks/fa603"
	"github.com/framealloc/framealloc/fa/internal/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, fa603.Analyzer, "a") }
