package fa607

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/engine"
)

// sliceFix turns make([]T, n) into framealloc.Slice[T](f, n): what is reported
// does not leave the function, so frame memory lives long enough.
func sliceFix(r *engine.Result, g engine.Garbage) []analysis.SuggestedFix {
	c := g.Make
	if c == nil || g.Frame == "" || len(c.Args) < 2 {
		return nil
	}
	fun, ok := c.Fun.(*ast.Ident)
	if !ok || fun.Name != "make" {
		return nil
	}
	t, ok := c.Args[0].(*ast.ArrayType)
	if !ok || t.Len != nil {
		return nil
	}
	scope := r.Pass.Pkg.Scope().Innermost(c.Pos())
	if scope == nil {
		return nil
	}
	if _, obj := scope.LookupParent(g.Frame, c.Pos()); obj == nil || !engine.IsFrame(obj.Type()) {
		return nil // another variable hides the frame
	}
	lib := libraryName(r, scope, c)
	if lib == "" {
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
	return []analysis.SuggestedFix{{
		Message: "take the slice from the frame",
		TextEdits: []analysis.TextEdit{
			{Pos: c.Pos(), End: c.Args[1].Pos(), NewText: []byte(lib + name + r.Text(t.Elt) + "](" + g.Frame + ", ")},
		},
	}}
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
