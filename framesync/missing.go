package framesync

import (
	"errors"
	"fmt"
	"strings"

	"github.com/framealloc/framealloc/diag"
)

// ErrLeft is returned by a wait during which the participant's Leave was called.
var ErrLeft = errors.New("framesync: participant has left the barrier")

// A MissingError says for whom a participant has waited in vain. It matches
// diag.FA202, and wraps the context's error.
type MissingError struct {
	Barrier     string // the barrier's name, or ""
	Frame       uint64 // that was not completed
	Participant string // that waited
	Missing     []string
	Err         error
}

// Error says it in a sentence.
func (e *MissingError) Error() string {
	s := "framesync: "
	if e.Barrier != "" {
		s += fmt.Sprintf("barrier %q: ", e.Barrier)
	}
	return s + fmt.Sprintf("%q waited in frame %d for %s: %v", e.Participant, e.Frame, strings.Join(e.Missing, ", "), e.Err)
}

// Unwrap returns what ended the wait, such as [context.DeadlineExceeded].
func (e *MissingError) Unwrap() error { return e.Err }

// Is matches diag.FA202.
func (e *MissingError) Is(target error) bool { return target == error(diag.FA202) }

func (p *Participant) missed(err error) error {
	b := p.b
	return &MissingError{Barrier: b.name, Frame: b.running, Participant: p.name, Missing: b.missingBut(p), Err: err}
}
