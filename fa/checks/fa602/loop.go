package fa602

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/fa/internal/engine"
	"github.com/framealloc/framealloc/fa/settings"
)

// batchable are the functions of which one call can stand for many.
var batchable = map[string]bool{
	"New": true, "NewValue": true, "Slice": true, "SliceCap": true, "SliceUninit": true, "Bytes": true,
	"NewVec": true, "NewBuffer": true, "NewText": true, "NewMap": true, "NewSet": true,
}

// hot reports whether loops around an allocation run often: known to, or
// nested with at least one of unknown length.
func hot(r *engine.Result, loops []ast.Stmt) bool {
	turns, unknown := int64(1), 0
	for _, l := range loops {
		if n, ok := r.Turns(l); ok {
			turns *= max(n, 1)
		} else {
			unknown++
		}
	}
	return turns >= int64(settings.Current().LoopTurns) || unknown >= 1 && len(loops) >= 2
}

// conditional reports whether a place in a loop is not reached in each turn.
func conditional(r *engine.Result, pos token.Pos, loop ast.Stmt) bool {
	for _, n := range r.Enclosing(pos) {
		switch n.(type) {
		case *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return true
		}
		if n == loop {
			return false
		}
	}
	return false
}

// invariant reports whether the sizes that a call asks for do not change
// within a loop.
func invariant(r *engine.Result, call *ast.CallExpr, loop ast.Stmt) bool {
	if len(call.Args) < 2 {
		return true
	}
	if fn, ok := call.Fun.(*ast.SelectorExpr); ok && fn.Sel.Name == "NewValue" {
		return true
	}
	changed := false
	for _, a := range call.Args[1:] {
		ast.Inspect(a, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				id, ok := n.Fun.(*ast.Ident)
				if tv := r.Pass.TypesInfo.Types[n.Fun]; !tv.IsType() && (!ok || id.Name != "len" && id.Name != "cap") {
					changed = true
				}
			case *ast.IndexExpr, *ast.StarExpr:
				changed = true
			case *ast.Ident:
				v, ok := r.Pass.TypesInfo.Uses[n].(*types.Var)
				if ok && (loop.Pos() <= v.Pos() && v.Pos() <= loop.End() || assignedIn(r, loop, v)) {
					changed = true
				}
			}
			return true
		})
	}
	return !changed
}

func assignedIn(r *engine.Result, loop ast.Stmt, v *types.Var) bool {
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		note := func(e ast.Expr) {
			if id, ok := ast.Unparen(e).(*ast.Ident); ok && r.Pass.TypesInfo.Uses[id] == v {
				found = true
			}
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				note(l)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
	return found
}

// hoist moves the allocation of a slice that each turn needs only for itself
// before the loop, and clears it where it was allocated.
func hoist(r *engine.Result, call *ast.CallExpr, a engine.Allocation, loop ast.Stmt) []analysis.SuggestedFix {
	if a.Name != "Slice" && a.Name != "Bytes" {
		return nil
	}
	var assign *ast.AssignStmt
	for _, n := range r.Enclosing(a.Pos) {
		if s, ok := n.(*ast.AssignStmt); ok {
			assign = s
			break
		}
	}
	if assign == nil || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || assign.Rhs[0] != call {
		return nil
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	obj, ok := r.Pass.TypesInfo.Defs[id].(*types.Var)
	if !ok || assignedIn(r, loop, obj) || usedOutside(r, loop, id.Name) {
		return nil
	}
	// The frame has to be there before the loop, too.
	for _, arg := range call.Args {
		outside := true
		ast.Inspect(arg, func(n ast.Node) bool {
			if x, ok := n.(*ast.Ident); ok {
				if v, ok := r.Pass.TypesInfo.Uses[x].(*types.Var); ok && loop.Pos() <= v.Pos() && v.Pos() <= loop.End() {
					outside = false
				}
			}
			return true
		})
		if !outside {
			return nil
		}
	}
	for _, n := range r.Enclosing(loop.Pos()) {
		if _, ok := n.(*ast.LabeledStmt); ok {
			return nil
		}
	}
	indent := strings.Repeat("\t", r.Pass.Fset.Position(loop.Pos()).Column-1)
	edits := []analysis.TextEdit{{Pos: loop.Pos(), End: loop.Pos(), NewText: []byte(r.Text(assign) + "\n" + indent)}}
	edits = append(edits, analysis.TextEdit{Pos: assign.Pos(), End: assign.End(), NewText: []byte("clear(" + id.Name + ")")})
	return []analysis.SuggestedFix{{Message: "allocate once before the loop, and clear it in each turn", TextEdits: edits}}
}

// usedOutside reports whether the name means something else around the loop.
func usedOutside(r *engine.Result, loop ast.Stmt, name string) bool {
	scope := r.Pass.Pkg.Scope().Innermost(loop.Pos())
	if scope == nil {
		return true
	}
	for s := scope; s != nil && s != types.Universe; s = s.Parent() {
		if s.Lookup(name) != nil {
			return true
		}
	}
	return false
}
