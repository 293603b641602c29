package diag

import (
	"context"
	"log/slog"
	"time"
)

// NewSlogSink returns a sink that writes to l; nil stands for [slog.Default] at
// the time of each report. A hint is written at level Info, a warning at Warn,
// an error at Error. The message is the diagnostic's message; all else is
// attributes (code, note, help, frame, worker, tag, phase, caller, suppressed),
// those without a value left out. A handler with AddSource shows the place in
// the user's program.
func NewSlogSink(l *slog.Logger) Sink { return slogSink{l} }

type slogSink struct{ logger *slog.Logger }

func (s slogSink) Report(d Diagnostic) {
	logger := s.logger
	if logger == nil {
		logger = slog.Default()
	}
	ctx := context.Background()
	level := slogLevel(d.Severity)
	h := logger.Handler()
	if !h.Enabled(ctx, level) {
		return
	}
	r := slog.NewRecord(time.Now(), level, d.Message, d.PC)
	add := func(key, value string) {
		if value != "" {
			r.AddAttrs(slog.String(key, value))
		}
	}
	add("code", string(d.Code))
	add("note", d.Note)
	add("help", d.Help)
	if d.Frame != 0 {
		r.AddAttrs(slog.Uint64("frame", d.Frame))
	}
	add("worker", d.Worker)
	add("tag", d.Tag)
	add("phase", d.Phase)
	add("caller", d.Caller)
	if d.Suppressed != 0 {
		r.AddAttrs(slog.Uint64("suppressed", d.Suppressed))
	}
	_ = h.Handle(ctx, r) // as slog.Logger does: a log that cannot be written must not stop the program
}

func slogLevel(s Severity) slog.Level {
	switch s {
	case SeverityHint:
		return slog.LevelInfo
	case SeverityError:
		return slog.LevelError
	}
	return slog.LevelWarn
}
