package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// FaultKind says how the marks of a frame do not fit.
type FaultKind uint8

// The faults.
const (
	NotEnded   FaultKind = iota // a way out of the function leaves the frame active
	EndedTwice                  // the frame has ended already
	BegunTwice                  // the frame before is still active
)

// Fault is a way through a function on which begin and end do not match.
type Fault struct {
	Fn    *ssa.Function
	Kind  FaultKind
	Pos   token.Pos
	Begin *Mark // of NotEnded and BegunTwice: the frame that is left
	End   *Mark // of EndedTwice: the first end
	At    *Mark // of EndedTwice and BegunTwice: the second
	Ends  []Mark
	Exit  ssa.Instruction // of NotEnded

	// Likely says that the frame ends under a condition on a number, such as
	// that of a loop's turns, which may or may not rule this way out.
	Likely bool
}

// boundary checks the marks of each owner against each other.
func (f *flow) boundary() []Fault {
	byOwner := make(map[string][]Mark)
	var owners []string
	for _, m := range f.marks() {
		if byOwner[m.Owner] == nil {
			owners = append(owners, m.Owner)
		}
		byOwner[m.Owner] = append(byOwner[m.Owner], m)
	}
	var faults []Fault
	for _, o := range owners {
		faults = append(faults, f.checkOwner(o, byOwner[o])...)
	}
	return faults
}

func (f *flow) checkOwner(owner string, marks []Mark) []Fault {
	var begins, ends []Mark
	for _, m := range marks {
		if m.Begin {
			begins = append(begins, m)
		} else {
			ends = append(ends, m)
		}
	}
	is := func(list []Mark, deferred bool) func(ssa.Instruction) bool {
		return func(in ssa.Instruction) bool {
			for _, m := range list {
				if m.Instr == in && (deferred || !m.Deferred) {
					return true
				}
			}
			return false
		}
	}
	unknown := func(in ssa.Instruction) bool { return f.mayEnd(in, owner) }
	isEnd := is(ends, true) // a deferred end counts from where it is deferred
	isDirectEnd := is(ends, false)
	isBegin := is(begins, true)
	or := func(fs ...func(ssa.Instruction) bool) func(ssa.Instruction) bool {
		return func(in ssa.Instruction) bool {
			for _, f := range fs {
				if f(in) {
					return true
				}
			}
			return false
		}
	}

	var faults []Fault
	local := f.isLocalOwner(owner)
	for i := range begins {
		b := &begins[i]
		if b.Deferred {
			continue
		}
		deferredBefore := false
		for _, e := range ends {
			deferredBefore = deferredBefore || e.Deferred && f.path(e.Instr, b.Instr, nil)
		}
		if !deferredBefore && (f.endsAfter(b, ends) || local) && !f.handedOut(b) {
			for _, exit := range f.exits() {
				if f.path(b.Instr, exit, or(isEnd, isBegin, unknown)) && !f.sameCondition(b.Instr, ends) {
					faults = append(faults, Fault{Fn: f.fn, Kind: NotEnded, Pos: exitPos(exit, f.fn), Begin: b, Ends: ends, Exit: exit})
					break
				}
			}
		}
		for j := range begins {
			again := &begins[j]
			if again.Deferred {
				continue
			}
			if f.path(b.Instr, again.Instr, or(isDirectEnd, unknown, func(in ssa.Instruction) bool { return in != again.Instr && isBegin(in) })) &&
				(len(ends) > 0 || local || i == j && f.sureLoop(b.Instr)) && !f.sameCondition(b.Instr, ends) {
				faults = append(faults, Fault{Fn: f.fn, Kind: BegunTwice, Pos: again.Instr.Pos(), Begin: b, At: again, Ends: ends})
			}
		}
	}
	if len(begins) == 0 && !local && !anyDeferred(ends) && len(ends) < 2 {
		return faults
	}
	for i := range ends {
		e1 := &ends[i]
		for j := range ends {
			e2 := &ends[j]
			if e2.Deferred && !e1.Deferred && i != j {
				// The deferred one runs behind every other.
				for _, exit := range f.exits() {
					first, second := e1.Instr, e2.Instr
					if f.path(first, exit, or(isBegin, unknown)) && precedes(second, first) {
						faults = append(faults, Fault{Fn: f.fn, Kind: EndedTwice, Pos: e2.Instr.Pos(), End: e1, At: e2})
						break
					}
				}
				continue
			}
			if e1.Deferred || e2.Deferred || i == j && !f.path(e1.Instr, e1.Instr, nil) {
				continue
			}
			if !f.path(e1.Instr, e2.Instr, or(isBegin, unknown)) {
				continue
			}
			// Only if there is no way from the first that avoids the second:
			// a condition may keep them apart.
			avoid := or(isBegin, func(in ssa.Instruction) bool { return in == e2.Instr })
			certain := true
			for _, exit := range f.exits() {
				certain = certain && !f.path(e1.Instr, exit, avoid)
			}
			if certain && i != j {
				faults = append(faults, Fault{Fn: f.fn, Kind: EndedTwice, Pos: e2.Instr.Pos(), End: e1, At: e2})
			}
		}
	}
	faults = dedupe(faults)
	if f.counted(ends) {
		for i := range faults {
			faults[i].Likely = true
		}
	}
	return faults
}

func anyDeferred(list []Mark) bool {
	for _, m := range list {
		if m.Deferred {
			return true
		}
	}
	return false
}

func dedupe(faults []Fault) []Fault {
	seen := make(map[token.Pos]bool)
	var out []Fault
	for _, x := range faults {
		if !seen[x.Pos] {
			seen[x.Pos] = true
			out = append(out, x)
		}
	}
	return out
}

// exitPos returns where a function is left.
func exitPos(exit ssa.Instruction, fn *ssa.Function) token.Pos {
	if exit.Pos().IsValid() {
		return exit.Pos()
	}
	if fn.Syntax() != nil {
		return fn.Syntax().End() - 1
	}
	return fn.Pos()
}

// endsAfter reports whether there is a way from a begin to an end. Where there
// is none, the function ends one frame and begins the next: somebody else goes
// on with it.
func (f *flow) endsAfter(begin *Mark, ends []Mark) bool {
	for _, e := range ends {
		if f.path(begin.Instr, e.Instr, nil) {
			return true
		}
	}
	return false
}

// handedOut reports whether the frame leaves the function, so that somebody
// else may end it.
func (f *flow) handedOut(b *Mark) bool {
	v, ok := b.Instr.(ssa.Value)
	if !ok || !IsFrame(v.Type()) {
		return false
	}
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return true
		}
	}
	return false
}
