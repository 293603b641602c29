package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/framealloc/framealloc/cmd/framelab/gallery"
	"github.com/framealloc/framealloc/diag"
)

// A printer writes exhibits for a terminal.
type printer struct {
	w             io.Writer
	color         bool
	found, silent int // mistakes, and twins
	impossible    int // exhibits that the platform cannot show
}

const width = 100

// The styles, as the parameters of an escape sequence.
const (
	plain  = ""
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// in returns the text in a style.
func (p *printer) in(style, text string) string {
	if !p.color || style == plain {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (p *printer) print(format string, args ...any) { fmt.Fprintf(p.w, format, args...) }

func severityStyle(s diag.Severity) string {
	switch s {
	case diag.SeverityError:
		return red
	case diag.SeverityWarning:
		return yellow
	}
	return cyan
}

// list writes what there is to see.
func (p *printer) list() {
	p.print("Deliberate mistakes, one for each code that the library finds at run time.\n\n")
	var last diag.Code
	for _, x := range gallery.All {
		e, _ := diag.Lookup(x.Code)
		code := fmt.Sprintf("%-7s", x.Code)
		if x.Code == last {
			code = strings.Repeat(" ", 7)
		}
		last = x.Code
		p.print("  %s%s %s\n", p.in(bold, code), p.in(severityStyle(e.Severity), fmt.Sprintf("%-8s", e.Severity)), x.Title)
	}
	p.print("\nNot shown:\n\n")
	for _, code := range absent() {
		p.print("  %s%s\n", p.in(dim, fmt.Sprintf("%-7s", code)), gallery.Absent[code])
	}
	p.print("\nframelab %s makes one of them, framelab -all makes all.\n", gallery.All[0].Code)
}

// exhibit makes a mistake and its twin and writes what the library says. It reports
// whether the one was found and the other silent.
func (p *printer) exhibit(x gallery.Exhibit) bool {
	e, _ := diag.Lookup(x.Code)
	p.print("%s %s\n\n", p.in(bold+";"+severityStyle(e.Severity), string(x.Code)), p.in(bold, e.Name))

	if !x.Possible() {
		p.impossible++
		p.print("It %s: this platform cannot find that, for it lacks the debug modes %v\n\n", x.Title, x.Needs)
		return true
	}
	found, err := gallery.Run(x.Mistake)
	wrong := err != nil || len(found) == 0
	marked := map[string]bool{}
	for _, d := range found {
		wrong = wrong || d.Code != x.Code
		marked[d.Caller] = true
	}
	p.source("It "+x.Title+":", x.Mistake, marked)
	p.said(found, err)
	if !wrong {
		p.found++
	} else {
		p.print("  %s\n", p.in(bold+";"+red, "✗ the mistake was not found"))
	}

	found, err = gallery.Run(x.Twin)
	p.print("\n")
	p.source("Put right:", x.Twin, nil)
	silent := err == nil && len(found) == 0
	if silent {
		p.silent++
		p.print("  %s\n", p.in(green, "✓ nothing is reported"))
	} else {
		p.said(found, err)
		p.print("  %s\n", p.in(bold+";"+red, "✗ the twin is not silent"))
	}
	p.print("\n%s\n\n", p.in(dim, strings.Repeat("─", width)))
	return !wrong && silent
}

// source writes a function with its line numbers. Marked are the lines, such as
// "gallery/frame.go:12", that the library speaks of.
func (p *printer) source(title string, program func(*gallery.Lab) error, marked map[string]bool) {
	s, err := gallery.SourceOf(program)
	if err != nil {
		p.print("%s (%v)\n", title, err)
		return
	}
	p.print("%s %s\n", title, p.in(dim, s.File))
	for i, line := range strings.Split(s.Text, "\n") {
		number := s.Line + i
		line = strings.ReplaceAll(line, "\t", "    ")
		gutter := p.in(dim, fmt.Sprintf("  %4d │ ", number))
		if marked[s.File+":"+strconv.Itoa(number)] {
			gutter, line = p.in(red, fmt.Sprintf("▶ %4d │ ", number)), p.in(bold, line)
		}
		p.print("%s%s\n", gutter, line)
	}
	p.print("\n")
}

// said writes what the library has to say.
func (p *printer) said(found []diag.Diagnostic, err error) {
	for _, d := range found {
		style := severityStyle(d.Severity)
		for i, line := range strings.Split(strings.TrimRight(brief(d).Text(), "\n"), "\n") {
			for k, part := range wrap(line, width-2) {
				if i == 0 && k == 0 {
					head, rest, _ := strings.Cut(part, ":")
					part = p.in(bold+";"+style, head+":") + p.in(bold, rest)
				} else if i == 0 {
					part = p.in(bold, part)
				}
				p.print("  %s\n", part)
			}
		}
	}
	if err != nil {
		p.print("  it met with %v\n", err)
	}
}

// brief leaves out most of a stack.
func brief(d diag.Diagnostic) diag.Diagnostic {
	const most = 12
	if lines := strings.Split(d.Note, "\n"); len(lines) > most {
		d.Note = strings.Join(lines[:most-1], "\n") + fmt.Sprintf("\n… and %d lines more", len(lines)-most+1)
	}
	d.Note = strings.ReplaceAll(d.Note, "\t", "  ")
	return d
}

// wrap breaks a line between words; what follows is indented like the text after
// a label such as "   = help: ".
func wrap(line string, width int) (parts []string) {
	indent := "    "
	if strings.HasPrefix(line, "   = ") {
		indent = "     "
	}
	for utf8.RuneCountInString(line) > width {
		at := strings.LastIndexByte(line[:width], ' ')
		if at <= len(indent) {
			break // one long word
		}
		parts = append(parts, line[:at])
		line = indent + line[at+1:]
	}
	return append(parts, line)
}

// tally writes the sums.
func (p *printer) tally(n int) {
	n -= p.impossible
	style, sign := green, "✓"
	if p.found < n || p.silent < n {
		style, sign = red, "✗"
	}
	p.print("%s\n", p.in(bold+";"+style, fmt.Sprintf("%s %d of %d mistakes found, %d of %d twins silent", sign, p.found, n, p.silent, n)))
}
