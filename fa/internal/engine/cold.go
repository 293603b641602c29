package engine

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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

// panics reports whether a place is in the argument of a panic.
func (r *Result) panics(pos token.Pos) bool {
	for _, n := range r.Enclosing(pos) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "panic" {
				return true
			}
		case ast.Stmt:
			return false
		}
	}
	return false
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
