package driver

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// around returns the range of what a person would point at for a position: the
// innermost call, simple statement or declared name that it lies in. A range
// that begins on another line is not taken, as it would lead away from the
// position.
func (c *Converter) around(pos token.Pos) (start, end token.Pos) {
	for _, f := range c.Syntax {
		if pos < f.FileStart || pos > f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, pos, pos)
		for _, n := range path {
			if pointable(n) && c.Fset.Position(n.Pos()).Line == c.Fset.Position(pos).Line {
				return n.Pos(), n.End()
			}
		}
	}
	return pos, pos
}

func pointable(n ast.Node) bool {
	switch n.(type) {
	case *ast.CallExpr, *ast.AssignStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt,
		*ast.KeyValueExpr, *ast.CompositeLit, *ast.FuncLit, *ast.Field, *ast.ValueSpec, *ast.RangeStmt, *ast.FuncDecl:
		return true
	}
	return false
}
