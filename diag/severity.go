package diag

import (
	"fmt"
	"strconv"
)

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

// MarshalText returns what String returns, so that JSON shows a word; a
// severity that is not stated is the empty text.
func (s Severity) MarshalText() ([]byte, error) {
	if s == 0 {
		return nil, nil
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "":
		*s = 0
	case "hint":
		*s = SeverityHint
	case "warning":
		*s = SeverityWarning
	case "error":
		*s = SeverityError
	default:
		return fmt.Errorf("diag: %q is not a severity: want hint, warning or error", text)
	}
	return nil
}
