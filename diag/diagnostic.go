package diag

// Diagnostic is one finding: what happened, where, and what to do about it.
// Only Code and Message are needed; empty fields are left out of what a person
// gets to see. It is a plain value: copy it freely.
type Diagnostic struct {
	Code     Code
	Severity Severity // zero: as the catalogue says
	Message  string   // what happened, in one sentence, with the names and numbers of this case
	Note     string   // what else is known about it
	Help     string   // what to write instead; empty: as the catalogue says

	Frame  uint64 // number of the frame; 0: unknown
	Worker string // name of the worker
	Tag    string // path of tags, such as "ai/pathfinding"
	Phase  string // path of phases, such as "update/physics"
	Caller string // where in the user's program, as "file.go:12"

	// PC is a program counter in the user's program, as [CallerPC] returns
	// it. A reporter turns it into Caller, if that is empty, once the
	// diagnostic is really delivered; so a repeated diagnostic costs no
	// formatting. 0: unknown.
	PC uintptr
}
