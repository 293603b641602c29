package diag

// Sink receives the diagnostics that a [Reporter] lets through. They come with
// severity, help and caller filled in. Report is called on the goroutine that
// made the mistake, possibly on several at once, and never while the reporter
// holds a lock: a sink may report, too. A sink that panics ends the program as
// any panic does.
type Sink interface {
	Report(Diagnostic)
}

// SinkFunc makes a Sink of a function.
type SinkFunc func(Diagnostic)

// Report calls f(d).
func (f SinkFunc) Report(d Diagnostic) { f(d) }

// Fanout returns a sink that passes every diagnostic to each of sinks, in
// order.
func Fanout(sinks ...Sink) Sink {
	return fanout(append([]Sink(nil), sinks...))
}

type fanout []Sink

func (f fanout) Report(d Diagnostic) {
	for _, s := range f {
		s.Report(d)
	}
}

// AtLeast returns a sink that passes on only diagnostics of severity s or
// worse.
func AtLeast(s Severity, to Sink) Sink {
	return SinkFunc(func(d Diagnostic) {
		if d.Severity >= s {
			to.Report(d)
		}
	})
}
