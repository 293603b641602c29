package config

import (
	"fmt"

	"github.com/bmatcuk/doublestar/v4"
)

// MatchAny reports whether one of the globs matches a path, given with slashes
// and relative to what the globs are relative to, or a directory above it.
func MatchAny(globs []string, path string) bool {
	for _, g := range globs {
		if doublestar.MatchUnvalidated(g, path) || doublestar.MatchUnvalidated(g+"/**", path) {
			return true
		}
	}
	return false
}

// CheckGlobs returns an error that names the first glob that is malformed.
func CheckGlobs(globs []string) error {
	for _, g := range globs {
		if !doublestar.ValidatePattern(g) {
			return fmt.Errorf("bad glob %q", g)
		}
	}
	return nil
}
