package engine

import (
	"go/token"
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"
)

// Use is frame memory, or a frame, that is used behind its end.
type Use struct {
	Fn     *ssa.Function
	Object *Object // the memory or frame
	Instr  ssa.Instruction
	Pos    token.Pos
	End    ssa.Instruction
	What   string // what ended it: "EndFrame", "Rollback"
	Frame  bool   // the frame itself is used, not its memory
	Whole  bool   // the whole frame is over
	Likely bool   // only on some ways to the use
}

// after finds the uses behind an end. What was allocated again on the way does
// not count: the question is asked for each value, and a loop makes new ones.
func (f *flow) after() []Use {
	var uses []Use
	type key struct {
		o *Object
		k ssa.Instruction
	}
	seen := make(map[key]bool)
	kills := f.kills()
	if len(kills) == 0 {
		return nil
	}
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			for _, v := range f.looksAt(in) {
				for t := range f.of(v) {
					o := t.o
					for _, k := range kills {
						frame := o.Kind == Frame && k.frame && k.ends(o.Handle)
						if !frame && !k.gone(o) || k.instr == in {
							continue
						}
						if frame && !f.takesMemory(in, v) {
							continue
						}
						if seen[key{o, k.instr}] || !f.deadAt(v, in, k, 0) {
							continue
						}
						seen[key{o, k.instr}] = true
						uses = append(uses, Use{
							Fn: f.fn, Object: o, Instr: in, Pos: usePos(in, v), End: k.instr, What: k.what,
							Frame: frame, Whole: k.frame,
							Likely: len(f.of(v)) > 1 || !precedes(k.instr, in) && f.guarded(k.instr, in),
						})
					}
				}
			}
		}
	}
	sort.Slice(uses, func(i, j int) bool { return uses[i].Pos < uses[j].Pos })
	return uses
}

// guarded reports whether a use that may follow an end is in a branch of its
// own: the same condition may keep the two apart.
func (f *flow) guarded(end, use ssa.Instruction) bool {
	return !f.path(nil, use, func(in ssa.Instruction) bool { return false }) ||
		len(end.Block().Preds) == 1 && len(use.Block().Preds) == 1 && end.Block() != use.Block() &&
			!end.Block().Dominates(use.Block())
}

func usePos(in ssa.Instruction, v ssa.Value) token.Pos {
	if in.Pos().IsValid() {
		return in.Pos()
	}
	return v.Pos()
}

// takesMemory reports whether a call takes memory from a frame.
func (f *flow) takesMemory(in ssa.Instruction, v ssa.Value) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	switch fn := CalleeOf(&c.Call); OpOf(fn) {
	case OpAlloc, OpRetain, OpSub, OpFork, OpParallel:
		return c.Call.Args[0] == v
	case OpUse:
		return c.Call.Args[1] == v
	case OpNone:
		s, args, _ := f.calleeSummary(&c.Call)
		if s == nil {
			return false
		}
		for _, p := range slices.Concat(s.Takes, s.Lends) {
			if p.Path == "" && p.Param < len(args) && args[p.Param] == v {
				return true
			}
		}
	}
	return false
}

