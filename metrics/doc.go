// Package metrics shows an allocator's figures to those who watch programs from
// outside: as a page in Prometheus's text format, as an expvar variable, and, in
// the module otelframe, as instruments of OpenTelemetry.
//
//	watch := snapshot.Observe(alloc)
//	exporter := metrics.New(watch)
//	http.Handle("/metrics", exporter)
//	expvar.Publish("framealloc", exporter)
//
// Every way out shows the figures of one table, [Figures]. A figure has a dotted
// name and a unit; Prometheus's name for it follows from these by the rules that
// OpenTelemetry has for it, so that it does not matter which way a figure takes:
// framealloc.frame.allocated, in bytes, a counter, is
// framealloc_frame_allocated_bytes_total.
//
// A page is made of a [snapshot.Snapshot] that is taken when somebody asks. Frames
// do not wait for it.
//
// The names of workers, tags and phases become labels. Take them from a small set:
// a name made anew for each task makes a series for each task.
package metrics
