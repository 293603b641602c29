package report

import (
	"fmt"
	"io"
)

// writeCompact writes what most editors and scripts can parse.
func writeCompact(w io.Writer, r *Report, _ Style) error {
	for _, f := range r.Findings {
		_, err := fmt.Fprintf(w, "%s:%d:%d: %s: %s: %s\n",
			r.near(f.Range.File), f.Range.Start.Line, f.Range.Start.Column, f.Severity, f.Code, f.Message)
		if err != nil {
			return err
		}
	}
	for _, e := range r.Errors {
		place := e.Pos
		if place == "" {
			place = e.Package
		}
		if _, err := fmt.Fprintf(w, "%s: error: load: %s\n", place, e.Message); err != nil {
			return err
		}
	}
	return nil
}