// looksAt lists the operands whose memory an instruction reads or writes.
func (f *flow) looksAt(in ssa.Instruction) []ssa.Value {
	isString := func(v ssa.Value) bool {
		b, ok := v.Type().Underlying().(*types.Basic)
		return ok && b.Info()&types.IsString != 0
	}
	switch in := in.(type) {
	case *ssa.UnOp:
		if in.Op == token.MUL {
			return []ssa.Value{in.X}
		}
	case *ssa.Store:
		vals := []ssa.Value{in.Addr}
		if ia, ok := in.Addr.(*ssa.IndexAddr); ok {
			if a, ok := ia.X.(*ssa.Alloc); ok && a.Comment == "varargs" {
				vals = append(vals, unwrap(in.Val))
			}
		}
		return vals
	case *ssa.Index:
		return []ssa.Value{in.X}
	case *ssa.Lookup:
		return []ssa.Value{in.X}
	case *ssa.Range:
		return []ssa.Value{in.X}
	case *ssa.BinOp:
		if isString(in.X) {
			return []ssa.Value{in.X, in.Y}
		}
	case *ssa.Convert:
		if copies(in.X.Type(), in.Type()) {
			return []ssa.Value{in.X}
		}
	case *ssa.Call:
		var vals []ssa.Value
		if b, ok := in.Call.Value.(*ssa.Builtin); ok {
			switch b.Name() {
			case "append", "copy", "clear":
				vals = append(vals, in.Call.Args...)
			}
			return vals
		}
		s, args, _ := f.calleeSummary(&in.Call)
		for i, a := range allArgs(&in.Call) {
			if s != nil && len(args) == len(in.Call.Args) && i < len(s.Uses) && !s.Uses[i] {
				continue
			}
			vals = append(vals, unwrap(a))
		}
		return vals
	}
	return nil
}

// unwrap returns the value inside of an interface that was made for a call.
func unwrap(v ssa.Value) ssa.Value {
	if mi, ok := v.(*ssa.MakeInterface); ok {
		return mi.X
	}
	return v
}

// deadAt reports whether the value v, as instruction use finds it, was made
// before the end k, and k happened since.
func (f *flow) deadAt(v ssa.Value, use ssa.Instruction, k kill, depth int) bool {
	if depth > 12 || !f.concerns(v, k) {
		return false
	}
	def, _ := v.(ssa.Instruction)
	if def != nil && def.Block() == nil {
		return false
	}
	redefined := func(in ssa.Instruction) bool { return def != nil && in == def }
	if f.path(def, k.instr, redefined) && f.path(k.instr, use, redefined) {
		return true
	}
	if def == nil {
		return false
	}
	depth++
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.IndexAddr:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.Slice:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.ChangeType:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.Convert:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.MakeInterface:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.TypeAssert:
		return f.deadAt(v.X, def, k, depth)
	case *ssa.Phi:
		for i, e := range v.Edges {
			pred := v.Block().Preds[i]
			if len(pred.Instrs) > 0 && e != v && f.deadAt(e, pred.Instrs[len(pred.Instrs)-1], k, depth) {
				return true
			}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.staleCell(v, k)
		}
	}
	return false
}

// concerns reports whether a value may point to what is gone with k.
func (f *flow) concerns(v ssa.Value, k kill) bool {
	for t := range f.of(v) {
		if k.gone(t.o) || t.o.Kind == Frame && k.ends(t.o.Handle) {
			return true
		}
	}
	return false
}

// staleCell reports whether a load finds a variable that was last written
// before the end.
func (f *flow) staleCell(load *ssa.UnOp, k kill) bool {
	where := f.access(load.X)
	if _, ok := load.X.(*ssa.Alloc); !ok && len(f.of(load.X)) == 0 {
		return false
	}
	var stores []*ssa.Store
	for _, b := range f.fn.Blocks {
		for _, in := range b.Instrs {
			if st, ok := in.(*ssa.Store); ok && f.access(st.Addr) == where && sameRoot(st.Addr, load.X) {
				stores = append(stores, st)
			}
		}
	}
	written := func(in ssa.Instruction) bool {
		st, ok := in.(*ssa.Store)
		return ok && f.access(st.Addr) == where
	}
	for _, st := range stores {
		if !f.concerns(st.Val, k) {
			continue
		}
		if f.path(st, k.instr, written) && f.path(k.instr, load, written) {
			return true
		}
	}
	return false
}

// sameRoot reports whether two addresses are in the same variable.
func sameRoot(a, b ssa.Value) bool {
	base := func(v ssa.Value) ssa.Value {
		for {
			switch x := v.(type) {
			case *ssa.FieldAddr:
				v = x.X
			case *ssa.IndexAddr:
				v = x.X
			default:
				return v
			}
		}
	}
	x, y := base(a), base(b)
	if x == y {
		return true
	}
	_, isAlloc := x.(*ssa.Alloc)
	return !isAlloc
}
