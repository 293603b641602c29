package diag

import "strconv"

// Severity says how certain and how bad a finding is. The zero Severity means
// "not stated": a [Reporter] replaces it by the severity in the catalogue.
type Severity uint8

const (
	// SeverityHint is advice: the program is right, and could be better.
	SeverityHint Severity = iota + 1
	// SeverityWarning is a likely mistake, or one that costs memory or time.
	SeverityWarning
	// SeverityError is a certain mistake: the program's result depends on it.
	SeverityError
)

// String returns "hint", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case SeverityHint:
		return "hint"
	case SeverityWarning:
		return "warning"
	case SeverityError:
		return "error"
	}
	return "severity(" + strconv.Itoa(int(s)) + ")"
}
