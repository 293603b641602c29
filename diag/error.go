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

// Error returns the diagnostic in one line.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's [Code].
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && c == e.Code
}

// As sets a *[Code] to the error's code.
func (e *Error) As(target any) bool {
	if c, ok := target.(*Code); ok {
		*c = e.Code
		return true
	}
	return false
}
