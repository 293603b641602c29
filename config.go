package framealloc

import (
	"fmt"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
)

// Sizes in bytes, for configurations: 8*framealloc.MiB.
const (
	KiB = 1 << 10
	MiB = 1 << 20
	GiB = 1 << 30
)

// MaxFramesInFlight is the largest value of [Config.FramesInFlight].
const MaxFramesInFlight = 3

// Policy says what happens when a request does not fit under a limit.
type Policy uint8

// The policies. The zero value is Fail: running out is loud.
const (
	// Fail panics with a [*diag.Error]; the Try functions return it.
	Fail Policy = iota
	// Warn reports a diagnostic and allocates from the frame all the same.
	Warn
	// Allow allocates from the frame and only counts.
	Allow
	// Promote makes the value on the heap instead, booked as heap intent. It
	// then lives as long as something points to it.
	Promote
)

// String returns the policy's name in lower case.
func (p Policy) String() string {
	switch p {
	case Fail:
		return "fail"
	case Warn:
		return "warn"
	case Allow:
		return "allow"
	case Promote:
		return "promote"
	}
	return fmt.Sprintf("Policy(%d)", uint8(p))
}

// Config says how an [Allocator] gets and keeps memory. Its zero value works:
// frames grow as needed from 64 KiB, without a limit.
type Config struct {
	// ChunkSize is the size in bytes of a worker's first chunk of frame memory;
	// 0 means 64 KiB. A frame that needs more chains larger chunks, and at its
	// end they are merged into one that would have held everything.
	ChunkSize int

	// MaxFrameBytes limits what one frame may hold at once, in bytes, sizes
	// rounded up to 8; 0 means no limit. Exhaustion says what happens then.
	MaxFrameBytes int
	Exhaustion    Policy

	// FramesInFlight is the number of later frames during which a frame's
	// memory stays valid after its end, 0 to 3: with k, memory of frame N is
	// released when frame N+k ends. A renderer that draws one frame behind the
	// simulation needs 1. Each costs another set of chunks.
	FramesInFlight int

	// Prefault makes every worker take its first chunk from the system, page by
	// page, when it is created instead of during its first frame.
	Prefault bool

	// ShrinkAfter is the number of frames in a row that must use less than a
	// quarter of a worker's frame memory before it is cut to twice what they
	// used; 0 keeps memory for ever.
	ShrinkAfter int

	// PoolMagazine is the number of free objects that a worker trades with the
	// allocator's shared depot at a time, and keeps up to twice for each type;
	// 0 means 64. Of large objects it is fewer, 256 KiB of them but at least 4.
	PoolMagazine int

	// Deferred says how a worker gets back the pool objects that other
	// goroutines free.
	Deferred DeferredConfig

	// Modes are the debug modes to begin with, besides those that the
	// environment variable FRAMEALLOC names: see [ModesVariable]. They can be
	// changed at any time: see [Allocator.SetModes].
	Modes Modes

	// Debug stands for ModeDebug in Modes: every allocation takes the slow path
	// and is checked.
	Debug bool

	// GuardFrames is the number of later frames during which ModePoison and
	// ModeGuard keep memory out of use that was given back; 0 means 3. No more
	// than 256 MiB are kept.
	GuardFrames int

	// EscapeEvery is the number of frames after which ModeEscape runs the
	// collector and reports on them; 0 means 1, every frame.
	EscapeEvery int

	// Forks says what ending a frame does while a fork of it still runs: by
	// default, wait for it.
	Forks ForkPolicy

	// TagLabels gives the goroutine the current tag as pprof label
	// "framealloc.tag" while the tag's scope runs, so that CPU profiles can be cut
	// by it. Outside of tags it has no labels then.
	TagLabels bool

	// Reporter receives diagnostics; nil means the default one, which writes to
	// log/slog.
	Reporter *diag.Reporter
}

// DefaultConfig returns what the zero Config means, spelled out.
func DefaultConfig() Config {
	return Config{ChunkSize: 64 * KiB, PoolMagazine: 64}
}

// MinimalConfig returns a configuration for small programs and tests: little
// memory up front, and given back soon.
func MinimalConfig() Config {
	return Config{ChunkSize: 4 * KiB, PoolMagazine: 8, ShrinkAfter: 60}
}

// HighPerformanceConfig returns a configuration for engines: frame memory that
// most frames never outgrow, backed by the system before the first frame, and
// large magazines.
func HighPerformanceConfig() Config {
	return Config{ChunkSize: 4 * MiB, Prefault: true, PoolMagazine: 256}
}

// check panics for a configuration that means nothing; that is a mistake in the
// program, found at its first run.
func (c Config) check() {
	bad := func(field string, v int, want string) {
		panic(fmt.Sprintf("framealloc: Config.%s is %d, want %s", field, v, want))
	}
	switch {
	case c.ChunkSize < 0 || c.ChunkSize > arena.MaxBytes:
		bad("ChunkSize", c.ChunkSize, fmt.Sprintf("0 to %d bytes", arena.MaxBytes))
	case c.MaxFrameBytes < 0:
		bad("MaxFrameBytes", c.MaxFrameBytes, "0 (no limit) or more bytes")
	case c.FramesInFlight < 0 || c.FramesInFlight > MaxFramesInFlight:
		bad("FramesInFlight", c.FramesInFlight, fmt.Sprintf("0 to %d", MaxFramesInFlight))
	case c.ShrinkAfter < 0:
		bad("ShrinkAfter", c.ShrinkAfter, "0 (never) or more frames")
	case c.PoolMagazine < 0 || c.PoolMagazine > 1<<20:
		bad("PoolMagazine", c.PoolMagazine, "0 (the default) to 1048576 objects")
	case c.GuardFrames < 0:
		bad("GuardFrames", c.GuardFrames, "0 (the default) or more frames")
	case c.EscapeEvery < 0:
		bad("EscapeEvery", c.EscapeEvery, "0 (every frame) or more frames")
	case c.Modes&^allModes != 0:
		bad("Modes", int(c.Modes), "a combination of the debug modes")
	case c.Forks > PanicOnForks:
		bad("Forks", int(c.Forks), "WaitForForks, AbandonForks or PanicOnForks")
	case c.Exhaustion > Promote:
		bad("Exhaustion", int(c.Exhaustion), "Fail, Warn, Allow or Promote")
	}
	c.Deferred.check(bad)
}

func (c Config) arena() arena.Config {
	return arena.Config{Chunk: c.ChunkSize, Prefault: c.Prefault, ShrinkAfter: c.ShrinkAfter}
}
