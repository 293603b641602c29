package diag

import "log/slog"

// Reporter takes diagnostics and passes them on. The nil Reporter works: it
// stands for [Default].
type Reporter struct{}

// Report takes one diagnostic.
func (r *Reporter) Report(d Diagnostic) {
	slog.Warn(d.Message, "code", string(d.Code))
}
