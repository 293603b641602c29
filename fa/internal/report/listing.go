package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/finding"
)

// Listing writes a whole file with what was found in it below the lines that
// it was found in.
func Listing(out io.Writer, r *Report, file string, s Style) error {
	w := bufio.NewWriter(out)
	t := terminal{w, r, painter{s.Color}, s.Width}

	type remark struct {
		at       finding.Range
		text     string
		severity diag.Severity // 0: a step
	}
	remarks := make(map[int][]remark)
	add := func(g finding.Range, m remark) {
		if g.File == file {
			m.at = g
			remarks[g.Start.Line] = append(remarks[g.Start.Line], m)
		}
	}
	for _, f := range r.Findings {
		add(f.Range, remark{text: fmt.Sprintf("%s[%s]: %s", f.Severity, f.Code, f.Message), severity: f.Severity})
		for i, step := range f.Flow {
			if step.Range == f.Range {
				continue // said by the finding itself
			}
			add(step.Range, remark{text: fmt.Sprintf("%s, step %d: %s", f.Code, i+1, stepMessage(step))})
		}
	}

	lines := strings.Split(strings.TrimSuffix(r.Files.Text(file), "\n"), "\n")
	gutter := len(strconv.Itoa(len(lines)))
	margin := strings.Repeat(" ", gutter)
	for n := 1; n <= len(lines); n++ {
		t.sourceLine(file, n, gutter)
		list := remarks[n]
		slices.SortStableFunc(list, func(a, b remark) int { return cmp.Compare(a.at.Start.Column, b.at.Start.Column) })
		for _, m := range list {
			start, end := m.at.Start.Column-1, m.at.End.Column-1
			text := r.Files.Line(file, n)
			if m.at.End.Line > n {
				end = len(text)
			}
			before := displayWidth(text, 0, start)
			length := max(1, displayWidth(text, start, end))
			mark := t.blue(strings.Repeat("-", length) + " " + expandTabs(m.text))
			if m.severity != 0 {
				mark = t.severity(m.severity, strings.Repeat("^", length)+" "+expandTabs(m.text))
			}
			fmt.Fprintf(w, "%s %s %s%s\n", margin, t.blue("|"), strings.Repeat(" ", before), mark)
		}
	}
	fmt.Fprintln(w)
	for _, e := range r.Errors {
		fmt.Fprintf(w, "%s %s\n", t.red("error:"), e.Error())
	}
	t.summary()
	return w.Flush()
}
