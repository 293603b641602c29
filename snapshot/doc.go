// Package snapshot writes down what an allocator does: one aggregated picture at
// a frame boundary, as a Go value and as JSON with a published schema.
//
// An [Observer] watches an allocator. It sees nothing of single allocations, so
// these stay as fast as they are; watching a frame costs about a microsecond.
//
//	watch := snapshot.Observe(alloc)
//	defer watch.Stop()
//
//	var s snapshot.Snapshot
//	watch.Take(&s) // s can be used again and again, without garbage
//	fmt.Println(s.Frame.Number, s.Totals.Frame.Bytes)
//
// A [History] keeps the last so many, and an [Emitter] writes them to a
// directory: at an interval, or when somebody touches a file there.
//
//	emitter, err := snapshot.NewEmitter(watch, snapshot.Config{Dir: "snapshots"})
//	if err != nil {
//		return err
//	}
//	defer emitter.Close()
//
// # What never happens to a frame
//
// Writing is done by a goroutine of the emitter. A disk that is full, slow or
// read-only costs snapshots, which are counted, and one warning through the
// allocator's reporter; a frame neither waits nor fails. A snapshot's file appears
// under its name when it is complete, and not before.
//
// # The schema
//
// [Schema] returns the JSON Schema (draft 2020-12) that every snapshot obeys.
// Its version is [Version]. Within a version, fields may be added; readers should
// ignore those they do not know. What is removed or changes its meaning gets a
// new version. Durations are in nanoseconds, sizes in bytes.
package snapshot
