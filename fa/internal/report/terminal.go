package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/codes"
	"github.com/framealloc/framealloc/fa/internal/finding"
)

// writeTerminal writes findings the way compilers with good manners do: what
// is wrong, then the source with the way that the value took marked in it,
// then what to write instead.
func writeTerminal(out io.Writer, r *Report, s Style) error {
	w := bufio.NewWriter(out)
	t := terminal{w, r, painter{s.Color}, s.Width}
	for _, f := range r.Findings {
		t.finding(f)
	}
	for _, e := range r.Errors {
		fmt.Fprintf(w, "%s %s\n", t.red("error:"), expandTabs(e.Error()))
	}
	if len(r.Errors) > 0 {
		fmt.Fprintln(w)
	}
	t.summary()
	return w.Flush()
}

type terminal struct {
	*bufio.Writer
	*Report
	painter
	width int
}

// finding writes one finding.
func (t *terminal) finding(f finding.Finding) {
	fmt.Fprintf(t, "%s%s\n", t.severity(f.Severity, fmt.Sprintf("%s[%s]", f.Severity, f.Code)), t.bold(": "+expandTabs(f.Message)))

	parts := excerpts(f)
	gutter := 0
	for _, p := range parts {
		for _, m := range p.marks {
			gutter = max(gutter, len(strconv.Itoa(m.line)))
		}
	}
	margin := strings.Repeat(" ", gutter)
	for i, p := range parts {
		arrow := "-->"
		if i > 0 {
			arrow = ":::"
		}
		first := p.marks[0]
		if i == 0 {
			first = mark{line: f.Range.Start.Line, start: f.Range.Start.Column}
		}
		fmt.Fprintf(t, "%s%s %s:%d:%d\n", margin, t.blue(arrow), t.near(p.file), first.line, first.start)
		t.excerpt(p, gutter, f.Severity)
	}

	entry, _ := codes.Lookup(f.Code)
	if entry.Help != "" {
		t.note(margin, "help", entry.Help)
	}
	if len(f.Fixes) > 0 {
		t.note(margin, "fix", f.Fixes[0].Message+" (fa --fix does it)")
	}
	fmt.Fprintln(t)
}

// note writes a remark below an excerpt.
func (t *terminal) note(margin, label, text string) {
	head := margin + " = " + label + ": "
	width := t.width
	if width == 0 {
		width = 100
	}
	lines := wrap(strings.Join(strings.Fields(text), " "), max(width-len(head), 40))
	fmt.Fprintf(t, "%s %s %s: %s\n", margin, t.blue("="), t.bold(label), lines[0])
	for _, l := range lines[1:] {
		fmt.Fprintf(t, "%s%s\n", strings.Repeat(" ", len(head)), l)
	}
}

// excerpt writes the marked lines of one file.
func (t *terminal) excerpt(p excerpt, gutter int, severity diag.Severity) {
	margin := strings.Repeat(" ", gutter)
	bar := t.blue("|")
	fmt.Fprintf(t, "%s %s\n", margin, bar)
	last := 0
	for i := 0; i < len(p.marks); {
		line := p.marks[i].line
		switch {
		case last != 0 && line == last+2:
			t.sourceLine(p.file, last+1, gutter)
		case last != 0 && line > last+2:
			fmt.Fprintf(t, "%s\n", t.blue("..."))
		}
		t.sourceLine(p.file, line, gutter)
		for ; i < len(p.marks) && p.marks[i].line == line; i++ {
			m := p.marks[i]
			text := t.Files.Line(p.file, line)
			before := displayWidth(text, 0, m.start-1)
			length := max(1, displayWidth(text, m.start-1, m.end-1))
			if limit := t.room(gutter); limit > 0 {
				before = min(before, limit-2)
				length = min(length, limit-before)
			}
			under := t.blue(strings.Repeat("-", length))
			label := t.blue(m.label)
			if m.primary {
				under = t.severity(severity, strings.Repeat("^", length))
				label = t.severity(severity, m.label)
			}
			fmt.Fprintf(t, "%s %s %s%s", margin, bar, strings.Repeat(" ", before), under)
			if m.label != "" {
				fmt.Fprintf(t, " %s", label)
			}
			fmt.Fprintln(t)
		}
		last = line
	}
	fmt.Fprintf(t, "%s %s\n", margin, bar)
}

