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
	What  string   // "make", "append", "fmt.Sprintf"
	Form  string   // what to write instead
	Frame string   // the variable that holds the frame; "" if it has no name
	Expr  ast.Expr // what allocates, where it can be replaced: a call of make or new, a literal with &
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
				if !ok || !g.Pos.IsValid() || !hot(in) || r.panics(g.Pos) {
					continue
				}
				g.Frame = name
				if _, isMap := in.(*ssa.MakeMap); isMap && r.isLiteral(g.Pos) {
					continue // a table of a known size
				}
				g.Expr = r.allocates(g)
				list = append(list, g)
			}
		}
	}
	return list
}

// allocates returns the expression that makes g, if a frame form can stand in
// its place.
func (r *Result) allocates(g Garbage) ast.Expr {
	switch g.What {
	case "make", "new":
		if c := r.CallAt(g.Pos); c != nil {
			return c
		}
	case literal:
		for _, n := range r.Enclosing(g.Pos) {
			if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.AND {
				return u
			}
		}
	}
	return nil
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

const literal = "a composite literal whose address is kept"

func (f *flow) garbage(in ssa.Instruction) (Garbage, bool) {
	v, ok := in.(ssa.Value)
	if !ok {
		return Garbage{}, false
	}
	g := Garbage{Pos: in.Pos()}
	switch in := in.(type) {
	case *ssa.MakeSlice:
		_, l := in.Len.(*ssa.Const)
		_, c := in.Cap.(*ssa.Const)
		g.What, g.Form = "make", "framealloc.Slice or SliceCap"
		return g, !(l && c) && !f.leaves(v)
	case *ssa.MakeMap:
		g.What, g.Form = "make of a map", "framealloc.NewMap"
		return g, !f.leaves(v)
	case *ssa.Alloc:
		return f.newGarbage(in, g)
	case *ssa.MakeClosure:
		g.What, g.Form = "a function literal that is kept", "what it captures in memory from framealloc.New, and a function without captures,"
		g.Pos = in.Fn.Pos()
		if len(in.Bindings) == 0 || f.leaves(v) || in.Fn.(*ssa.Function).Synthetic != "" {
			return g, false
		}
		return g, f.fateOf(v).costs()
	case *ssa.MakeInterface:
		return f.boxGarbage(in, g)
	case *ssa.BinOp:
		g.What, g.Form = "joining strings", "framealloc.NewText"
		return g, isConcat(in) && !f.isConcatenated(in) && !f.leaves(v) && f.fateOf(v).costs()
	case *ssa.Convert:
		if !hasPointers(in.X.Type()) || !copies(in.X.Type(), in.Type()) || f.leaves(v) {
			return g, false
		}
		g.What, g.Form = "converting bytes to a string", "framealloc.NewText"
		if _, toSlice := in.Type().Underlying().(*types.Slice); toSlice {
			g.What, g.Form = "converting a string to a slice", "copying it to framealloc.Bytes or Slice"
		}
		return g, f.fateOf(v).costs()
	case *ssa.Call:
		if b, ok := in.Call.Value.(*ssa.Builtin); ok {
			g.What, g.Form = "append to a slice that starts empty", "framealloc.SliceCap, Append or NewVec"
			return g, b.Name() == "append" && f.path(in, in, nil) && !f.leaves(v) && f.startsEmpty(in.Call.Args[0], 0)
		}
		switch name := fullName(CalleeOf(&in.Call)); {
		case name == "fmt.Sprintf" || name == "fmt.Sprint" || name == "fmt.Sprintln":
			g.What, g.Form = name, "framealloc.Sprintf or NewText"
			return g, !f.leaves(v) && !f.panics(v)
		case prints[name]:
			g.What, g.Form = name+", which puts its arguments into interfaces,", "framealloc.NewText"
			return g, f.printsBoxed(in) && !f.panics(v)
		}
	}
	return g, false
}

// newGarbage looks at new, literals with & and variables whose address is kept.
func (f *flow) newGarbage(a *ssa.Alloc, g Garbage) (Garbage, bool) {
	limit := int64(64 << 10) // what the compiler keeps on the stack at most
	switch a.Comment {
	case "new":
		g.What, g.Form = "new", "framealloc.New"
	case "complit":
		g.What, g.Form = literal, "framealloc.NewValue"
	case "makeslice":
		g.What, g.Form = "make", "framealloc.Slice or SliceCap"
	case "slicelit":
		g.What, g.Form = "a slice literal that is kept", "framealloc.Slice or Append"
	case "varargs":
		return g, false
	default:
		if !token.IsIdentifier(a.Comment) || f.paramCell(a) {
			return g, false
		}
		g.What, g.Form = "the variable "+a.Comment+", whose address is kept,", "framealloc.New"
		limit = 128 << 10
	}
	elem := a.Type().Underlying().(*types.Pointer).Elem()
	if f.left[f.objects[a]] || f.leaves(a) || f.eng.size(elem) == 0 {
		return g, false
	}
	t := f.fateOf(a)
	return g, !t.away && (t.heap || f.eng.size(elem) > limit)
}

// paramCell reports whether a variable is a parameter or result that is
// addressed or captured.
func (f *flow) paramCell(a *ssa.Alloc) bool {
	for _, p := range f.fn.Params {
		if p.Name() == a.Comment && p.Pos() == a.Pos() {
			return true
		}
	}
	return false
}

// isConcatenated reports whether a joined string is only a part of a longer
// one: a + b + c is one allocation.
func (f *flow) isConcatenated(v *ssa.BinOp) bool {
	refs := *v.Referrers()
	if len(refs) != 1 {
		return false
	}
	b, ok := refs[0].(*ssa.BinOp)
	return ok && isConcat(b)
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
	case *ssa.Slice: // []T{} and make([]T, 0)
		a, ok := v.X.(*ssa.Alloc)
		if !ok || !literals[a.Comment] {
			return false
		}
		arr, ok := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
		return ok && arr.Len() == 0
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
