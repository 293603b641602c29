package engine

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Garbage is a heap allocation in code that has a frame at hand, of something
// that does not leave the function.
type Garbage struct {
	Pos   token.Pos
	What  string // "make", "append", "fmt.Sprintf"
	Form  string // what to write instead
	Frame string // the variable that holds the frame; "" if it has no name
	Make  *ast.CallExpr
}

// HeapInFrame finds them.
func (r *Result) HeapInFrame() []Garbage {
	var list []Garbage
	for _, fn := range r.Functions {
		f := r.eng.flows[fn]
		hot, name := r.hot(f)
		if hot == nil {
			continue
		}
		for _, b := range fn.Blocks {
			if cold(b) {
				continue
			}
			for _, in := range b.Instrs {
				g, ok := f.garbage(in)
				if !ok || !hot(in) {
					continue
				}
				g.Frame = name
				if _, isMap := in.(*ssa.MakeMap); isMap && r.isLiteral(g.Pos) {
					continue // a table of a known size
				}
				if g.What == "make" {
					g.Make = r.CallAt(g.Pos)
				}
				list = append(list, g)
			}
		}
	}
	return list
}

// hot returns a test for instructions that run inside of a frame, and the name
// of the frame in the function.
func (r *Result) hot(f *flow) (func(ssa.Instruction) bool, string) {
	always := func(ssa.Instruction) bool { return true }
	if i := frameParam(f.fn); i >= 0 {
		name := f.fn.Params[i].Name()
		if name == "_" {
			name = ""
		}
		return always, name
	}
	var begins []Mark
	for _, m := range f.marks() {
		if m.Begin && !m.Deferred {
			begins = append(begins, m)
		}
	}
	if len(begins) == 0 {
		return nil, ""
	}
	return func(in ssa.Instruction) bool {
		for _, m := range begins {
			ended := func(x ssa.Instruction) bool {
				for _, e := range f.marks() {
					if !e.Begin && !e.Deferred && e.Owner == m.Owner && e.Instr == x {
						return true
					}
				}
				return false
			}
			if precedes(m.Instr, in) && f.path(m.Instr, in, ended) && f.endsOwner(m.Owner) {
				return true
			}
		}
		return false
	}, ""
}

func (f *flow) garbage(in ssa.Instruction) (Garbage, bool) {
	v, ok := in.(ssa.Value)
	if !ok {
		return Garbage{}, false
	}
	switch in := in.(type) {
	case *ssa.MakeSlice:
		_, l := in.Len.(*ssa.Const)
		_, c := in.Cap.(*ssa.Const)
		if l && c || f.leaves(v) {
			return Garbage{}, false
		}
		return Garbage{Pos: in.Pos(), What: "make", Form: "framealloc.Slice or SliceCap"}, true
	case *ssa.MakeMap:
		if f.leaves(v) {
			return Garbage{}, false
		}
		return Garbage{Pos: in.Pos(), What: "make of a map", Form: "framealloc.NewMap"}, true
	case *ssa.Call:
		if b, ok := in.Call.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" || !f.path(in, in, nil) || f.leaves(v) || !f.startsEmpty(in.Call.Args[0], 0) {
				return Garbage{}, false
			}
			return Garbage{Pos: in.Pos(), What: "append to a slice that starts empty", Form: "framealloc.SliceCap, Append or NewVec"}, true
		}
		fn := CalleeOf(&in.Call)
		switch name := fullName(fn); name {
		case "fmt.Sprintf", "fmt.Sprint", "fmt.Sprintln":
			if f.leaves(v) || f.panics(v) {
				return Garbage{}, false
			}
			return Garbage{Pos: in.Pos(), What: name, Form: "framealloc.Sprintf or NewText"}, true
		}
	}
	return Garbage{}, false
}

// leaves reports whether what a value points to is seen outside of the function.
func (f *flow) leaves(v ssa.Value) bool {
	ts := f.of(v)
	if len(ts) == 0 {
		return true
	}
	for t := range ts {
		if f.left[t.o] || t.o.collapsed() && t.o.Instr == nil && t.o.Kind != Unknown {
			return true
		}
	}
	return false
}

// startsEmpty reports whether a slice variable begins as nil, so that append
// grows it on the heap again and again.
func (f *flow) startsEmpty(v ssa.Value, depth int) bool {
	if depth > 6 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Phi:
		empty := false
		for _, e := range v.Edges {
			if c, ok := e.(*ssa.Call); ok {
				if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
					continue
				}
			}
			if e == v {
				continue
			}
			if _, ok := e.(*ssa.Phi); ok && depth > 0 {
				continue
			}
			if !f.startsEmpty(e, depth+1) {
				return false
			}
			empty = true
		}
		return empty
	}
	return false
}

// panics reports whether a value is only made to panic with it.
func (f *flow) panics(v ssa.Value) bool {
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	last := in.Block().Instrs[len(in.Block().Instrs)-1]
	_, isPanic := last.(*ssa.Panic)
	return isPanic
}

// cold reports whether a block belongs to the handling of an error.
func cold(b *ssa.BasicBlock) bool {
	for d := b; d != nil; d = d.Idom() {
		p := d.Idom()
		if p == nil || len(d.Preds) != 1 {
			continue
		}
		i, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cond, ok := i.Cond.(*ssa.BinOp)
		if !ok || !isError(cond.X.Type()) {
			continue
		}
		if cond.Op == token.NEQ && p.Succs[0] == d || cond.Op == token.EQL && p.Succs[1] == d {
			return true
		}
	}
	return false
}

func isError(t types.Type) bool {
	n := namedOf(t)
	return n != nil && n.Obj().Pkg() == nil && n.Obj().Name() == "error"
}

// isLiteral reports whether a place is in a composite literal.
func (r *Result) isLiteral(pos token.Pos) bool {
	for _, n := range r.Enclosing(pos) {
		switch n.(type) {
		case *ast.CompositeLit:
			return true
		case ast.Stmt:
			return false
		}
	}
	return false
}
