package engine

import (
	"go/token"
	"path/filepath"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// export attaches the summaries to the functions that others can call.
func (e *Engine) export() {
	for obj, fn := range e.byObject {
		if s := e.sums[fn]; !s.trivial() {
			e.pass.ExportObjectFact(obj, s)
		}
	}
	for obj, s := range e.contracts {
		if e.byObject[obj] == nil {
			e.pass.ExportObjectFact(obj, s)
		}
	}
	own := new(PackageInfo)
	for _, fn := range e.fns {
		if !e.inTest(fn) { // what a test tries is no rule for the program
			e.budgets(fn, own)
		}
	}
	e.pass.ExportPackageFact(own)
}

// summaryOf returns the summary of a function, nil if there is none.
func (e *Engine) summaryOf(fn *ssa.Function) *Summary {
	if s, ok := e.sums[fn]; ok {
		return s
	}
	obj := funcObject(fn)
	if obj == nil {
		if o := fn.Origin(); o != nil {
			return e.sums[o]
		}
		return nil
	}
	if own := e.byObject[obj]; own != nil {
		return e.sums[own]
	}
	if obj.Pkg() == nil || obj.Pkg() == e.pass.Pkg {
		return nil
	}
	if s, ok := e.imported[obj]; ok {
		return s
	}
	s := new(Summary)
	if !e.pass.ImportObjectFact(obj, s) {
		s = nil
		if e.pass.ImportPackageFact(obj.Pkg(), new(PackageInfo)) {
			s = new(Summary) // analyzed, and nothing to say
			for range obj.Signature().Params().Len() + 1 {
				s.Uses = append(s.Uses, true)
			}
		}
	}
	e.imported[obj] = s
	return s
}

// known reports whether a function was analyzed, here or before.
func (e *Engine) known(fn *ssa.Function) bool { return e.summaryOf(fn) != nil }

// where names a place for callers in other packages.
func (e *Engine) where(pos token.Pos) string {
	p := e.pass.Fset.Position(pos)
	if !p.IsValid() {
		return ""
	}
	return filepath.Base(p.Filename) + ":" + strconv.Itoa(p.Line)
}
