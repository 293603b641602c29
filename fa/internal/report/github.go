package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/framealloc/framealloc/diag"
)

// writeGitHub writes workflow commands. Columns are left out of a finding
// over several lines, as GitHub then ignores the command.
func writeGitHub(w io.Writer, r *Report, _ Style) error {
	for _, f := range r.Findings {
		command := "error"
		switch f.Severity {
		case diag.SeverityWarning:
			command = "warning"
		case diag.SeverityHint:
			command = "notice"
		}
		place := fmt.Sprintf("file=%s,line=%d,endLine=%d", commandProperty(r.rel(f.Range.File)), f.Range.Start.Line, f.Range.End.Line)
		if f.Range.Start.Line == f.Range.End.Line {
			place += fmt.Sprintf(",col=%d,endColumn=%d", f.Range.Start.Column, max(f.Range.End.Column, f.Range.Start.Column))
		}
		message := f.Message
		for _, s := range f.Flow {
			message += fmt.Sprintf("\n  %s:%d: %s", r.rel(s.Range.File), s.Range.Start.Line, stepMessage(s))
		}
		_, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", command, place,
			commandProperty(string(f.Code)+": "+title(f.Code)), commandData(message))
		if err != nil {
			return err
		}
	}
	for _, e := range r.Errors {
		if _, err := fmt.Fprintf(w, "::error title=%s::%s\n", commandProperty("fa: code does not load"), commandData(e.Error())); err != nil {
			return err
		}
	}
	return nil
}

// commandData escapes the text of a workflow command.
func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// commandProperty escapes a property of a workflow command.
func commandProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
