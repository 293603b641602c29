package engine

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// leave notes objects that are reachable from outside of the function.
func (f *flow) leave(ts targets) {
	for t := range ts {
		if f.left[t.o] {
			continue
		}
		f.left[t.o] = true
		for _, cell := range t.o.cells {
			next := make(targets, len(cell))
			for c := range cell {
				next[c] = struct{}{}
			}
			f.leave(next)
		}
	}
}

// harmless reports whether a call keeps nothing, as far as is known: it was
// analyzed, or is of the standard library.
func (f *flow) harmless(c *ssa.CallCommon, fn *types.Func) bool {
	if fn != nil && fn.Pkg() != nil && !strings.Contains(strings.Split(fn.Pkg().Path(), "/")[0], ".") && f.eng.pass.Pkg != fn.Pkg() {
		return true
	}
	if s, _, _ := f.calleeSummary(c); s != nil {
		return true
	}
	return fn == nil && !c.IsInvoke() && len(f.of(c.Value)) > 0
}

// leaves reports whether what a value points to is seen outside of the function.
func (f *flow) leaves(v ssa.Value) bool {
	ts := f.of(v)
	if len(ts) == 0 {
		return true
	}
	for t := range ts {
		if f.left[t.o] || t.o.collapsed() && t.o.Instr == nil && t.o.Kind != Unknown {
			return true
		}
	}
	return false
}
