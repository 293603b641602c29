package fix

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
)

// Each hunk says truly where it begins, in the old file and in the new one.
func TestHunksAreNumbered(t *testing.T) {
	numbers := func(n int) []string {
		var lines []string
		for i := range n {
			lines = append(lines, fmt.Sprintf("line %d\n", i))
		}
		return lines
	}
	edited := func(edit func(lines []string)) string {
		lines := numbers(60)
		edit(lines)
		return strings.Join(lines, "")
	}
	for name, now := range map[string]string{
		"two edits in a hunk, then one": edited(func(l []string) { l[5], l[9], l[40] = "new\n", "a\nb\n", "" }),
		"lines that go":                 edited(func(l []string) { l[2], l[3], l[30], l[58] = "", "", "x\ny\nz\n", "" }),
		"at the ends":                   edited(func(l []string) { l[0], l[4], l[59] = "a\nb\n", "", "" }),
	} {
		old := strings.Join(numbers(60), "")
		diff := renumber(udiff.Unified("a", "b", old, now))
		hunks := 0
		oldLines, newLines := strings.SplitAfter(old, "\n"), strings.SplitAfter(now, "\n")
		var from, to int
		for _, line := range strings.SplitAfter(diff, "\n") {
			switch {
			case strings.HasPrefix(line, "@@"):
				hunks++
				var n int
				ranges := strings.NewReplacer(",", " ", "@@", "", "-", "", "+", "").Replace(line)
				if _, err := fmt.Sscan(ranges, &from, &n, &to, &n); err != nil {
					t.Fatal(line, err)
				}
			case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"), line == "":
			default:
				if line[0] != '+' {
					if oldLines[from-1] != line[1:] {
						t.Errorf("%s: line %d of the old file is %q, the diff says %q", name, from, oldLines[from-1], line)
					}
					from++
				}
				if line[0] != '-' {
					if newLines[to-1] != line[1:] {
						t.Errorf("%s: line %d of the new file is %q, the diff says %q", name, to, newLines[to-1], line)
					}
					to++
				}
			}
		}
		if hunks < 2 {
			t.Errorf("%s: %d hunks", name, hunks)
		}
	}
}
