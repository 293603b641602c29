package engine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Handover is a transfer that is received twice, or by nobody.
type Handover struct {
	Pos   token.Pos
	Made  token.Pos // where the transfer comes from
	First token.Pos // of one that is received twice
	Exit  token.Pos // of one that is dropped: the way out without it
	Twice bool
}

func isTransfer(t types.Type) bool { return isLibraryType(t, "framesync", "Transfer") }

// Handovers finds the misuse of transfers within functions.
func (r *Result) Handovers() []Handover {
	var list []Handover
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		var vals []ssa.Value
		for _, p := range fn.Params {
			if isTransfer(p.Type()) {
				vals = append(vals, p)
			}
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if v, ok := in.(ssa.Value); ok && isTransfer(v.Type()) {
					switch v := v.(type) {
					case *ssa.Call, *ssa.Extract:
						vals = append(vals, v)
					case *ssa.UnOp:
						if v.Op == token.ARROW {
							vals = append(vals, v)
						}
					}
				}
			}
		}
		for _, v := range vals {
			if h, ok := f.handover(v); ok {
				list = append(list, h)
			}
		}
	}
	return list
}

func (f *flow) handover(v ssa.Value) (Handover, bool) {
	def, _ := v.(ssa.Instruction)
	var receives, uses []ssa.Instruction
	var scan func(v ssa.Value, depth int)
	scan = func(v ssa.Value, depth int) {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef:
				continue
			case *ssa.Call:
				if op := OpOf(CalleeOf(&ref.Call)); op == OpReceive {
					receives = append(receives, ref)
				}
			case *ssa.Store:
				if a, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == v && depth < 2 && f.onlyStore(a) == v {
					for _, ld := range *a.Referrers() {
						if u, ok := ld.(*ssa.UnOp); ok {
							scan(u, depth+1)
						}
						if mc, ok := ld.(*ssa.MakeClosure); ok {
							uses = append(uses, mc)
						}
					}
					continue
				}
			}
			uses = append(uses, ref)
		}
	}
	scan(v, 0)
	redefined := func(in ssa.Instruction) bool { return def != nil && in == def }
	for _, a := range receives {
		for _, b := range receives {
			if f.path(a, b, redefined) {
				return Handover{Pos: b.Pos(), First: a.Pos(), Made: v.Pos(), Twice: true}, true
			}
		}
	}
	if def == nil {
		return Handover{}, false // the caller's to look after
	}
	if ex, ok := v.(*ssa.Extract); ok {
		return f.droppedOk(ex, uses)
	}
	used := func(in ssa.Instruction) bool {
		for _, u := range uses {
			if u == in {
				return true
			}
		}
		return false
	}
	if f.path(def, def, used) {
		return Handover{Pos: v.Pos(), Made: v.Pos()}, true
	}
	for _, exit := range f.exits() {
		if !used(exit) && f.path(def, exit, used) {
			return Handover{Pos: v.Pos(), Made: v.Pos(), Exit: exitPos(exit, f.fn)}, true
		}
	}
	return Handover{}, false
}

// droppedOk looks after a transfer that comes together with a bool or an error
// which says whether there is one: only the way on which there is one counts.
func (f *flow) droppedOk(ex *ssa.Extract, uses []ssa.Instruction) (Handover, bool) {
	var start *ssa.BasicBlock
	for _, ref := range *ex.Tuple.Referrers() {
		ok, isEx := ref.(*ssa.Extract)
		if !isEx || ok.Index == ex.Index {
			continue
		}
		for _, ref := range *ok.Referrers() {
			if i, isIf := ref.(*ssa.If); isIf {
				start = i.Block().Succs[0]
			}
		}
	}
	if start == nil || len(start.Instrs) == 0 || len(start.Preds) != 1 {
		return Handover{}, false
	}
	used := func(in ssa.Instruction) bool {
		for _, u := range uses {
			if u == in {
				return true
			}
		}
		return false
	}
	tuple, ok := ex.Tuple.(ssa.Instruction)
	if !ok {
		return Handover{}, false
	}
	first := start.Instrs[0]
	if used(first) {
		return Handover{}, false
	}
	pos := ex.Tuple.Pos()
	if first == tuple || f.path(first, tuple, used) {
		return Handover{Pos: pos, Made: pos}, true
	}
	for _, exit := range f.exits() {
		if !used(exit) && f.path(first, exit, or2(used, func(in ssa.Instruction) bool { return in == tuple })) {
			return Handover{Pos: pos, Made: pos, Exit: exitPos(exit, f.fn)}, true
		}
	}
	return Handover{}, false
}

func or2(a, b func(ssa.Instruction) bool) func(ssa.Instruction) bool {
	return func(in ssa.Instruction) bool { return a(in) || b(in) }
}
