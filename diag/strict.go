package diag

import (
	"fmt"
	"os"
	"strings"
)

// StrictEnv is the environment variable that sets strict mode from outside.
const StrictEnv = "FRAMEALLOC_STRICT"

// StrictLevel says which diagnostics stop the program.
type StrictLevel uint8

const (
	// StrictFromEnv takes the level from FRAMEALLOC_STRICT; off if it is unset.
	StrictFromEnv StrictLevel = iota
	// StrictOff lets the program go on after every diagnostic.
	StrictOff
	// StrictErrors stops at errors.
	StrictErrors
	// StrictWarnings stops at errors and warnings. Hints never stop a program.
	StrictWarnings
)

// String returns the level as it is written in FRAMEALLOC_STRICT.
func (l StrictLevel) String() string {
	switch l {
	case StrictFromEnv:
		return "from " + StrictEnv
	case StrictOff:
		return "off"
	case StrictErrors:
		return "errors"
	case StrictWarnings:
		return "warnings"
	}
	return fmt.Sprintf("strict(%d)", uint8(l))
}

// stops reports whether a diagnostic of severity s stops the program.
func (l StrictLevel) stops(s Severity) bool {
	switch l {
	case StrictErrors:
		return s >= SeverityError
	case StrictWarnings:
		return s >= SeverityWarning
	}
	return false
}

// ParseStrict reads a level as FRAMEALLOC_STRICT holds it: "off", "errors" or
// "warnings", in any case. The empty string is off. For anything else it
// returns StrictOff and an error that names the values.
func ParseStrict(s string) (StrictLevel, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "off":
		return StrictOff, nil
	case "errors":
		return StrictErrors, nil
	case "warnings":
		return StrictWarnings, nil
	}
	return StrictOff, fmt.Errorf("%q is not a strict level: want off, errors or warnings", s)
}

// strictFromEnv returns the level in the environment. A wrong value counts as
// off and is returned as a diagnostic, so that a typing error in a build script
// does not look like a clean run.
func strictFromEnv() (level StrictLevel, wrong Diagnostic, ok bool) {
	level, err := ParseStrict(os.Getenv(StrictEnv))
	if err == nil {
		return level, Diagnostic{}, true
	}
	return level, Diagnostic{
		Severity: SeverityWarning,
		Message:  StrictEnv + "=" + err.Error(),
		Note:     "strict mode stays off",
		Help:     "set " + StrictEnv + " to off, errors or warnings",
	}, false
}
