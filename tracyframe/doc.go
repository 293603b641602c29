// Package tracyframe shows an allocator's frames in Tracy, the frame profiler of
// games: frames, zones for phases and tags, memory pools, plots of budgets, and
// diagnostics as messages.
//
//	session, err := tracyframe.Attach(alloc, tracyframe.Config{})
//	if err != nil {
//		log.Print(err) // no client library: the game goes on without
//	}
//	defer session.Close()
//
// # The client library
//
// Tracy's protocol changes with each version, so the program loads the client
// library of the Tracy that you use, when it runs; cgo is not needed. It is built
// from Tracy's source in some seconds:
//
//	c++ -O2 -fPIC -shared -std=c++17 -DTRACY_ENABLE -DTRACY_ON_DEMAND \
//		-DTRACY_ONLY_LOCALHOST public/TracyClient.cpp -o libTracyClient.so
//
// With TRACY_ON_DEMAND nothing is recorded until Tracy connects; without it, all of
// it is kept in memory from the start. [Config.Library], the environment variable
// FRAMEALLOC_TRACY_LIB, or the system's search path say where it is. Where it is not,
// Attach returns an error that matches [ErrUnavailable].
//
// Versions 0.14 and, as far as its header tells, 0.12 and 0.13 are served, on Linux,
// macOS and Windows with 64-bit x86 and ARM processors. Elsewhere, in the browser
// for one, Attach says that there is none.
//
// # What Tracy shows
//
//   - a frame set for the main worker, which is Tracy's own, and one for each other
//     worker under its name; of those with the same name that are open at once, the
//     second is "NAME 2";
//   - a zone for each phase and each tag. Zones are Tracy's stack of a thread, so
//     a worker's goroutine stays on its thread ([runtime.LockOSThread]) from its first
//     frame in Tracy on. Forks have none. There are none on Windows;
//   - two memory pools a worker: "NAME chunks" with what the worker holds, an
//     allocation each time it grows, and "NAME frame" with what its last frame took, an
//     allocation for each tag, discarded as the next one begins;
//   - plots: bytes a frame of each worker and tag, how full each budget is in
//     percent, and, in framealloc.ModeGarbage, heap allocations a frame;
//   - diagnostics of the allocator as messages.
//
// # Cost
//
// A call of the client takes some 150 ns from Go, so there are calls for frames,
// phases, tags and growth, and none for single allocations. While Tracy is not
// connected there is one call a frame, besides what observing frames takes anyway
// (some 2 µs, for the clock and the collector's counters). Nothing is allocated in either case once the
// names are known.
package tracyframe
