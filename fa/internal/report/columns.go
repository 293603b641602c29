package report

import "strings"

const tabWidth = 4

// expandTabs replaces tabs by spaces up to the next stop, and other control
// characters by a mark: source text must not drive the terminal.
func expandTabs(s string) string {
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch {
		case r == '\t':
			n := tabWidth - column%tabWidth
			b.WriteString(strings.Repeat(" ", n))
			column += n
		case r < ' ' || r >= 0x7f && r < 0xa0:
			b.WriteRune('\uFFFD')
			column++
		default:
			b.WriteRune(r)
			column += runeWidth(r)
		}
	}
	return b.String()
}

// displayWidth returns the number of terminal columns of the bytes from start
// up to end of a line, which may lie beyond it.
func displayWidth(line string, start, end int) int {
	column, from := 0, -1
	for i, r := range line {
		if i >= start && from < 0 {
			from = column
		}
		if i >= end {
			break
		}
		if r == '\t' {
			column += tabWidth - column%tabWidth
		} else {
			column += runeWidth(r)
		}
	}
	if from < 0 {
		from = column
	}
	if start == 0 {
		from = 0
	}
	return column - from
}

// runeWidth returns the number of columns that a terminal gives a rune: two
// for the scripts of East Asia and for pictures, none for combining marks.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case r <= 0x36f, r >= 0x200b && r <= 0x200f, r >= 0xfe00 && r <= 0xfe0f:
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
		r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// crop cuts a text that is wider than limit columns.
func crop(s string, limit int) string {
	column := 0
	for i, r := range s {
		if column += runeWidth(r); column > limit {
			return s[:i-lastRune(s[:i])] + "…"
		}
	}
	return s
}

// lastRune returns the length of the last rune of a text in bytes.
func lastRune(s string) int {
	n := 0
	for i := range s {
		n = len(s) - i
	}
	return n
}

// wrap breaks a text into lines of at most width columns where there are
// spaces to break at.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
