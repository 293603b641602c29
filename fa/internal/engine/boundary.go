package engine

import (
	"go/token"
	"go/types"
	"strings"

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

// counted reports whether an end stands under a condition on a number.
func (f *flow) counted(ends []Mark) bool {
	for _, e := range ends {
		b := e.Instr.Block()
		if len(b.Preds) != 1 {
			continue
		}
		head := b.Preds[0]
		i, ok := head.Instrs[len(head.Instrs)-1].(*ssa.If)
		if !ok || isLoopHead(head) {
			continue
		}
		if cond, ok := i.Cond.(*ssa.BinOp); ok && isNumber(cond.X.Type()) {
			return true
		}
	}
	return false
}

// isLoopHead reports whether a block decides whether a loop goes on.
func isLoopHead(b *ssa.BasicBlock) bool {
	again, over := false, false
	for _, s := range b.Succs {
		if reachesBlock(s, b, nil) {
			again = true
		} else {
			over = true
		}
	}
	return again && over
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
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

// mayEnd reports whether a call may end the owner's frame without our knowing:
// it is given the owner, or what leads to it, and nothing is known about it.
func (f *flow) mayEnd(in ssa.Instruction, owner string) bool {
	ci, ok := in.(ssa.CallInstruction)
	if !ok {
		return false
	}
	c := ci.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	fn := CalleeOf(c)
	if OpOf(fn) != OpNone {
		return false
	}
	if s, _, _ := f.calleeSummary(c); s != nil {
		return false
	}
	if callee := c.StaticCallee(); callee != nil && f.eng.known(callee) {
		return false
	}
	base := root(owner)
	for _, a := range allArgs(c) {
		if leadsToOwner(a.Type(), 0) && root(f.access(a)) == base {
			return true
		}
	}
	if fn == nil && !c.IsInvoke() {
		// A function value may have captured it.
		for t := range f.of(c.Value) {
			if t.o.Kind == Closure {
				return false
			}
		}
		return base == root(f.access(c.Value)) && strings.HasPrefix(base, "p")
	}
	return false
}

// isLocalOwner reports whether an owner was made by this function and is
// known to nobody else.
func (f *flow) isLocalOwner(owner string) bool {
	name := strings.TrimSuffix(owner, ".Main()")
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || OpOf(CalleeOf(&c.Call)) != OpNewOwner || f.access(c) != name {
				continue
			}
			for _, ref := range *c.Referrers() {
				switch ref := ref.(type) {
				case *ssa.Call:
					if OpOf(CalleeOf(&ref.Call)) == OpNone {
						return false
					}
				case *ssa.Defer, *ssa.DebugRef:
				default:
					return false
				}
			}
			return true
		}
	}
	return false
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

// sureLoop reports whether an instruction is executed again and again.
func (f *flow) sureLoop(in ssa.Instruction) bool { return f.path(in, in, nil) }

// sameCondition reports whether begin and an end stand under the same
// condition, so that the ways which mix them do not exist.
func (f *flow) sameCondition(begin ssa.Instruction, ends []Mark) bool {
	c := f.condition(begin.Block())
	if c == "" {
		return false
	}
	for _, e := range ends {
		if f.condition(e.Instr.Block()) == c {
			return true
		}
	}
	return false
}

// condition names the condition under which a block is executed, "" for none.
func (f *flow) condition(b *ssa.BasicBlock) string {
	if len(b.Preds) != 1 {
		return ""
	}
	p := b.Preds[0]
	i, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
	if !ok {
		return ""
	}
	side := "+"
	if p.Succs[1] == b {
		side = "-"
	}
	cond := i.Cond
	if n, ok := cond.(*ssa.UnOp); ok && n.Op == token.NOT {
		cond = n.X
		side = map[string]string{"+": "-", "-": "+"}[side]
	}
	if bin, ok := cond.(*ssa.BinOp); ok {
		return side + f.access(bin.X) + bin.Op.String() + f.access(bin.Y)
	}
	return side + f.access(cond)
}
