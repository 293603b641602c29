// Package fa603 finds frames whose begin and end do not match.
package fa603

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA603.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA603, run) }

func run(r *engine.Result, rep *check.Reporter) {
	for _, x := range r.Faults {
		switch x.Kind {
		case engine.NotEnded:
			rep.Report(engine.Finding{
				Likely:  x.Likely,
				Pos:     x.Pos,
				Message: engine.Source(x.Fn) + " is left here with its frame still active",
				Way: []engine.Step{
					{Pos: x.Begin.Instr.Pos(), Text: "the frame begins here"},
					{Pos: x.Pos, Text: "and is not ended on the way to here"},
				},
				Fixes: deferFix(r, x),
			})
		case engine.BegunTwice:
			rep.Report(engine.Finding{
				Likely:  x.Likely,
				Pos:     x.Pos,
				Message: "a frame begins here while the one before may still be active",
				Way: []engine.Step{
					{Pos: x.Begin.Instr.Pos(), Text: "the frame before begins here, and is not ended on the way"},
					{Pos: x.Pos, Text: "the next one begins here"},
				},
			})
		case engine.EndedTwice:
			rep.Report(engine.Finding{
				Likely:  x.Likely,
				Pos:     x.Pos,
				Message: "the frame is ended a second time",
				Way: []engine.Step{
					{Pos: x.End.Instr.Pos(), Text: "ended here first"},
					{Pos: x.Pos, Text: "and ended again here"},
				},
			})
		}
	}
	for _, u := range r.Uses {
		if u.Frame {
			rep.Report(engine.Finding{
				Pos:     u.Pos,
				Message: "allocation outside of a frame: " + u.What + " has ended it",
				Likely:  u.Likely,
				Way: []engine.Step{
					{Pos: u.Object.Pos, Text: "the frame begins here"},
					{Pos: u.End.Pos(), Text: "and ends here"},
					{Pos: u.Pos, Text: "allocated here"},
				},
			})
		}
	}
}

// deferFix offers to defer the end right behind the begin, in place of the one
// end at the end of the function.
func deferFix(r *engine.Result, x engine.Fault) []analysis.SuggestedFix {
	if len(x.Ends) != 1 || x.Ends[0].Deferred || x.Ends[0].Callee != "" || x.Ends[0].Take || x.Begin.Callee != "" {
		return nil
	}
	begin, block := statement(r, x.Begin.Instr.Pos())
	end, endBlock := statement(r, x.Ends[0].Instr.Pos())
	if begin == nil || end == nil || block == nil || block != endBlock {
		return nil
	}
	path := r.Enclosing(block.Pos() + 1)
	for _, n := range path {
		if n == block {
			continue
		}
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
		default:
			return nil // in a loop or a branch a deferred end comes too late
		}
		break
	}
	// Behind the end there may be only a return that does not look at the frame's time.
	after := false
	for _, s := range block.List {
		if after {
			ret, ok := s.(*ast.ReturnStmt)
			if !ok || hasCalls(ret) {
				return nil
			}
		}
		after = after || s == end
	}
	es, ok := end.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call := r.Text(es.X)
	if call == "" {
		return nil
	}
	tf := r.Pass.Fset.File(begin.Pos())
	indent := strings.Repeat("\t", r.Pass.Fset.Position(begin.Pos()).Column-1)
	line := tf.Line(end.Pos())
	from, to := tf.LineStart(line), token.NoPos
	if line < tf.LineCount() {
		to = tf.LineStart(line + 1)
	} else {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message: "end the frame with a defer, which every way out passes",
		TextEdits: []analysis.TextEdit{
			{Pos: begin.End(), End: begin.End(), NewText: []byte("\n" + indent + "defer " + call)},
			{Pos: from, End: to},
		},
	}}
}

func hasCalls(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		_, call := n.(*ast.CallExpr)
		found = found || call
		return !found
	})
	return found
}

// statement returns the statement around a place, and the block it is in.
func statement(r *engine.Result, pos token.Pos) (ast.Stmt, *ast.BlockStmt) {
	path := r.Enclosing(pos)
	for i, n := range path {
		if b, ok := n.(*ast.BlockStmt); ok && i > 0 {
			s, _ := path[i-1].(ast.Stmt)
			return s, b
		}
	}
	return nil, nil
}
