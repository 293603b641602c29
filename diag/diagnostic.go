package diag

import (
	"strconv"
	"strings"
)

// Diagnostic is one finding: what happened, where, and what to do about it.
// Only Code and Message are needed; empty fields are left out of what a person
// gets to see. It is a plain value: copy it freely.
type Diagnostic struct {
	Code     Code     `json:"code,omitempty"`     // empty only when the diagnostics' own set-up is at fault
	Severity Severity `json:"severity,omitempty"` // zero: as the catalogue says
	Message  string   `json:"message"`            // what happened, in one sentence, with the names and numbers of this case
	Note     string   `json:"note,omitempty"`     // what else is known about it; may have several lines
	Help     string   `json:"help,omitempty"`     // what to write instead; empty: as the catalogue says

	Frame  uint64 `json:"frame,omitempty"`  // number of the frame; 0: unknown
	Worker string `json:"worker,omitempty"` // name of the worker
	Tag    string `json:"tag,omitempty"`    // path of tags, such as "ai/pathfinding"
	Phase  string `json:"phase,omitempty"`  // path of phases, such as "update/physics"
	Caller string `json:"caller,omitempty"` // where in the user's program, as "world/ai.go:12"

	// PC is a program counter in the user's program, as [CallerPC] returns
	// it; an empty Caller is made from it. 0: unknown. It means something only
	// in the process that it comes from, and so stays out of JSON.
	PC uintptr `json:"-"`

	// Suppressed counts the equal diagnostics that were kept back since the
	// last one that was passed on. The reporter sets it.
	Suppressed uint64 `json:"suppressed,omitempty"`
}

// Complete returns d with its empty fields filled in: severity and help from
// the catalogue, caller from PC. What the catalogue does not know is a warning.
func (d Diagnostic) Complete() Diagnostic {
	e := find(d.Code)
	if d.Severity == 0 {
		d.Severity = SeverityWarning
		if e != nil {
			d.Severity = e.Severity
		}
	}
	if e != nil {
		if d.Message == "" {
			d.Message = e.Name
		}
		if d.Help == "" {
			d.Help = e.Help
		}
	}
	if d.Caller == "" {
		d.Caller = siteOf(d.PC)
	}
	return d
}

// Where returns where it happened, "world/ai.go:12 (frame 7, worker main, tag
// ai, phase update)", as far as it is known.
func (d Diagnostic) Where() string {
	caller, place := d.Caller, d.place()
	if caller == "" {
		caller = siteOf(d.PC)
	}
	switch {
	case place == "":
		return caller
	case caller == "":
		return "(" + place + ")"
	}
	return caller + " (" + place + ")"
}

// place returns frame, worker, tag and phase, as far as they are known.
func (d Diagnostic) place() string {
	var parts []string
	if d.Frame != 0 {
		parts = append(parts, "frame "+strconv.FormatUint(d.Frame, 10))
	}
	for _, p := range [...]struct{ name, value string }{
		{"worker ", d.Worker}, {"tag ", d.Tag}, {"phase ", d.Phase},
	} {
		if p.value != "" {
			parts = append(parts, p.name+p.value)
		}
	}
	return strings.Join(parts, ", ")
}

// String returns the diagnostic, completed, in one line without help:
// "warning FA502: … at world/ai.go:12 (frame 7, worker main)".
func (d Diagnostic) String() string {
	d = d.Complete()
	s := d.Severity.String()
	if d.Code != "" {
		s += " " + string(d.Code)
	}
	s += ": " + d.Message
	if w := d.Where(); w != "" {
		s += " at " + w
	}
	return s
}

// Text returns the diagnostic, completed, in its long form, over several lines,
// the last one ended:
//
//	error[FA601]: *game.Path, taken in frame 7, is still reachable in frame 8
//	  --> world/ai.go:12
//	   = frame 7, worker main, tag ai/pathfinding, phase update
//	   = note: it is held by game.cache
//	   = help: clone the value to the heap, or keep it in a group
//	   = 41 more like this since the last report
func (d Diagnostic) Text() string {
	d = d.Complete()
	var b strings.Builder
	b.WriteString(d.Severity.String())
	if d.Code != "" {
		b.WriteString("[" + string(d.Code) + "]")
	}
	b.WriteString(": " + indent(d.Message) + "\n")
	if d.Caller != "" {
		b.WriteString("  --> " + d.Caller + "\n")
	}
	line := func(label, text string) {
		if text != "" {
			b.WriteString("   = " + label + indent(text) + "\n")
		}
	}
	line("", d.place())
	line("note: ", d.Note)
	line("help: ", d.Help)
	if d.Suppressed != 0 {
		line("", strconv.FormatUint(d.Suppressed, 10)+" more like this since the last report")
	}
	return b.String()
}

// indent moves the second and later lines of a text under its first.
func indent(s string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n     ")
}
