package engine

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// effects notes what one instruction does besides moving values.
func (f *flow) effects(in ssa.Instruction, s *Summary) {
	if what := f.eng.blocking(f, in); what != "" && s.Blocks == "" {
		s.Blocks = what
	}
	ci, ok := in.(ssa.CallInstruction)
	if !ok {
		return
	}
	_, isGo := in.(*ssa.Go)
	c := ci.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return
	}
	fn := CalleeOf(c)
	args := allArgs(c)
	note := func(list *[]Place, hs []*Handle) {
		for _, h := range hs {
			h = h.Region()
			if h.Kind == Given && !strings.ContainsAny(h.Path, "[(#") {
				*list, _ = addPlace(*list, Place{h.Param, h.Path})
			}
		}
	}
	take := func(hs []*Handle) { note(&s.Takes, hs) }
	budget := func(v ssa.Value) {
		if i, _, ok := splitAccess(f.access(v)); ok {
			for _, have := range s.Budget {
				if have == i {
					return
				}
			}
			s.Budget = append(s.Budget, i)
		}
	}
	switch OpOf(fn) {
	case OpAlloc, OpRetain, OpSub, OpTag, OpCheckpoint:
		take(f.handlesOf(args[0]))
	case OpInto:
		take(f.handlesOf(args[len(args)-1]))
	case OpUse:
		note(&s.Lends, f.handlesOf(args[1]))
	case OpBudget:
		budget(args[0])
	case OpBegin:
		s.Frames = s.Frames || f.path(in, in, nil)
	case OpScope:
		s.Frames = s.Frames || f.path(in, in, nil)
		f.scopes(args[1:], s)
	case OpBarrier:
		s.Barrier = true
	case OpNone:
		callee, cargs, _ := f.calleeSummary(c)
		if callee == nil {
			if p, ok := c.Value.(*ssa.Parameter); ok {
				for _, a := range args {
					if IsFrame(a.Type()) {
						for _, h := range f.handlesOf(a) {
							if f.endsHere(h) {
								f.scopes([]ssa.Value{p}, s)
							}
						}
					}
				}
			}
			return
		}
		if isGo {
			return
		}
		for _, p := range callee.Takes {
			if p.Param < len(cargs) && cargs[p.Param] != nil {
				take(f.resolve(cargs[p.Param], p.Path))
			}
		}
		for _, p := range callee.Lends {
			if p.Param < len(cargs) && cargs[p.Param] != nil {
				note(&s.Lends, f.resolve(cargs[p.Param], p.Path))
			}
		}
		for _, i := range callee.Budget {
			if i < len(cargs) && cargs[i] != nil {
				budget(cargs[i])
			}
		}
		for _, i := range callee.Scopes {
			if i < len(cargs) && cargs[i] != nil {
				f.scopes([]ssa.Value{cargs[i]}, s)
			}
		}
		s.Frames = s.Frames || callee.Frames || len(callee.Begins) > 0 && f.path(in, in, nil)
		s.Barrier = s.Barrier || callee.Barrier
	}
}

func (f *flow) scopes(vals []ssa.Value, s *Summary) {
	for _, v := range vals {
		if i, path, ok := splitAccess(f.access(v)); ok && path == "" && i < len(f.fn.Params) {
			for _, have := range s.Scopes {
				if have == i {
					return
				}
			}
			s.Scopes = append(s.Scopes, i)
		}
	}
}
