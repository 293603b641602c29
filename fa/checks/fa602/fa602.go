// Package fa602 finds allocations in hot loops that one allocation before the loop would replace.
package fa602

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/framealloc/framealloc/diag"

	"github.com/framealloc/framealloc/fa/internal/check"
	"github.com/framealloc/framealloc/fa/internal/engine"
)

// Analyzer reports FA602.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer { return check.New(diag.FA602, run, "loop-turns") }

func run(r *engine.Result, rep *check.Reporter) {
	for _, a := range r.Allocations() {
		if !batchable[a.Name] {
			continue
		}
		loops := r.Loops(a.Pos)
		if len(loops) == 0 || !hot(r, loops) || conditional(r, a.Pos, loops[0]) || slices.ContainsFunc(loops, func(l ast.Stmt) bool { return engine.BeginsIn(a.Handle, l) }) {
			continue
		}
		call := r.CallAt(a.Pos)
		if call == nil || !invariant(r, call, loops[0]) {
			continue
		}
		f := engine.Finding{
			Pos:     a.Pos,
			Message: a.Name + " allocates in each turn of a hot loop: one allocation before the loop would do",
			Way:     []engine.Step{{Pos: loops[len(loops)-1].Pos(), Text: "the loop begins here"}, {Pos: a.Pos, Text: "and allocates here, in each turn"}},
		}
		if r.TurnOnly(a) {
			f.Fixes = hoist(r, call, a, loops[0])
		}
		rep.Report(f)
	}
}
