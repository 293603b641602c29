package report

import "github.com/framealloc/framealloc/diag"

// painter colors text, or leaves it as it is.
type painter struct{ on bool }

func (p painter) paint(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p painter) bold(s string) string  { return p.paint("1", s) }
func (p painter) faint(s string) string { return p.paint("2", s) }
func (p painter) red(s string) string   { return p.paint("1;31", s) }
func (p painter) green(s string) string { return p.paint("1;32", s) }
func (p painter) blue(s string) string  { return p.paint("1;34", s) }

// severity colors text by how bad it is.
func (p painter) severity(s diag.Severity, text string) string {
	switch s {
	case diag.SeverityError:
		return p.paint("1;31", text)
	case diag.SeverityWarning:
		return p.paint("1;33", text)
	}
	return p.paint("1;36", text)
}
