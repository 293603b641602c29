// Package profile shows where memory goes and where time goes: what a tool can
// open rather than what a program reads about itself.
//
//   - [Start] records a sampled allocation profile of every intent (frame,
//     scratch, pool, heap) that go tool pprof opens, with tags, phases, workers and
//     types as labels. [Handler] serves one over HTTP.
//   - [Trace] makes each frame a task of runtime/trace, with its tags.
//   - [NewEvents] writes frames, phases, tags and what happened in them as a
//     file for Perfetto or chrome://tracing.
//   - [OnSlowFrame] keeps the execution trace of a frame that overran its budget,
//     and says whether it was the collector, waiting, the operating system, or the
//     frame's own work.
//
// All of it observes an allocator through [framealloc.Allocator.Observe]: it may
// be started and stopped at any time, takes effect with each worker's next frame,
// and costs nothing while it is not there.
package profile
