package behavior

import (
	"fmt"
	"strings"

	"github.com/framealloc/framealloc"
	"github.com/framealloc/framealloc/diag"
)

// A Report is what a [Filter] makes of what it has seen. It is a plain value, good
// for as long as you like. The same frames give the same report.
type Report struct {
	Workers  int       // looked at
	Frames   uint64    // looked at, of all of them; those to warm up not included
	Tags     []TagUse  // by worker and tag
	Findings []Finding // errors, warnings, hints; by code, worker, tag and line

	longest uint64 // frames of the worker that ended most
}

// A Finding is one use of memory that does not match its intent.
type Finding struct {
	Code     diag.Code
	Severity diag.Severity
	Name     string // of the code: "high survival"

	Worker string
	Tag    string // "" outside of tags
	Intent framealloc.Intent
	Type   string // of the values, where known: "game.Contact"
	Caller string // the line that takes them, where known: "world/ai.go:12"

	Observed   string  // what was seen, with numbers
	Expected   string  // what would not have been reported
	Suggestion string  // what to write instead
	Value      float64 // the share that was seen, 0 to 1; for FA531, allocations a frame
	Limit      float64 // the threshold that it reached

	pc uintptr
}

// at gives a finding its place.
func (x *Finding) at(s *site) {
	x.Type, x.pc = shortType(s.typ), s.pc
	x.Caller = diag.Diagnostic{PC: s.pc}.Complete().Caller
}

// about says it in one sentence, for who is told the tag besides.
func (x *Finding) about() string {
	s := x.Name + ": "
	if x.Tag == "" && x.Code != diag.FA531 {
		s += "outside of tags, "
	}
	if x.Type != "" {
		s += x.Type + ", "
	}
	return s + x.Observed
}

// subject says what the finding is about: "tag ai, frame memory, worker main".
func (x *Finding) subject() string {
	if x.Code == diag.FA531 {
		return "heap memory, whoever took it"
	}
	tag := "outside of tags"
	if x.Tag != "" {
		tag = "tag " + x.Tag
	}
	memory := x.Intent.String() + " memory"
	if x.Type != "" {
		memory += " for " + x.Type
	}
	return tag + ", " + memory
}

// nowhere is a program counter without a line: what a finding is about is a tag,
// and not whoever asked for the report.
const nowhere = 1

// Diagnostic returns the finding in the form that reporters and sinks take.
func (x Finding) Diagnostic() diag.Diagnostic {
	d := diag.Diagnostic{
		Code: x.Code, Severity: x.Severity, Worker: x.Worker, Tag: x.Tag, Caller: x.Caller, PC: x.pc,
		Message: x.about(),
		Note:    "expected " + x.Expected,
		Help:    x.Suggestion,
	}
	if d.PC == 0 {
		d.PC = nowhere
	}
	return d
}

// TagUse are the sums of one tag of one worker, frames to warm up not included,
// and without the tags inside it. Sizes are in bytes.
type TagUse struct {
	Worker string
	Tag    string // "" for what was taken outside of tags
	Frames uint64 // of the worker, since it first used the tag

	FrameFrames      uint64 // in which the tag took frame memory
	FrameAllocations uint64
	FrameBytes       uint64
	Promoted         uint64 // values
	PromotedBytes    uint64
	PromotedFrames   uint64 // in which something was promoted

	PoolGets, PoolPuts uint64
	PoolBytes          uint64
	PoolFollowed       uint64 // objects, a sample
	PoolSameFrame      uint64 // of them, put back in the frame that took them

	HeapAllocations uint64
	HeapBytes       uint64
	HeapFrames      uint64 // in which the tag took heap memory
}

func (w *watched) use(t *tally) TagUse {
	u := TagUse{
		Worker: w.name, Tag: t.path, Frames: w.frames - t.since,
		FrameFrames: t.frames, FrameAllocations: t.allocations, FrameBytes: t.bytes,
		Promoted: t.promoted.values, PromotedBytes: t.promoted.bytes, PromotedFrames: t.promoted.frames,
		PoolGets: t.pool.gets, PoolPuts: t.pool.puts, PoolBytes: t.pool.bytes,
		HeapAllocations: t.heap.allocations, HeapBytes: t.heap.bytes, HeapFrames: t.heap.frames,
	}
	for i := range t.pool.sites {
		u.PoolFollowed += t.pool.sites[i].followed
		u.PoolSameFrame += t.pool.sites[i].sameFrame
	}
	return u
}

// Count returns the number of findings of one severity.
func (r Report) Count(s diag.Severity) int {
	n := 0
	for _, x := range r.Findings {
		if x.Severity == s {
			n++
		}
	}
	return n
}

// HasWarnings reports whether there is a warning, or worse.
func (r Report) HasWarnings() bool {
	return r.Count(diag.SeverityWarning)+r.Count(diag.SeverityError) > 0
}

// Of returns the findings of one code.
func (r Report) Of(code diag.Code) (list []Finding) {
	for _, x := range r.Findings {
		if x.Code == code {
			list = append(list, x)
		}
	}
	return list
}

// Diagnose passes each finding to a reporter; nil stands for the default one. In
// strict mode that may panic.
func (r Report) Diagnose(to *diag.Reporter) {
	for _, x := range r.Findings {
		to.Report(x.Diagnostic())
	}
}

// Diagnose passes what [Filter.Report] finds to the allocator's reporter, which
// keeps back what it was told before, and returns the report.
func (f *Filter) Diagnose() Report {
	r := f.Report()
	r.Diagnose(f.alloc.Reporter())
	return r
}

// String returns the report as a person reads it: a headline, then each finding
// over several lines.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s, %s: ", count(r.Frames, "frame"), count(uint64(r.Workers), "worker"), count(uint64(len(r.Tags)), "tag"))
	if len(r.Findings) == 0 {
		b.WriteString("memory is used as intended\n")
		return b.String()
	}
	var parts []string
	for _, s := range []diag.Severity{diag.SeverityError, diag.SeverityWarning, diag.SeverityHint} {
		if n := r.Count(s); n > 0 {
			parts = append(parts, count(uint64(n), s.String()))
		}
	}
	b.WriteString(strings.Join(parts, ", ") + "\n")
	for _, x := range r.Findings {
		b.WriteString("\n" + x.String())
	}
	return b.String()
}

// String returns the finding over several lines, the last one ended.
func (x Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v[%s]: %s: %s\n", x.Severity, x.Code, x.Name, x.subject())
	if x.Caller != "" {
		fmt.Fprintf(&b, "  --> %s\n", x.Caller)
	}
	for _, line := range [...][2]string{
		{"worker", x.Worker}, {"observed", x.Observed}, {"expected", x.Expected}, {"help", x.Suggestion},
	} {
		fmt.Fprintf(&b, "   = %-9s %s\n", line[0]+":", line[1])
	}
	return b.String()
}
