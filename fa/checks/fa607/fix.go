package fa607

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// fixes takes what is reported from the frame. It does not leave the function,
// so frame memory lives long enough.
func fixes(r *engine.Result, g engine.Garbage) []analysis.SuggestedFix {
	if g.Expr == nil || g.Frame == "" {
		return nil
	}
	scope := r.Pass.Pkg.Scope().Innermost(g.Expr.Pos())
	if scope == nil {
		return nil
	}
	if _, obj := scope.LookupParent(g.Frame, g.Expr.Pos()); obj == nil || !engine.IsFrame(obj.Type()) {
		return nil // another variable hides the frame
	}
	lib := libraryName(r, scope, g.Expr)
	if lib == "" {
		return nil
	}
	switch e := g.Expr.(type) {
	case *ast.CallExpr:
		switch fun, _ := e.Fun.(*ast.Ident); {
		case fun == nil:
		case fun.Name == "make":
			return sliceFix(r, g, e, lib)
		case fun.Name == "new":
			return newFix(r, g, e, lib)
		}
	case *ast.UnaryExpr:
		return literalFix(r, g, e, lib)
	}
	return nil
}

func fix(what string, edits ...analysis.TextEdit) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{Message: "take the " + what + " from the frame", TextEdits: edits}}
}

// sliceFix turns make([]T, n) into framealloc.Slice[T](f, n).
func sliceFix(r *engine.Result, g engine.Garbage, c *ast.CallExpr, lib string) []analysis.SuggestedFix {
	if len(c.Args) < 2 {
		return nil
	}
	t, ok := c.Args[0].(*ast.ArrayType)
	if !ok || t.Len != nil {
		return nil
	}
	for _, a := range c.Args[1:] {
		if b, ok := r.Pass.TypesInfo.TypeOf(a).Underlying().(*types.Basic); !ok || b.Kind() != types.Int && b.Kind() != types.UntypedInt {
			return nil
		}
	}
	name := ".Slice["
	if len(c.Args) == 3 {
		name = ".SliceCap["
	}
	return fix("slice", analysis.TextEdit{
		Pos: c.Pos(), End: c.Args[1].Pos(), NewText: []byte(lib + name + r.Text(t.Elt) + "](" + g.Frame + ", "),
	})
}

// newFix turns new(T) into framealloc.New[T](f), and new(v) into
// framealloc.NewValue(f, v).
func newFix(r *engine.Result, g engine.Garbage, c *ast.CallExpr, lib string) []analysis.SuggestedFix {
	if len(c.Args) != 1 {
		return nil
	}
	tv := r.Pass.TypesInfo.Types[c.Args[0]]
	switch {
	case tv.IsType():
		return fix("object", analysis.TextEdit{
			Pos: c.Pos(), End: c.End(), NewText: []byte(lib + ".New[" + r.Text(c.Args[0]) + "](" + g.Frame + ")"),
		})
	case tv.Value == nil: // a constant would have to keep its type
		return fix("object", analysis.TextEdit{
			Pos: c.Pos(), End: c.Args[0].Pos(), NewText: []byte(lib + ".NewValue(" + g.Frame + ", "),
		})
	}
	return nil
}

// literalFix turns &T{…} into framealloc.NewValue(f, T{…}), and &T{} into
// framealloc.New[T](f).
func literalFix(r *engine.Result, g engine.Garbage, u *ast.UnaryExpr, lib string) []analysis.SuggestedFix {
	c, ok := u.X.(*ast.CompositeLit)
	if !ok || c.Type == nil {
		return nil
	}
	if len(c.Elts) == 0 {
		return fix("object", analysis.TextEdit{
			Pos: u.Pos(), End: u.End(), NewText: []byte(lib + ".New[" + r.Text(c.Type) + "](" + g.Frame + ")"),
		})
	}
	return fix("object",
		analysis.TextEdit{Pos: u.Pos(), End: c.Pos(), NewText: []byte(lib + ".NewValue(" + g.Frame + ", ")},
		analysis.TextEdit{Pos: u.End(), End: u.End(), NewText: []byte(")")})
}

// libraryName returns the name under which the file imports the library.
func libraryName(r *engine.Result, scope *types.Scope, at ast.Node) string {
	for _, spec := range r.File(at.Pos()).Imports {
		if spec.Path.Value != `"`+engine.Library+`"` {
			continue
		}
		name := "framealloc"
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if _, obj := scope.LookupParent(name, at.Pos()); obj != nil {
			if _, ok := obj.(*types.PkgName); ok {
				return name
			}
		}
	}
	return ""
}
