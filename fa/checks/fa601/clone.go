package fa601

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// cloneFix offers to store a copy on the heap: for strings, and for slices
// whose elements hold no pointers, where a copy is all that it takes.
func cloneFix(r *engine.Result, e *engine.Escape) []analysis.SuggestedFix {
	if e.Closure != nil || len(e.Steps) > 0 || e.Callee != nil {
		return nil
	}
	var value ast.Expr
	for _, n := range r.Enclosing(e.Pos) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if n.Lparen != e.Pos || !inTable(e) || len(n.Args) != 1 {
				continue
			}
			value = n.Args[0]
		case *ast.AssignStmt:
			if len(n.Lhs) == 1 && len(n.Rhs) == 1 && n.Tok == token.ASSIGN {
				value = n.Rhs[0]
			}
		case *ast.ReturnStmt:
			if len(n.Results) == 1 {
				value = n.Results[0]
			}
		case *ast.SendStmt:
			value = n.Value
		case *ast.BlockStmt, *ast.FuncDecl:
		default:
			continue
		}
		break
	}
	if value == nil {
		return nil
	}
	t := r.Pass.TypesInfo.TypeOf(value)
	var pkg string
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString == 0 {
			return nil
		}
		pkg = "strings"
	case *types.Slice:
		if b, ok := u.Elem().Underlying().(*types.Basic); !ok || b.Info()&types.IsNumeric == 0 && b.Kind() != types.Bool {
			return nil
		}
		pkg = "slices"
	default:
		return nil
	}
	if c, ok := ast.Unparen(value).(*ast.CallExpr); ok {
		if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "append" {
			return nil
		}
	}
	file := r.File(e.Pos)
	edits := []analysis.TextEdit{
		{Pos: value.Pos(), End: value.Pos(), NewText: []byte(pkg + ".Clone(")},
		{Pos: value.End(), End: value.End(), NewText: []byte(")")},
	}
	imp, ok := importEdit(r, file, pkg, value.Pos())
	if !ok {
		return nil
	}
	edits = append(imp, edits...)
	return []analysis.SuggestedFix{{Message: "store a copy on the heap with " + pkg + ".Clone", TextEdits: edits}}
}

// inTable reports whether an escape is a value that a table is given.
func inTable(e *engine.Escape) bool {
	call, ok := e.Instr.(*ssa.Call)
	return ok && engine.OpOf(engine.CalleeOf(&call.Call)) == engine.OpTableStore
}

// importEdit imports a package of the standard library, if the file does not
// yet. It fails if the name means something else there.
func importEdit(r *engine.Result, file *ast.File, path string, at token.Pos) ([]analysis.TextEdit, bool) {
	if scope := r.Pass.Pkg.Scope().Innermost(at); scope != nil {
		if _, obj := scope.LookupParent(path, at); obj != nil {
			pn, ok := obj.(*types.PkgName)
			return nil, ok && pn.Imported().Path() == path
		}
	}
	for _, g := range astutil.Imports(r.Pass.Fset, file) {
		for _, s := range g {
			if s.Path.Value == `"`+path+`"` {
				return nil, false // under another name
			}
		}
	}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			continue
		}
		if !g.Lparen.IsValid() {
			return []analysis.TextEdit{{Pos: g.Pos(), End: g.Pos(), NewText: []byte("import \"" + path + "\"\n\n")}}, true
		}
		for _, s := range g.Specs {
			if is := s.(*ast.ImportSpec); is.Path.Value > `"`+path+`"` {
				if is.Path.Value[1:4] == "git" || is.Doc != nil {
					break
				}
				return []analysis.TextEdit{{Pos: is.Pos(), End: is.Pos(), NewText: []byte("\"" + path + "\"\n\t")}}, true
			}
		}
		return []analysis.TextEdit{{Pos: g.Lparen + 1, End: g.Lparen + 1, NewText: []byte("\n\t\"" + path + "\"")}}, true
	}
	return nil, false
}
