// Package otelframe shows an allocator's figures to OpenTelemetry. It is a module
// of its own, so that a program that does not use OpenTelemetry does not download
// it.
//
//	stop, err := otelframe.Register(otel.Meter("game"), alloc)
//	if err != nil {
//		return err
//	}
//	defer stop()
//
// The instruments are those of [github.com/framealloc/framealloc/metrics.Figures], by their dotted names and with
// their units, as observable instruments: a snapshot is taken when a reader
// collects, and frames do not wait for it. The one histogram,
// framealloc.worker.frame.duration, is recorded as each frame ends.
//
// Labels are attributes with the prefix "framealloc.": framealloc.worker,
// framealloc.tag and so on. The names of workers, tags and phases become their
// values: take them from a small set.
package otelframe
