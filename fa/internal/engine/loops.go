package engine

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Allocation is a call that takes memory from a frame, itself or in what it calls.
type Allocation struct {
	Fn     *ssa.Function
	Instr  *ssa.Call
	Pos    token.Pos
	Name   string // of the library's function; "" if it is in what is called
	Handle *Handle
}

// Allocations lists the allocations of the package, in order.
func (r *Result) Allocations() []Allocation {
	var list []Allocation
	r.each(func(f *flow, in ssa.Instruction) {
		c, ok := in.(*ssa.Call)
		if !ok {
			return
		}
		fn := CalleeOf(&c.Call)
		switch OpOf(fn) {
		case OpAlloc, OpRetain:
			for _, h := range f.handlesOf(c.Call.Args[0]) {
				list = append(list, Allocation{f.fn, c, c.Pos(), fn.Name(), h})
				break
			}
		case OpNone:
			s, args, _ := f.calleeSummary(&c.Call)
			if s == nil {
				return
			}
			for _, p := range s.Takes {
				if p.Param < len(args) && args[p.Param] != nil {
					for _, h := range f.resolve(args[p.Param], p.Path) {
						list = append(list, Allocation{f.fn, c, c.Pos(), "", h})
						return
					}
				}
			}
		}
	})
	return list
}

// Loops returns the loops around a place within its function, the innermost first.
func (r *Result) Loops(pos token.Pos) []ast.Stmt {
	var loops []ast.Stmt
	path := r.Enclosing(pos)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return loops
		case *ast.ForStmt:
			if i > 0 && (path[i-1] == n.Body || path[i-1] == n.Post || path[i-1] == n.Cond) {
				loops = append(loops, n)
			}
		case *ast.RangeStmt:
			if i > 0 && path[i-1] == n.Body {
				loops = append(loops, n)
			}
		}
	}
	return loops
}

// Turns returns how often a loop runs, if that is a constant.
func (r *Result) Turns(loop ast.Stmt) (int64, bool) {
	num := func(e ast.Expr) (int64, bool) {
		tv := r.Pass.TypesInfo.Types[e]
		if tv.Value == nil {
			return 0, false
		}
		return constant.Int64Val(constant.ToInt(tv.Value))
	}
	switch l := loop.(type) {
	case *ast.RangeStmt:
		if n, ok := num(l.X); ok {
			return n, true
		}
		t := r.Pass.TypesInfo.TypeOf(l.X)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if a, ok := t.Underlying().(*types.Array); ok {
			return a.Len(), true
		}
		if c, ok := ast.Unparen(l.X).(*ast.CompositeLit); ok {
			return int64(len(c.Elts)), true
		}
	case *ast.ForStmt:
		b, ok := l.Cond.(*ast.BinaryExpr)
		if !ok {
			return 0, false
		}
		switch b.Op {
		case token.LSS, token.LEQ, token.NEQ:
			if n, ok := num(b.Y); ok {
				return n, true
			}
		}
	}
	return 0, false
}

// Unbounded reports whether nothing that can be seen bounds how often a loop
// runs, and says how it ends.
func (r *Result) Unbounded(loop ast.Stmt) (how string, unbounded bool) {
	switch l := loop.(type) {
	case *ast.RangeStmt:
		if _, ok := r.Pass.TypesInfo.TypeOf(l.X).Underlying().(*types.Chan); !ok {
			return "", false
		}
		return "as long as the channel delivers", !r.limits(l.Body)
	case *ast.ForStmt:
		if l.Cond == nil {
			return "until something inside of it ends it", !r.limits(l.Body)
		}
		if l.Post != nil || r.counts(l.Cond) {
			return "", false
		}
		return "as long as its condition holds", !r.limits(l.Body)
	}
	return "", false
}

// counts reports whether a condition compares numbers, or walks along a list.
func (r *Result) counts(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok {
			return true
		}
		switch b.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ, token.EQL:
			t := r.Pass.TypesInfo.TypeOf(b.X)
			if t == nil {
				break
			}
			switch u := t.Underlying().(type) {
			case *types.Basic:
				found = found || u.Info()&types.IsNumeric != 0
			case *types.Pointer:
				found = true
			}
		}
		return true
	})
	return found
}

// limits reports whether a loop's body ends it at some count, or gives memory
// back as it goes.
func (r *Result) limits(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			if r.counts(n.Cond) && leaves(n.Body) {
				found = true
			}
		case *ast.CommClause:
			if n.Comm == nil { // select with default
				for _, s := range n.Body {
					if leaves(&ast.BlockStmt{List: []ast.Stmt{s}}) {
						found = true
					}
				}
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				if fn, ok := r.Pass.TypesInfo.Uses[sel.Sel].(*types.Func); ok {
					switch OpOf(fn) {
					case OpBegin, OpEnd, OpEndTake, OpRollback:
						found = true
					}
				}
			}
		}
		return true
	})
	return found
}

// leaves reports whether a block ends the loop that it is in.
func leaves(b *ast.BlockStmt) bool {
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			if s.Tok == token.BREAK || s.Tok == token.GOTO {
				return true
			}
		}
	}
	return false
}

// TurnOnly reports whether the memory of an allocation is used by one turn of a
// loop alone: nothing keeps it, and no later turn sees it.
func (r *Result) TurnOnly(a Allocation) bool {
	f := r.eng.flows[a.Fn]
	for _, o := range f.sorted() {
		for _, cell := range o.cells {
			for t := range cell {
				if t.o.Instr == ssa.Instruction(a.Instr) {
					return false
				}
			}
		}
	}
	for t := range f.of(a.Instr) {
		if f.left[t.o] {
			return false
		}
	}
	for v, ts := range f.pts {
		if _, ok := v.(*ssa.Phi); ok {
			for t := range ts {
				if t.o.Instr == ssa.Instruction(a.Instr) {
					return false
				}
			}
		}
	}
	return true
}

// BeginsIn reports whether the frame of a handle begins inside of a node.
func BeginsIn(h *Handle, n ast.Node) bool {
	h = h.Region()
	return h.Call != nil && n.Pos() <= h.Call.Pos() && h.Call.Pos() <= n.End()
}
