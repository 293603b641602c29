// Package diag tells a program's author about mistakes with frame memory: what
// happened, where, and what to write instead.
//
// It holds three things. The catalogue ([All], [Lookup]) explains every code,
// from [FA001] to [FA901]; a code means the same whether the analyzer fa finds
// the mistake at build time or the library finds it at run time. A [Diagnostic]
// is one finding. A [Reporter] takes diagnostics, keeps back repeats and floods,
// and passes the rest to its sinks: log/slog unless told otherwise.
//
// # Strict mode
//
// A diagnostic is written down and the program goes on. In strict mode it stops
// there and then, which is what a test or a debug build wants: the reporter
// panics with an [*Error], or fails the test ([FailTest]). Strict mode is set
// with [Options], for a while with [Reporter.Strict], or from outside with the
// environment variable FRAMEALLOC_STRICT, which is "off", "errors" or "warnings".
//
// # Tests
//
// A [Collector] keeps what was reported, for a test to look at:
//
//	c := diag.NewCollector(t)
//	alloc := framealloc.NewAllocator(framealloc.Config{Reporter: c.Reporter()})
//	…
//	c.RequireNone()
//
// # Codes of your own
//
// An engine registers its own codes with [Register] and reports them through
// the same reporter, so that they are deduplicated, counted, made strict and
// collected like the library's.
//
// # Cost
//
// Nothing here runs until something is reported: no goroutine, no timer, no
// work at start-up. A repeated diagnostic costs a fraction of a microsecond and
// no allocation. Everything is safe for concurrent use.
package diag
