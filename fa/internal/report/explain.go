package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/framealloc/framealloc/diag"
)

// Explain writes the catalogue's page about a code for a person to read.
func Explain(out io.Writer, e diag.Entry, s Style) error {
	w := bufio.NewWriter(out)
	p := painter{s.Color}
	width := min(s.Width, 100)
	if width < 40 {
		width = 80
	}
	paragraph := func(text string) {
		for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
			fmt.Fprintln(w)
			for _, line := range wrap(part, width) {
				fmt.Fprintln(w, line)
			}
		}
	}
	section := func(title string) { fmt.Fprintf(w, "\n%s\n", p.bold(title)) }

	fmt.Fprintf(w, "%s%s\n", p.severity(e.Severity, string(e.Code)), p.bold(": "+e.Name))
	fmt.Fprintln(w, p.faint(fmt.Sprintf("%s, %s, found at %s", e.Severity, e.Category, e.Found)))
	paragraph(e.Summary)
	paragraph(e.Explanation)
	if e.Detection != "" {
		section("How it is found")
		paragraph(e.Detection)
	}
	if e.Help != "" {
		section("What to write instead")
		paragraph(sentence(e.Help))
	}
	code(w, p.red("The mistake"), e.Bad)
	code(w, p.green("Put right"), e.Good)
	if e.Found&diag.BuildTime != 0 {
		section("Accept one place")
		fmt.Fprintf(w, "\n    //fa:ignore %s the reason why this one is right\n", e.Code)
	}
	return w.Flush()
}

// sentence makes a text, which elsewhere follows a colon, begin and end as a
// sentence does.
func sentence(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[size:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// code writes an example.
func code(w io.Writer, title, text string) {
	text = strings.Trim(text, "\n")
	if text == "" {
		return
	}
	fmt.Fprintf(w, "\n%s\n\n", title)
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(w, strings.TrimRight("    "+expandTabs(line), " "))
	}
}
