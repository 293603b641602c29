package diag

// Error is a Diagnostic as a Go error: what the library panics with, and what
// the Try functions return. Match it by its code:
//
//	errors.Is(err, diag.FA003)
//
// or take it apart:
//
//	var e *diag.Error
//	if errors.As(err, &e) { log.Print(e.Tag, e.Help) }
type Error struct {
	Diagnostic
	Err error // the cause, or nil
}

// NewError returns d, completed from the catalogue, as an error. The cause may
// be nil.
func NewError(d Diagnostic, cause error) *Error {
	return &Error{Diagnostic: d.Complete(), Err: cause}
}

// Error returns the diagnostic, completed, in one line, with its place, its
// cause and its help: a panic shows nothing else.
func (e *Error) Error() string {
	d := e.Complete()
	s := "framealloc"
	if d.Code != "" {
		s = string(d.Code)
	}
	s += ": " + d.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if w := d.Where(); w != "" {
		s += " at " + w
	}
	if d.Help != "" {
		s += "; help: " + d.Help
	}
	return s
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's [Code].
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && c == e.Code
}

// As sets a *[Code] to the error's code, for errors.As.
func (e *Error) As(target any) bool {
	if c, ok := target.(*Code); ok {
		*c = e.Code
		return true
	}
	return false
}
