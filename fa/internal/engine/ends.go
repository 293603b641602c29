package engine

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Mark is a place where a frame of an owner begins or ends.
type Mark struct {
	Instr    ssa.Instruction
	Owner    string // access path of the worker
	Begin    bool
	Deferred bool   // at the function's end, whichever way it ends
	Take     bool   // ends with EndFrameWithPromotions
	Callee   string // it happens in this function; "" for the library's own
}

// marks lists where frames begin and end in this function.
func (f *flow) marks() []Mark {
	if f.marked != nil {
		return *f.marked
	}
	list := []Mark{}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			ci, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, isGo := in.(*ssa.Go); isGo {
				continue
			}
			_, deferred := in.(*ssa.Defer)
			c := ci.Common()
			fn := CalleeOf(c)
			switch op := OpOf(fn); op {
			case OpBegin:
				list = append(list, Mark{Instr: in, Owner: f.owner(c.Args[0]), Begin: true, Deferred: deferred})
				continue
			case OpEnd, OpEndTake:
				list = append(list, Mark{Instr: in, Owner: f.owner(c.Args[0]), Deferred: deferred, Take: op == OpEndTake})
				continue
			case OpNone:
			default:
				continue
			}
			s, args, name := f.calleeSummary(c)
			if s == nil {
				continue
			}
			for _, p := range s.Ends {
				if p.Param < len(args) && args[p.Param] != nil {
					list = append(list, Mark{Instr: in, Owner: f.access(args[p.Param]) + p.Path, Deferred: deferred, Callee: name})
				}
			}
			for _, p := range s.Begins {
				if p.Param < len(args) && args[p.Param] != nil {
					list = append(list, Mark{Instr: in, Owner: f.access(args[p.Param]) + p.Path, Begin: true, Deferred: deferred, Callee: name})
				}
			}
		}
	}
	f.marked = &list
	return list
}

// calleeSummary returns the summary of what a call runs, with its arguments
// in the summary's order.
func (f *flow) calleeSummary(c *ssa.CallCommon) (s *Summary, args []ssa.Value, name string) {
	if fn := CalleeOf(c); fn != nil {
		name = fn.Name()
	}
	if c.IsInvoke() {
		if s := f.eng.contract(c.Method); s != nil {
			return s, allArgs(c), name
		}
		if m := f.devirtualize(c); m != nil {
			return f.eng.summaryOf(m), allArgs(c), name
		}
		return nil, nil, name
	}
	switch v := c.Value.(type) {
	case *ssa.Function:
		return f.eng.summaryOf(v), c.Args, name
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		return f.eng.summaryOf(fn), closureArgs(fn, c.Args, v.Bindings), "the function"
	}
	var only *Object
	for t := range f.of(c.Value) {
		if t.o.Kind != Closure || only != nil {
			return nil, nil, ""
		}
		only = t.o
	}
	if only == nil || only.fn == nil {
		return nil, nil, ""
	}
	return f.eng.summaryOf(only.fn), closureArgs(only.fn, c.Args, only.bindings), only.fn.Name()
}

// endsOwner reports whether a handle's memory ends with an owner's frame.
func endsOwner(h *Handle, owner string) bool {
	if h == nil {
		return false
	}
	h = h.Region()
	return h.Kind != Scoped && h.Kind != Long && h.Owner != "" && h.Owner == owner
}

// endedAt reports whether the frame has ended where the function returns.
func (f *flow) endedAt(ret ssa.Instruction, o *Object) bool {
	if o.Handle == nil {
		return false
	}
	h, from := o.Handle.Region(), ssa.Instruction(nil)
	switch {
	case h.Kind == Begun:
		from = h.Call
	case o.Kind == Memory && strings.HasSuffix(h.Root, ".ActiveFrame()"):
		from = o.Instr // the frame may be an earlier one, but not what is in it
	}
	if from == nil {
		return false
	}
	for _, m := range f.marks() {
		if m.Begin || !endsOwner(h, m.Owner) {
			continue
		}
		if m.Deferred && f.path(m.Instr, ret, nil) {
			return true
		}
		if !m.Deferred && f.path(from, m.Instr, nil) && f.path(m.Instr, ret, func(in ssa.Instruction) bool { return in == from }) {
			return true
		}
	}
	return false
}

// endsHere reports whether the function itself ends the frame of a handle that
// it began, on some way.
func (f *flow) endsHere(h *Handle) bool {
	if h == nil {
		return false
	}
	h = h.Region()
	if h.Kind == Scoped {
		return true
	}
	if h.Kind != Begun {
		return false
	}
	for _, m := range f.marks() {
		if !m.Begin && endsOwner(h, m.Owner) {
			return true
		}
	}
	return false
}

// kill is an instruction behind which some memory is gone.
type kill struct {
	instr ssa.Instruction
	what  string // "EndFrame", "Rollback"
	frame bool   // the frame itself is over, not only a part of it
	gone  func(*Object) bool
	ends  func(*Handle) bool
}

// kills lists the ends of memory in this function.
func (f *flow) kills() []kill {
	var list []kill
	for _, m := range f.marks() {
		if m.Begin || m.Deferred {
			continue
		}
		what := "EndFrame"
		if m.Callee != "" {
			what = m.Callee
		}
		owner := m.Owner
		list = append(list, kill{
			instr: m.Instr, what: what, frame: true,
			gone: func(o *Object) bool { return o.Kind == Memory && endsOwner(o.Handle, owner) },
			ends: func(h *Handle) bool { return endsOwner(h, owner) },
		})
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			fn := CalleeOf(&c.Call)
			switch OpOf(fn) {
			case OpRollback:
				check := f.checkpointOf(c)
				if check == nil {
					continue
				}
				hs := f.handlesOf(check.Call.Args[0])
				if len(hs) != 1 {
					continue
				}
				list = append(list, kill{instr: in, what: "Rollback", gone: func(o *Object) bool {
					return o.Kind == Memory && !o.lent && o.Handle == hs[0] && o.Instr != nil &&
						precedes(check, o.Instr) && f.path(o.Instr, in, nil)
				}, ends: func(*Handle) bool { return false }})
			case OpReset:
				owner := f.access(c.Call.Args[0])
				list = append(list, kill{instr: in, what: fn.Name(), gone: func(o *Object) bool {
					return o.Kind == Memory && o.Handle != nil && o.Handle.Kind == Long && o.Handle.Owner == owner
				}, ends: func(h *Handle) bool { return false }})
			}
		}
	}
	return list
}

// checkpointOf finds the call that made the checkpoint or guard of a rollback.
func (f *flow) checkpointOf(c *ssa.Call) *ssa.Call {
	v := c.Call.Args[len(c.Call.Args)-1]
	for range 4 {
		switch x := v.(type) {
		case *ssa.Call:
			switch OpOf(CalleeOf(&x.Call)) {
			case OpCheckpoint, OpGuard:
				return x
			}
			return nil
		case *ssa.UnOp:
			v = x.X
		case *ssa.Alloc:
			var stored ssa.Value
			for _, ref := range *x.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == x {
					if stored != nil {
						return nil
					}
					stored = st.Val
				}
			}
			if stored == nil {
				return nil
			}
			v = stored
		default:
			return nil
		}
	}
	return nil
}

// paramPlace turns an access path into a place that a caller can resolve.
func paramPlace(path string) (Place, bool) {
	i, rest, ok := splitAccess(path)
	if !ok || strings.Contains(rest, "[") || strings.Count(rest, ".") > 4 {
		return Place{}, false
	}
	return Place{i, rest}, true
}