// sourceLine writes a line of a file with its number.
func (t *terminal) sourceLine(file string, line, gutter int) {
	text := expandTabs(t.Files.Line(file, line))
	if limit := t.room(gutter); limit > 0 {
		text = crop(text, limit)
	}
	fmt.Fprintf(t, "%s %s %s\n", t.blue(fmt.Sprintf("%*d", gutter, line)), t.blue("|"), text)
}

// room is the number of columns for source text, 0 for as many as it takes.
func (t *terminal) room(gutter int) int {
	if t.width < 40 {
		return 0
	}
	return t.width - gutter - 3
}

// summary writes the last line.
func (t *terminal) summary() {
	errors, warnings, hints := t.Count()
	took := fmt.Sprintf("%.1f s", t.Elapsed.Seconds())
	var also []string
	if t.Suppressed > 0 {
		also = append(also, Plural(t.Suppressed, "finding")+" accepted by the baseline")
	}
	if t.Unchanged > 0 {
		also = append(also, Plural(t.Unchanged, "finding")+" in unchanged lines")
	}
	if t.FailFast {
		also = append(also, "stopped at the first error: "+Plural(t.Analyzed, "package")+" analyzed")
	}
	tail := ""
	if len(also) > 0 {
		tail = "; " + strings.Join(also, ", ")
	}
	switch {
	case len(t.Findings) > 0:
		var parts []string
		if errors > 0 {
			parts = append(parts, t.severity(diag.SeverityError, Plural(errors, "error")))
		}
		if warnings > 0 {
			parts = append(parts, t.severity(diag.SeverityWarning, Plural(warnings, "warning")))
		}
		if hints > 0 {
			parts = append(parts, t.severity(diag.SeverityHint, Plural(hints, "hint")))
		}
		fmt.Fprintf(t, "%s in %s, %s%s\n", strings.Join(parts, ", "), Plural(t.Checked, "package"), took, tail)
		fmt.Fprintf(t, "%s\n", t.faint("more about a code: fa explain "+string(t.Findings[0].Code)))
	case len(t.Errors) > 0:
		fmt.Fprintf(t, "%s, %s%s\n", t.red("code does not load: "+Plural(len(t.Errors), "problem")), took, tail)
	case t.Checked == 0:
		fmt.Fprintf(t, "%s: none of %s reaches framealloc, %s%s\n", t.green("nothing to check"), Plural(t.Packages, "package"), took, tail)
	default:
		fmt.Fprintf(t, "%s in %s, %s%s\n", t.green("no findings"), Plural(t.Checked, "package"), took, tail)
	}
}

// Plural returns a number with a noun, as in "3 findings".
func Plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "x"):
		noun += "e"
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// excerpt is the part of one file that a finding shows.
type excerpt struct {
	file  string
	marks []mark // by line
}

// mark underlines a run of a line.
type mark struct {
	line       int
	start, end int // columns in bytes, from 1
	label      string
	primary    bool
}

// excerpts arranges a finding and its flow by files, the finding's own first,
// the others in the order in which the value reached them.
func excerpts(f finding.Finding) []excerpt {
	parts := []excerpt{{file: f.Range.File}}
	add := func(g finding.Range, label string, primary bool) {
		m := mark{g.Start.Line, g.Start.Column, g.End.Column, label, primary}
		if g.End.Line > g.Start.Line {
			m.end = m.start + 1<<20 // to the end of the line
		}
		i := slices.IndexFunc(parts, func(p excerpt) bool { return p.file == g.File })
		if i < 0 {
			i = len(parts)
			parts = append(parts, excerpt{file: g.File})
		}
		for j, old := range parts[i].marks {
			if old.line == m.line && old.start == m.start {
				parts[i].marks[j].label = joinLabels(old.label, label)
				parts[i].marks[j].primary = old.primary || primary
				return
			}
		}
		parts[i].marks = append(parts[i].marks, m)
	}
	for n, s := range f.Flow {
		label := expandTabs(stepMessage(s))
		if len(f.Flow) > 1 {
			label = strconv.Itoa(n+1) + ". " + label
		}
		add(s.Range, label, false)
	}
	add(f.Range, "", true)
	for _, p := range parts {
		slices.SortStableFunc(p.marks, func(a, b mark) int { return a.line - b.line }) // steps stay in order
	}
	return parts
}

func joinLabels(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + "; " + b
}
