package report

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/framealloc/framealloc/diag"
)

type (
	checkstyleDoc struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr,omitempty"`
		Column   int    `xml:"column,attr,omitempty"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

// writeCheckstyle writes the format of the Java tool of that name, which many
// review tools read. It knows no hints: they become "info".
func writeCheckstyle(w io.Writer, r *Report, _ Style) error {
	doc := checkstyleDoc{Version: "8.0"}
	add := func(file string, e checkstyleError) {
		if n := len(doc.Files); n == 0 || doc.Files[n-1].Name != file {
			doc.Files = append(doc.Files, checkstyleFile{Name: file})
		}
		last := &doc.Files[len(doc.Files)-1]
		e.Message = xmlText(e.Message)
		last.Errors = append(last.Errors, e)
	}
	for _, f := range r.Findings {
		severity := f.Severity.String()
		if f.Severity == diag.SeverityHint {
			severity = "info"
		}
		add(r.rel(f.Range.File), checkstyleError{
			Line:     f.Range.Start.Line,
			Column:   f.Range.Start.Column,
			Severity: severity,
			Message:  string(f.Code) + ": " + f.Message,
			Source:   "fa." + string(f.Code),
		})
	}
	for _, e := range r.Errors {
		file, line, column := splitPos(e.Pos)
		if file == "" {
			file = e.Package
		}
		add(file, checkstyleError{line, column, "error", "code does not load: " + e.Message, "fa.load"})
	}
	return writeXML(w, doc)
}

// writeXML writes an XML document with its declaration.
func writeXML(w io.Writer, doc any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// xmlText removes what XML cannot hold, control characters and broken UTF-8.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, s)
}
