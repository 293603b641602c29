package engine

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/framealloc/framealloc/diag"
)

// Finding is what a check has to say.
type Finding struct {
	Pos     token.Pos
	End     token.Pos // optional: the statement around Pos otherwise
	Message string
	Way     []Step
	Fixes   []analysis.SuggestedFix
	Likely  bool // not proven: a warning where the code is an error
}

const (
	codesPage = "https://github.com/framealloc/framealloc/blob/main/docs/codes.md"
	likely    = "?certainty=likely"
)

// Report reports a finding of a code, unless a directive says to ignore it.
func (r *Result) Report(pass *analysis.Pass, code diag.Code, f Finding) {
	if !f.Pos.IsValid() || r.Ignores.Match(pass.Fset, f.Pos, string(code)) {
		return
	}
	d := analysis.Diagnostic{
		Pos: f.Pos, End: f.End, Category: string(code), Message: f.Message,
		URL: codesPage + "#" + strings.ToLower(string(code)), SuggestedFixes: f.Fixes,
	}
	if f.Likely {
		d.URL = codesPage + likely + "#" + strings.ToLower(string(code))
	}
	if !d.End.IsValid() {
		if n := r.Statement(f.Pos); n != nil && pass.Fset.Position(n.Pos()).Line == pass.Fset.Position(f.Pos).Line {
			d.Pos = n.Pos()
			if end := n.End(); pass.Fset.Position(end).Line == pass.Fset.Position(n.Pos()).Line {
				d.End = end
			}
		}
	}
	for _, s := range f.Way {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, Message: s.Text})
	}
	if len(d.Related) == 1 {
		d.Related = nil
	}
	pass.Report(d)
}

// IsLikely reports whether a diagnostic of a check is not proven.
func IsLikely(d analysis.Diagnostic) bool { return strings.Contains(d.URL, likely) }

// File returns the file that holds a place.
func (r *Result) File(pos token.Pos) *ast.File {
	for _, f := range r.Pass.Files {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return f
		}
	}
	return nil
}

// Enclosing returns the nodes around a place, the innermost first.
func (r *Result) Enclosing(pos token.Pos) []ast.Node {
	f := r.File(pos)
	if f == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f, pos, pos)
	return path
}

// Statement returns the simple statement around a place, or the call if the
// statement has blocks of its own.
func (r *Result) Statement(pos token.Pos) ast.Node {
	var call ast.Node
	for _, n := range r.Enclosing(pos) {
		switch n := n.(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.DeferStmt, *ast.IncDecStmt:
			if hasBody(n) && call != nil {
				return call
			}
			return n
		case *ast.GoStmt:
			return n
		case *ast.CallExpr:
			if call == nil && !hasBody(n) {
				call = n
			}
		case *ast.BlockStmt, *ast.FuncLit:
			return call
		}
	}
	return call
}

func hasBody(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			found = true
		}
		return !found
	})
	return found
}

// CallAt returns the call whose parenthesis or name is at a place: SSA calls
// know no more of their source.
func (r *Result) CallAt(pos token.Pos) *ast.CallExpr {
	for _, n := range r.Enclosing(pos) {
		if c, ok := n.(*ast.CallExpr); ok && (c.Lparen == pos || c.Pos() == pos) {
			return c
		}
	}
	for _, n := range r.Enclosing(pos) {
		if c, ok := n.(*ast.CallExpr); ok {
			return c
		}
	}
	return nil
}

// Text returns the source of a node.
func (r *Result) Text(n ast.Node) string {
	tf := r.Pass.Fset.File(n.Pos())
	if tf == nil {
		return ""
	}
	src, err := r.Pass.ReadFile(tf.Name())
	if err != nil {
		return ""
	}
	from, to := tf.Offset(n.Pos()), tf.Offset(n.End())
	if from > to || to > len(src) {
		return ""
	}
	return string(src[from:to])
}

// Source names a function in messages.
func Source(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal"
	}
	return fn.Name()
}
