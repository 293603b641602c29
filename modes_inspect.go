package framealloc

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/framealloc/framealloc/diag"
	"github.com/framealloc/framealloc/internal/arena"
	"github.com/framealloc/framealloc/internal/guard"
)

// inspecting are the modes in which a keeper makes the allocations of frames.
const inspecting = ModePoison | ModeGuard | ModeEscape

// defaultGuardFrames is what a Config.GuardFrames of 0 stands for.
const defaultGuardFrames = 3

func (c *Config) guardFrames() int {
	if c.GuardFrames == 0 {
		return defaultGuardFrames
	}
	return c.GuardFrames
}

// setModes changes the worker's modes, between frames.
func (w *Worker) setModes(m Modes) {
	old := w.modes
	w.modes = m
	if old&inspecting != 0 && m&inspecting == 0 && !w.isFork() {
		w.alloc.quarantine.Forget(w.published)
	}
	if w.catching && m&ModeGuard == 0 {
		w.catching = false
		debug.SetPanicOnFault(w.caughtBefore)
	}
}

// inspect has a keeper make the frame's allocations where a mode asks for one, or
// no longer: as soon as the frame is empty.
func (f *Frame) inspect() {
	m := guard.Modes{
		Poison: f.w.modes&ModePoison != 0,
		Guard:  f.w.modes&ModeGuard != 0,
		Escape: f.w.modes&ModeEscape != 0,
	}
	switch k := f.mem.Keeper(); {
	case m == guard.Modes{}:
		f.mem.Inspect(nil)
	case k == nil || k.Modes() != m:
		f.mem.Inspect(guard.NewKeeper(m, f.w.alloc.quarantine, (*witness)(f)))
	}
}

// witness is a Frame as its keeper sees it.
type witness Frame

// Witness implements [guard.Witness].
func (t *witness) Witness(bool) guard.Place {
	f := (*Frame)(t)
	w := f.w
	if w.modes&ModeGuard != 0 {
		debug.SetPanicOnFault(true) // for forks, and for workers that change hands
	}
	p := guard.Place{Worker: w.name, Frame: f.number, Tag: w.tags.path(), Phase: w.phases.path(), PC: diag.CallerPC()}
	if f.scratch != nil {
		p.Scratch = f.scratch.name
	}
	p.Stack.Take(1)
	return p
}

// Key implements [guard.Witness]: a fork counts the frames of the worker that it
// is a fork of.
func (t *witness) Key() any {
	f := (*Frame)(t)
	for f.forked != nil {
		f = f.forked.parent
	}
	return f.w.published
}

// Clock implements [guard.Witness].
func (t *witness) Clock() uint64 { return t.w.number }

// beginInspection is what BeginFrame does in these modes.
func (w *Worker) beginInspection() {
	if w.modes&ModeGuard != 0 {
		before := debug.SetPanicOnFault(true)
		if !w.catching {
			w.catching, w.caughtBefore = true, before
		}
	}
	w.inspect(frameBegins)
	w.alloc.quarantine.Advance(w.published, w.number)
}

// scratchReleased looks at what a scratch has just given back.
func (w *Worker) scratchReleased() {
	if w.modes&inspecting != 0 && !w.isFork() {
		w.inspect(scratchResets)
	}
}

// A moment is when a worker looks at what its frames have given back.
type moment uint8

const (
	frameBegins moment = iota
	frameEnds
	scratchResets
	workerCloses
)

// inspect reports the mistakes with what the worker's frames have given back.
func (w *Worker) inspect(at moment) {
	q := w.alloc.quarantine
	if w.modes&ModePoison != 0 {
		w.reportWrites(q.Inspect(w.published), at)
	}
	if w.modes&ModeEscape != 0 && at != frameBegins && (at == workerCloses || w.number%uint64(max(1, w.alloc.config.EscapeEvery)) == 0) && q.Pending(w.published) {
		w.reportEscapes(q.Escaped(w.published))
	}
	if err := q.Err(); err != nil {
		w.report(diag.Diagnostic{
			Severity: diag.SeverityWarning, Worker: w.name, Frame: w.number,
			Message: "guard mode misses some accesses: " + err.Error(),
			Help:    "lower Config.GuardFrames, or guard less memory at once",
		})
	}
}

// made says where a record's memory was allocated and given back, for a note.
func made(r *guard.Record) string {
	s := "allocated at:" + callsText(userPart(&r.Made))
	if r.Gone != nil {
		s += "\n" + ended(r) + " at:" + callsText(userPart(r.Gone))
	}
	return s
}

// at names a place's line, if it is known.
func at(p *guard.Place) string {
	if site := (diag.Diagnostic{PC: p.PC}).Complete().Caller; site != "" {
		return " at " + site
	}
	return ""
}

// ended says in words what gave a record's memory back.
func ended(r *guard.Record) string {
	switch {
	case r.Why == guard.Closing:
		return "let go with its worker"
	case r.Made.Scratch != "" && r.Why == guard.FrameEnd:
		return fmt.Sprintf("scratch %q reset or freed", r.Made.Scratch)
	case r.Why == guard.Rollback:
		return "rolled back, or its scope ended,"
	}
	return fmt.Sprintf("frame %d ended", r.Made.Frame)
}

// userPart returns a place's stack from the user's innermost function on.
func userPart(p *guard.Place) []uintptr {
	pcs := p.Stack.PCs()
	if i := slices.Index(pcs, p.PC); i > 0 {
		pcs = pcs[i:]
	}
	for len(pcs) > 1 { // the functions that start goroutines say nothing
		if f := runtime.FuncForPC(pcs[len(pcs)-1] - 1); f == nil || !strings.HasPrefix(f.Name(), "runtime.") {
			break
		}
		pcs = pcs[:len(pcs)-1]
	}
	return pcs
}

// named names a record's memory.
func named(r *guard.Record) string {
	return what(arena.Request{Type: r.Type, Count: r.Count})
}

// in says whose memory a record's was.
func in(r *guard.Record) string {
	if r.Made.Scratch != "" {
		return fmt.Sprintf("scratch %q", r.Made.Scratch)
	}
	return fmt.Sprintf("frame %d", r.Made.Frame)
}

// diagnosis is a diagnostic about a record: it is about the place that allocated.
func diagnosis(code diag.Code, r *guard.Record, message string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: code, Message: message, Note: made(r), PC: r.Made.PC,
		Frame: r.Made.Frame, Worker: r.Made.Worker, Tag: r.Made.Tag, Phase: r.Made.Phase,
	}
}

// others says that more records share a mistake.
func others(one, many string, n int) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("so %s %d more from the same place\n", many, n)
}

// A kindred is what records must have in common to be reported as one.
type kindred struct {
	typ any
	pc  uintptr
}
