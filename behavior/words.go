package behavior

import (
	"fmt"
	"path"
	"strings"

	"github.com/framealloc/framealloc"
)

// size writes a number of bytes.
func size(n uint64) string {
	switch {
	case n >= framealloc.MiB:
		return fmt.Sprintf("%.1f MiB", float64(n)/framealloc.MiB)
	case n >= 10*framealloc.KiB:
		return fmt.Sprintf("%.1f KiB", float64(n)/framealloc.KiB)
	}
	return fmt.Sprintf("%d bytes", n)
}

// count writes a number of things.
func count(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// percent writes a share. What is not all is never written as 100%.
func percent(share float64) string {
	p := 100 * share
	switch {
	case share >= 1:
		return "100%"
	case p > 99:
		return "over 99%"
	case p > 0 && p < 1:
		return "under 1%"
	}
	return fmt.Sprintf("%.0f%%", p)
}

// shortType leaves of a type's name what a person would write: boxed objects are
// named after what is in them, and packages by the last part of their path. Bytes
// have no name.
func shortType(name string) string {
	if name == "uint8" {
		return ""
	}
	if inner, ok := strings.CutPrefix(name, "framealloc.Box["); ok {
		name = path.Base(strings.TrimSuffix(inner, "]"))
	}
	return name
}
