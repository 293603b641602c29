package engine

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Running is a fork that may still run when the frame it was forked from ends.
type Running struct {
	Fork, End token.Pos
	Group     bool // a fork group, not a single fork
}

// Running finds forks that a way from their start to the frame's end does not
// wait for.
func (r *Result) Running() []Running {
	var list []Running
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		op, _ := r.scopeOf(fn)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok {
					continue
				}
				switch OpOf(CalleeOf(&c.Call)) {
				case OpFork:
					if end, ok := f.unjoined(c, c, f.handlesOf(c.Call.Args[0]), op); ok {
						list = append(list, Running{Fork: c.Pos(), End: end})
					}
				case OpGroupGo:
					for t := range f.of(c.Call.Args[0]) {
						if made, ok := t.o.Instr.(*ssa.Call); ok && t.o.Handle != nil && !handedOn(made) {
							if end, ok := f.unjoined(c, made, []*Handle{t.o.Handle}, op); ok {
								list = append(list, Running{Fork: c.Pos(), End: end, Group: true})
							}
						}
					}
				}
			}
		}
	}
	return list
}

// handedOn reports whether a value is given to somebody who may wait for it.
func handedOn(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			if OpOf(CalleeOf(ref.Common())) == OpNone {
				return true
			}
		case *ssa.Return, *ssa.MakeInterface, *ssa.Send:
			return true
		case *ssa.Store:
			if _, ok := ref.Addr.(*ssa.Alloc); !ok && ref.Val == v {
				return true
			}
		}
	}
	return false
}

func (f *flow) unjoined(start *ssa.Call, child ssa.Value, hs []*Handle, scope Op) (token.Pos, bool) {
	if len(hs) != 1 {
		return 0, false
	}
	h := hs[0].Region()
	name := f.access(child)
	joins := func(in ssa.Instruction) bool {
		switch in := in.(type) {
		case *ssa.UnOp:
			return in.Op == token.ARROW
		case *ssa.Select:
			return in.Blocking
		case *ssa.Go:
			return false
		case *ssa.Return:
			for _, v := range in.Results {
				if f.access(v) == name {
					return true
				}
			}
		case ssa.CallInstruction:
			c := in.Common()
			fn := CalleeOf(c)
			if waits[fullName(fn)] {
				return true
			}
			switch OpOf(fn) {
			case OpJoin:
				return f.access(c.Args[0]) == name
			case OpGroupWait:
				return true
			case OpNone:
				if _, ok := c.Value.(*ssa.Builtin); ok {
					return false
				}
				for _, a := range allArgs(c) {
					if f.access(a) == name {
						return true // it may wait itself
					}
				}
				if s, _, _ := f.calleeSummary(c); s != nil {
					return s.Blocks != ""
				}
				return starts[fullName(fn)] == 0 && fn != nil && OpOf(fn) == OpNone && fn.Name() == "Wait"
			}
		case *ssa.Store:
			if _, ok := in.Addr.(*ssa.Alloc); !ok && f.access(in.Val) == name {
				return true // somebody else may wait for it
			}
		}
		return false
	}
	for _, m := range f.marks() {
		if m.Begin || !endsOwner(h, m.Owner) {
			continue
		}
		if !m.Deferred {
			if f.path(start, m.Instr, joins) {
				return m.Instr.Pos(), true
			}
			continue
		}
		for _, exit := range f.exits() {
			if f.path(m.Instr, start, nil) && f.path(start, exit, joins) && !f.deferredWait(joins) {
				return m.Instr.Pos(), true
			}
		}
	}
	if (scope == OpScope || scope == OpSub) && h.Kind == Given && h.Path == "" && h.Param == frameParam(f.fn) {
		for _, exit := range f.exits() {
			if f.path(start, exit, joins) && !f.deferredWait(joins) {
				return exitPos(exit, f.fn), true
			}
		}
	}
	return 0, false
}

func (f *flow) deferredWait(joins func(ssa.Instruction) bool) bool {
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if d, ok := in.(*ssa.Defer); ok && joins(d) {
				return true
			}
		}
	}
	return false
}
