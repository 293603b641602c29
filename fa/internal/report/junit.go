package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/framealloc/framealloc/fa/internal/finding"
	"github.com/framealloc/framealloc/fa/internal/policy"
)

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Failure   *junitFailure `xml:"failure"`
		Error     *junitFailure `xml:"error"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite a package and a test case a finding. Only what
// fails the run is a failure; warnings and hints are passed cases with their
// text as output, so that a build does not turn red for advice. A clean run is
// one passed case, as an empty report counts as broken in some servers.
func writeJUnit(w io.Writer, r *Report, _ Style) error {
	doc := junitSuites{Name: "fa", Time: fmt.Sprintf("%.3f", r.Elapsed.Seconds())}
	suites := make(map[string]int)
	add := func(pkg string, c junitCase) {
		i, ok := suites[pkg]
		if !ok {
			i = len(doc.Suites)
			suites[pkg] = i
			doc.Suites = append(doc.Suites, junitSuite{Name: pkg})
		}
		s := &doc.Suites[i]
		s.Tests++
		doc.Tests++
		if c.Failure != nil {
			s.Failures++
			doc.Failures++
		}
		if c.Error != nil {
			s.Errors++
			doc.Errors++
		}
		s.Cases = append(s.Cases, c)
	}
	for _, f := range r.Findings {
		place := fmt.Sprintf("%s:%d:%d", r.rel(f.Range.File), f.Range.Start.Line, f.Range.Start.Column)
		c := junitCase{Name: xmlText(string(f.Code) + " " + place), ClassName: f.Package}
		text := xmlText(r.paragraph(f, place))
		if policy.Fails(f) {
			c.Failure = &junitFailure{xmlText(f.Message), string(f.Code), text}
		} else {
			c.Output = text
		}
		add(f.Package, c)
	}
	for _, e := range r.Errors {
		add(e.Package, junitCase{
			Name: "load", ClassName: e.Package,
			Error: &junitFailure{xmlText(e.Message), "load", xmlText(e.Error())},
		})
	}
	if len(doc.Suites) == 0 {
		add("fa", junitCase{Name: "no findings", ClassName: "fa"})
	}
	return writeXML(w, doc)
}

// paragraph says everything about a finding in plain text.
func (r *Report) paragraph(f finding.Finding, place string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s: %s\n", place, f.Severity, f.Code, f.Message)
	for _, s := range f.Flow {
		fmt.Fprintf(&b, "  %s:%d:%d: %s\n", r.rel(s.Range.File), s.Range.Start.Line, s.Range.Start.Column, stepMessage(s))
	}
	return b.String()
}
