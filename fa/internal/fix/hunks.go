package fix

import (
	"fmt"
	"strings"
)

// renumber sets the line that each hunk of one file's diff has in the new file:
// go-udiff loses count of the unchanged lines between two edits of a hunk.
func renumber(diff string) string {
	lines := strings.SplitAfter(diff, "\n")
	shift := 0
	for i, line := range lines {
		ranges, ok := strings.CutPrefix(line, "@@ -") // all other lines begin with what they are
		if !ok {
			continue
		}
		from, to, _ := strings.Cut(strings.TrimSuffix(ranges, " @@\n"), " +")
		start, before := span(from)
		_, after := span(to)
		_, count, counted := strings.Cut(to, ",")
		lines[i] = fmt.Sprintf("@@ -%s +%d", from, start+shift)
		if counted {
			lines[i] += "," + count
		}
		lines[i] += " @@\n"
		shift += after - before
	}
	return strings.Join(lines, "")
}

// span reads the "7,3" or "7" of a hunk.
func span(s string) (start, count int) {
	if n, _ := fmt.Sscanf(s, "%d,%d", &start, &count); n < 2 {
		count = 1
	}
	return start, count
}
